import type { ChartTokens } from '../chart-tokens.ts'
import type { PointPlace } from '../chart-model.ts'
import type { textStyle } from './text-style.ts'

/** How the points of one group are drawn; each has a shape of its own, so that colour is never the only sign. */
export interface PointGroup {
  name: string
  symbol: string
  /** The group that the title speaks of. */
  isFact: boolean
}

/** Above the drawing, in the order of the groups. */
export function keyOf(groups: readonly PointGroup[], text: ReturnType<typeof textStyle>) {
  const data = groups.map(({ name }) => name)
  return { left: 0, selectedMode: false, itemWidth: 12, itemHeight: 10, textStyle: text, data }
}

/** What a tooltip says of the point that is pointed at. */
export function speaksOf(ofGroup: readonly (readonly { spoken: string }[])[]) {
  return ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }): string =>
    ofGroup[seriesIndex]?.[dataIndex]?.spoken ?? ''
}

/** Hollow shapes are drawn by their line: the library would fill them with white, whatever the theme. */
export function shapeOf({ symbol, isFact }: PointGroup, tokens: ChartTokens) {
  const color = isFact ? tokens.fact : tokens.context
  if (symbol !== 'emptyCircle')
    return { symbol, itemStyle: { color, opacity: 0.85, borderColor: tokens.surface, borderWidth: 1 } }
  return { symbol: 'circle', itemStyle: { color: tokens.surface, borderColor: color, borderWidth: 2 } }
}

/** Where each point stands in the picture, given the group of each, one series a group. */
export function placesOf(groups: readonly string[], order: readonly string[]): PointPlace[] {
  const seen = new Map<string, number>()
  return groups.map((group) => {
    const dataIndex = seen.get(group) ?? 0
    seen.set(group, dataIndex + 1)
    return { seriesIndex: order.indexOf(group), dataIndex }
  })
}
