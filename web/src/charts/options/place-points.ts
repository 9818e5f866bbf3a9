import type { EChartsCoreOption } from 'echarts/core'
import type { ChartTokens } from '../chart-tokens.ts'
import { keyOf, shapeOf, speaksOf, type PointGroup } from './grouped-points.ts'
import { textStyle, tooltipStyle } from './text-style.ts'

export interface PlacePoint {
  /** Degrees, WGS 84. */
  latitude: number
  longitude: number
  /** Key of its group. */
  group: string
  spoken: string
}
export interface PlaceGroup extends PointGroup {
  group: string
}
interface PlacePoints {
  points: readonly PlacePoint[]
  /** Drawn in this order: what matters last lies on top. */
  groups: readonly PlaceGroup[]
  /** Width by height of the drawing below the key. */
  aspect: number
  /** Height of the key; absent: one line. */
  key_px?: number
}

export interface PlaceEdges {
  west: number
  east: number
  south: number
  north: number
}

/** Of a key of one line. */
export const KEY_LINE_PX = 32
/** Around a lone point, so that it has some land around it. */
const LEAST_SPAN_DEGREES = 0.02
const MARGIN_SHARE = 0.04
const toRadians = (degrees: number): number => (degrees * Math.PI) / 180

/** Edges around all points with equal scales along and across: a degree of longitude is shorter by the latitude's cosine. */
export function findPlaceEdges(points: readonly PlacePoint[], aspect: number): PlaceEdges {
  const span = (values: readonly number[]): { middle: number; width: number } => {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return { middle: (low + high) / 2, width: Math.max(high - low, LEAST_SPAN_DEGREES) * (1 + 2 * MARGIN_SHARE) }
  }
  const [lat, lon] = [span(points.map(({ latitude }) => latitude)), span(points.map(({ longitude }) => longitude))]
  const shrink = Math.cos(toRadians(lat.middle))
  const height = Math.max(lat.width, (lon.width * shrink) / aspect)
  const width = (height * aspect) / shrink
  return {
    west: lon.middle - width / 2,
    east: lon.middle + width / 2,
    south: lat.middle - height / 2,
    north: lat.middle + height / 2,
  }
}

/** Places by their coordinates, north up; each group has a shape of its own and stands in the key. */
export function buildPlacePoints(
  { points, groups, aspect, key_px = KEY_LINE_PX }: PlacePoints,
  tokens: ChartTokens,
): EChartsCoreOption {
  const text = textStyle(tokens)
  const { west, east, south, north } = findPlaceEdges(points, aspect)
  const ofGroup = groups.map(({ group }) => points.filter((point) => point.group === group))
  const axis = { type: 'value', show: false }
  return {
    animation: false,
    grid: { left: 0, right: 0, top: key_px, bottom: 0, show: true, borderColor: tokens.context, borderWidth: 1 },
    legend: { ...keyOf(groups, text), top: 0 },
    tooltip: {
      ...tooltipStyle(tokens),
      trigger: 'item',
      formatter: speaksOf(ofGroup),
    },
    xAxis: { ...axis, min: west, max: east },
    yAxis: { ...axis, min: south, max: north },
    series: groups.map((group, index) => ({
      type: 'scatter',
      name: group.name,
      ...shapeOf(group, tokens),
      symbolSize: 7,
      data: (ofGroup[index] ?? []).map(({ longitude, latitude }) => [longitude, latitude]),
    })),
  }
}
