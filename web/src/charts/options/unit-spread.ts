import type { EChartsCoreOption } from 'echarts/core'
import type { ChartPoint } from '../chart-model.ts'
import type { ChartTokens } from '../chart-tokens.ts'
import { textStyle, tooltipStyle } from './text-style.ts'

export interface SpreadPoint extends ChartPoint {
  /** How much stands behind the value: the area of its dot. */
  weight: number
}

interface UnitSpread {
  points: readonly SpreadPoint[]
  median_label: string
}

const LANES = [0, 1, -1, 2, -2, 3, -3]
/** Dots that are nearer than this, in per cent of the axis, stand in different lanes. */
const NEAR_PERCENT = 1.6

/** A lane for each value, so that equal values stand above each other and not on each other. Deterministic. */
export function assignLanes(values: readonly number[]): number[] {
  const lastInLane = new Map<number, number>()
  const order = values.map((value, index) => ({ value, index })).sort((left, right) => left.value - right.value)
  const lanes = new Array<number>(values.length).fill(0)
  for (const { value, index } of order) {
    const free = LANES.find((lane) => value - (lastInLane.get(lane) ?? Number.NEGATIVE_INFINITY) >= NEAR_PERCENT)
    const lane = free ?? LANES[index % LANES.length] ?? 0
    lanes[index] = lane
    lastInLane.set(lane, value)
  }
  return lanes
}

/** The value below which a part of the sorted values lies, between neighbours in proportion. Null of nothing. */
export function findQuantile(sorted: readonly number[], part: number): number | null {
  const place = (sorted.length - 1) * part
  const low = sorted[Math.floor(place)]
  const high = sorted[Math.ceil(place)]
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place))
}

/** Units along one axis by their value, the middle half as a band, the lowest and the highest named. */
export function buildUnitSpread(data: UnitSpread, tokens: ChartTokens): EChartsCoreOption {
  const known = data.points.flatMap((point, index) =>
    point.value === null ? [] : [{ ...point, value: point.value, index }],
  )
  const sorted = known.map((point) => point.value).sort((left, right) => left - right)
  const lanes = assignLanes(known.map((point) => point.value))
  const [low, median, high] = [0.25, 0.5, 0.75].map((part) => findQuantile(sorted, part) ?? 0)
  const text = textStyle(tokens)
  const largest = Math.max(1, ...known.map((point) => point.weight))
  const isNamed = (value: number): boolean => value === sorted[0] || value === sorted.at(-1)
  return {
    animation: false,
    grid: { left: 24, right: 64, top: 28, bottom: 26 },
    tooltip: {
      ...tooltipStyle(tokens),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const point = known[dataIndex]
        return point === undefined ? '' : `${point.label}: ${point.value_text}`
      },
    },
    xAxis: {
      type: 'value',
      min: Math.max(0, Math.floor(((sorted[0] ?? 0) - 4) / 10) * 10),
      max: 100,
      splitNumber: 4,
      axisLine: { show: true, lineStyle: { color: tokens.context } },
      axisLabel: { ...text, color: tokens.ink_3 },
      splitLine: { show: false },
    },
    yAxis: { type: 'value', min: -4, max: 4, show: false },
    series: [
      {
        type: 'scatter',
        data: known.map((point, index) => ({
          value: [point.value, lanes[index]],
          symbolSize: 7 + 14 * Math.sqrt(point.weight / largest),
          label: {
            show: isNamed(point.value) && sorted.indexOf(point.value) === sorted.lastIndexOf(point.value),
            // A name at an end of the axis runs inwards, so that the frame cannot cut it.
            align: point.value === sorted[0] ? 'left' : 'right',
          },
        })),
        itemStyle: { color: tokens.context, opacity: 1, borderColor: tokens.surface, borderWidth: 1 },
        label: {
          ...text,
          position: 'top',
          formatter: ({ dataIndex }: { dataIndex: number }) => known[dataIndex]?.label ?? '',
        },
        emphasis: { itemStyle: { color: tokens.fact } },
        markArea: {
          silent: true,
          itemStyle: { color: tokens.band, opacity: 0.6 },
          data: [[{ xAxis: low }, { xAxis: high }]],
        },
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: tokens.ink_3, type: 'solid' },
          label: { ...text, formatter: data.median_label, position: 'end' },
          data: [{ xAxis: median }],
        },
      },
    ],
  }
}
