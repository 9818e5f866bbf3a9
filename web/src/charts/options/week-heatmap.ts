import type { EChartsCoreOption } from 'echarts/core'
import type { ChartTokens } from '../chart-tokens.ts'
import { textStyle, tooltipStyle } from './text-style.ts'

interface WeekHour {
  weekday: number
  local_hour: number
  mbps: number
  /** As a person hears it. */
  spoken: string
}
interface WeekHeatmap {
  hours: readonly WeekHour[]
  weekdays: readonly { weekday: number; label: string }[]
  writeMbps: (mbps: number) => string
}

const SHADES = ['seq_1', 'seq_2', 'seq_3', 'seq_4', 'seq_5'] as const
/** From this shade on ink is inverted. */
const FIRST_STRONG = 3

/** A difference smaller than this share of the fastest hour is no difference to look at. */
const LEAST_STEP_SHARE = 0.1

/** Equal steps from the slowest to the fastest hour, as many as there are differences to show; one when all are alike. */
export function listSteps(values: readonly number[]): { from: number; to: number }[] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const width = Math.max((high - low) / SHADES.length, high * LEAST_STEP_SHARE)
  const count = width > 0 ? Math.max(1, Math.ceil((high - low) / width)) : 1
  return Array.from({ length: count }, (_, index) => ({ from: low + index * width, to: low + (index + 1) * width }))
}

function stepOf(value: number, steps: readonly { from: number; to: number }[]): number {
  const found = steps.findIndex(({ to }) => value < to)
  return found === -1 ? steps.length - 1 : found
}

/** All hours from the first to the last that has tests: an hour without any is an empty column and no gap. */
export function listHours(hours: readonly WeekHour[]): number[] {
  const known = hours.map(({ local_hour }) => local_hour)
  const first = Math.min(...known)
  return Array.from({ length: Math.max(...known) - first + 1 }, (_, index) => first + index)
}

/** Hours of the week by their median, the week's first day on top. */
export function buildWeekHeatmap(data: WeekHeatmap, tokens: ChartTokens): EChartsCoreOption {
  const { hours, weekdays, writeMbps } = data
  const text = textStyle(tokens)
  const columns = listHours(hours)
  const steps = listSteps(hours.map(({ mbps }) => mbps))
  const axis = { type: 'category', axisLine: { show: false }, axisTick: { show: false }, splitArea: { show: false } }
  return {
    animation: false,
    grid: { left: 32, right: 8, top: 8, bottom: 26 },
    tooltip: {
      ...tooltipStyle(tokens),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => hours[dataIndex]?.spoken ?? '',
    },
    xAxis: { ...axis, data: columns.map(String), axisLabel: { ...text, color: tokens.ink_3, hideOverlap: true } },
    yAxis: {
      ...axis,
      inverse: true,
      data: weekdays.map(({ label }) => label),
      axisLabel: { ...text, color: tokens.ink_3 },
    },
    visualMap: {
      type: 'piecewise',
      show: false,
      dimension: 2,
      pieces: steps.map((_, index) => ({ value: index, color: tokens[SHADES[index] ?? 'seq_1'] })),
    },
    series: [
      {
        type: 'heatmap',
        data: hours.map((hour) => {
          const step = stepOf(hour.mbps, steps)
          const row = weekdays.findIndex(({ weekday }) => weekday === hour.weekday)
          return {
            value: [hour.local_hour - (columns[0] ?? 0), row, step],
            label: { color: step >= FIRST_STRONG ? tokens.ink_invert : tokens.ink },
          }
        }),
        itemStyle: { borderColor: tokens.surface, borderWidth: 1 },
        label: {
          ...text,
          show: true,
          fontSize: 11,
          formatter: ({ dataIndex }: { dataIndex: number }) => writeMbps(hours[dataIndex]?.mbps ?? 0),
        },
        emphasis: { itemStyle: { borderColor: tokens.ink, borderWidth: 2 } },
      },
    ],
  }
}
