import type { EChartsCoreOption } from 'echarts/core'
import type { ChartTokens } from '../chart-tokens.ts'
import { keyOf, shapeOf, speaksOf, type PointGroup } from './grouped-points.ts'
import { textStyle, tooltipStyle } from './text-style.ts'

export interface ContractPoint {
  contract_mbps: number
  measured_mbps: number
  /** Key of its group. */
  verdict: string
  spoken: string
}
export interface ContractGroup extends PointGroup {
  verdict: string
}
interface ContractScatter {
  points: readonly ContractPoint[]
  groups: readonly ContractGroup[]
  equal_label: string
  contract_label: string
  measured_label: string
  writeMbps: (mbps: number) => string
}

/** Below that a logarithmic axis has no place. */
const LEAST_MBPS = 0.1

/** Powers of two around all values, so that both axes are one and equality is the diagonal. */
export function findEdges(points: readonly ContractPoint[]): { min: number; max: number } {
  const values = points.flatMap((point) => [point.contract_mbps, Math.max(point.measured_mbps, LEAST_MBPS)])
  if (values.length === 0) return { min: 1, max: 2 }
  return {
    min: 2 ** Math.floor(Math.log2(Math.min(...values))),
    max: 2 ** Math.ceil(Math.log2(Math.max(...values) + LEAST_MBPS)),
  }
}

/** Contract along, measured upwards; each verdict has a shape of its own and stands in the key. */
export function buildContractScatter(data: ContractScatter, tokens: ChartTokens): EChartsCoreOption {
  const { points, groups, writeMbps } = data
  const text = textStyle(tokens)
  const { min, max } = findEdges(points)
  const ofGroup = groups.map(({ verdict }) => points.filter((point) => point.verdict === verdict))
  const axis = {
    type: 'log',
    logBase: 2,
    min,
    max,
    axisLine: { show: true, lineStyle: { color: tokens.context } },
    axisTick: { show: false },
    axisLabel: { ...text, color: tokens.ink_3, formatter: writeMbps, hideOverlap: true },
    splitLine: { show: false },
    nameTextStyle: { ...text, color: tokens.ink_3 },
  }
  return {
    animation: false,
    grid: { left: 48, right: 24, top: 84, bottom: 44 },
    legend: { ...keyOf(groups, text), top: 4 },
    tooltip: {
      ...tooltipStyle(tokens),
      trigger: 'item',
      formatter: speaksOf(ofGroup),
    },
    xAxis: { ...axis, name: data.contract_label, nameLocation: 'middle', nameGap: 28 },
    yAxis: { ...axis, name: data.measured_label, nameLocation: 'end', nameGap: 8 },
    series: [
      ...groups.map((group, index) => ({
        type: 'scatter',
        name: group.name,
        ...shapeOf(group, tokens),
        symbolSize: 9,
        data: (ofGroup[index] ?? []).map((point) => [point.contract_mbps, Math.max(point.measured_mbps, LEAST_MBPS)]),
      })),
      {
        type: 'line',
        data: [],
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: tokens.target, width: 1, type: 'solid' },
          label: { ...text, formatter: data.equal_label, position: 'insideEndBottom' },
          data: [[{ coord: [min, min] }, { coord: [max, max] }]],
        },
      },
    ],
  }
}
