import type { EChartsCoreOption } from 'echarts/core'
import type { ChartPoint } from '../chart-model.ts'
import type { ChartTokens } from '../chart-tokens.ts'

interface DailyShare {
  points: readonly ChartPoint[]
  /** The least that the axis shows, in per cent; a line may be cut, and the axis says so by its labels. */
  floor_percent: number
  target_percent: number | null
  target_label: string
}

/** A share by days: one accent line with its last value written at it, the target dashed, gaps left open. */
export function buildDailyShare(data: DailyShare, tokens: ChartTokens): EChartsCoreOption {
  const last = data.points.findLastIndex((point) => point.value !== null)
  const text = { color: tokens.ink_3, fontFamily: tokens.font, fontSize: 12 }
  return {
    animation: false,
    grid: { left: 40, right: 64, top: 16, bottom: 24 },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: tokens.surface,
      borderColor: tokens.grid,
      textStyle: { color: tokens.ink, fontFamily: tokens.font, fontSize: 13, fontWeight: 'normal' },
      axisPointer: { lineStyle: { color: tokens.context } },
      formatter: ([at]: readonly { dataIndex: number }[]) => {
        const point = at === undefined ? undefined : data.points[at.dataIndex]
        return point === undefined ? '' : `${point.label}: ${point.value_text}`
      },
    },
    xAxis: {
      type: 'category',
      data: data.points.map((point) => point.label),
      axisLine: { lineStyle: { color: tokens.context } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: data.floor_percent,
      max: 100,
      splitNumber: 4,
      axisLabel: text,
      splitLine: { lineStyle: { color: tokens.grid } },
    },
    series: [
      {
        type: 'line',
        data: data.points.map((point, index) => ({
          value: point.value,
          symbolSize: index === last ? 7 : 4,
          label: {
            show: index === last,
            formatter: point.value_text,
            position: 'right',
            color: tokens.fact,
            fontFamily: tokens.font,
            fontSize: 12,
            fontWeight: 600,
          },
        })),
        connectNulls: false,
        symbol: 'circle',
        lineStyle: { color: tokens.fact, width: 2 },
        itemStyle: { color: tokens.fact },
        ...(data.target_percent === null
          ? {}
          : {
              markLine: {
                silent: true,
                symbol: 'none',
                lineStyle: { color: tokens.target, type: [3, 2] },
                label: { ...text, color: tokens.ink_2, formatter: data.target_label, position: 'insideStartTop' },
                data: [{ yAxis: data.target_percent }],
              },
            }),
      },
    ],
  }
}
