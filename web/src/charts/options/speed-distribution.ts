import type { EChartsCoreOption } from 'echarts/core'
import type { ChartTokens } from '../chart-tokens.ts'
import { textStyle, tooltipStyle } from './text-style.ts'

export interface SpeedBar {
  from_mbps: number
  to_mbps: number
  tests: number
  /** As a person hears it. */
  spoken: string
}
export interface SpeedPanel {
  title: string
  /** Null: the kind of settlement has no norm. */
  norm_mbps: number | null
  norm_label: string
  bars: readonly SpeedBar[]
}
interface SpeedDistribution {
  panels: readonly SpeedPanel[]
  writeMbps: (mbps: number) => string
}

const PANEL_PX = 128
const TITLE_PX = 40
const FOOT_PX = 26
/** Below the slowest edge of a histogram the logarithm has no place. */
const LEAST_MBPS = 0.5

/** Height of the whole picture, px. */
export function distributionHeight(panels: number): number {
  return panels * PANEL_PX + FOOT_PX
}

/** Outline of the bars: up at each lower edge, down at the last upper one. */
export function outlineOf(bars: readonly SpeedBar[]): [mbps: number, tests: number][] {
  const steps = bars.map((bar): [number, number] => [Math.max(bar.from_mbps, LEAST_MBPS), bar.tests])
  const last = bars.at(-1)
  return last === undefined ? [] : [...steps, [last.to_mbps, 0]]
}

/** Histograms under each other on one logarithmic axis of speed, each with its own scale of tests and its norm. */
export function buildSpeedDistribution(data: SpeedDistribution, tokens: ChartTokens): EChartsCoreOption {
  const { panels, writeMbps } = data
  const text = textStyle(tokens)
  const edges = panels.flatMap(({ bars }) => bars.flatMap((bar) => [bar.from_mbps, bar.to_mbps]))
  const axis = {
    type: 'log',
    logBase: 2,
    min: Math.max(LEAST_MBPS, 2 ** Math.floor(Math.log2(Math.max(Math.min(...edges), LEAST_MBPS)))),
    max: 2 ** Math.ceil(Math.log2(Math.max(...edges, 1))),
    axisLine: { show: true, lineStyle: { color: tokens.context } },
    axisTick: { show: false },
    splitLine: { show: false },
  }
  return {
    animation: false,
    title: panels.map((panel, index) => ({
      text: panel.title,
      left: 0,
      top: index * PANEL_PX,
      padding: 4,
      textStyle: { ...text, overflow: 'break' },
    })),
    tooltip: {
      ...tooltipStyle(tokens),
      trigger: 'item',
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) =>
        panels[seriesIndex]?.bars[dataIndex]?.spoken ?? '',
    },
    grid: panels.map((_, index) => ({
      left: 8,
      right: 24,
      top: index * PANEL_PX + TITLE_PX,
      height: PANEL_PX - TITLE_PX - 8,
    })),
    xAxis: panels.map((_, index) => ({
      ...axis,
      gridIndex: index,
      axisLabel: {
        ...text,
        color: tokens.ink_3,
        show: index === panels.length - 1,
        hideOverlap: true,
        formatter: writeMbps,
      },
    })),
    yAxis: panels.map((_, index) => ({ type: 'value', gridIndex: index, show: false })),
    series: panels.map((panel, index) => ({
      type: 'line',
      step: 'end',
      xAxisIndex: index,
      yAxisIndex: index,
      data: outlineOf(panel.bars),
      symbolSize: 6,
      showSymbol: false,
      lineStyle: { color: tokens.context, width: 1 },
      itemStyle: { color: tokens.fact },
      areaStyle: { color: tokens.context, opacity: 0.35 },
      ...(panel.norm_mbps === null
        ? {}
        : {
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: tokens.target, type: 'dashed' },
              label: { ...text, formatter: panel.norm_label, position: 'insideEndTop', rotate: 0, align: 'right' },
              data: [{ xAxis: panel.norm_mbps }],
            },
          }),
    })),
  }
}
