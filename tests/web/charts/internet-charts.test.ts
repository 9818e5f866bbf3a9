import { describe, expect, it } from 'vitest'
import { buildContractScatter, findEdges } from '../../../web/src/charts/options/contract-scatter.ts'
import { buildPlacePoints, findPlaceEdges } from '../../../web/src/charts/options/place-points.ts'
import { buildSpeedDistribution, outlineOf } from '../../../web/src/charts/options/speed-distribution.ts'
import { buildWeekHeatmap, listHours, listSteps } from '../../../web/src/charts/options/week-heatmap.ts'
import { tokens } from './plain-tokens.ts'

const bar = (from_mbps: number, to_mbps: number, tests: number) => ({ from_mbps, to_mbps, tests, spoken: `${tests}` })
const hour = (weekday: number, local_hour: number, mbps: number) => ({ weekday, local_hour, mbps, spoken: '' })
const writeMbps = String

describe('outlineOf', () => {
  it('goes up at each lower edge and down to nothing at the last upper one', () =>
    expect(outlineOf([bar(50, 63, 4), bar(63, 79, 0), bar(79, 100, 2)])).toEqual([
      [50, 4],
      [63, 0],
      [79, 2],
      [100, 0],
    ]))
  it('begins where a logarithm has a place, and is empty of nothing', () => {
    expect(outlineOf([bar(0, 1, 3)])[0]).toEqual([0.5, 3])
    expect(outlineOf([])).toEqual([])
  })
})

describe('buildSpeedDistribution', () => {
  it('puts all kinds of settlement on one axis, and draws a norm only where there is one', () => {
    const panel = { title: '', norm_label: 'норма 100' }
    const option = buildSpeedDistribution(
      {
        writeMbps,
        panels: [
          { ...panel, norm_mbps: 100, bars: [bar(80, 100, 4)] },
          { ...panel, norm_mbps: null, bars: [bar(5, 8, 2)] },
        ],
      },
      tokens,
    ) as { xAxis: { min: number; max: number }[]; series: { markLine?: { data: object[] } }[] }
    expect(option.xAxis.map(({ min, max }) => [min, max])).toEqual([
      [4, 128],
      [4, 128],
    ])
    expect(option.series.map(({ markLine }) => markLine?.data)).toEqual([[{ xAxis: 100 }], undefined])
  })
})

describe('buildContractScatter', () => {
  const point = (contract_mbps: number, measured_mbps: number, verdict: string) => ({
    ...{ contract_mbps, measured_mbps, verdict, spoken: verdict },
  })
  const points = [point(100, 30, 'not_kept'), point(50, 60, 'kept'), point(50, 0, 'not_kept')]
  it('gives both axes the same edges, so that equal speeds lie on the diagonal', () => {
    expect(findEdges(points)).toEqual({ min: 0.0625, max: 128 })
    expect(findEdges([])).toEqual({ min: 1, max: 2 })
  })
  it('draws each verdict in a shape of its own, and a speed of zero at the axis', () => {
    const groups = [
      { verdict: 'not_kept', name: 'нет', symbol: 'rect', isFact: true },
      { verdict: 'kept', name: 'да', symbol: 'circle', isFact: false },
    ]
    const labels = { equal_label: '', contract_label: '', measured_label: '' }
    const { series } = buildContractScatter({ points, groups, ...labels, writeMbps }, tokens) as {
      series: { symbol: string; data: number[][] }[]
    }
    expect(series[0]).toMatchObject({
      symbol: 'rect',
      data: [
        [100, 30],
        [50, 0.1],
      ],
    })
    expect(series[1]).toMatchObject({ symbol: 'circle', data: [[50, 60]] })
  })
})

describe('buildWeekHeatmap', () => {
  it('leaves an hour without tests an empty column, and no gap in the day', () =>
    expect(listHours([hour(1, 8, 10), hour(2, 11, 20)])).toEqual([8, 9, 10, 11]))
  it('has one step when all hours are alike, five at most, and none that shows a small difference as a great one', () => {
    expect(listSteps([50, 50])).toHaveLength(1)
    expect(listSteps([0, 0])).toHaveLength(1)
    expect(listSteps([53, 55])).toHaveLength(1)
    expect(listSteps([80, 100]).map(({ to }) => to)).toEqual([90, 100])
    expect(listSteps([0, 100]).map(({ to }) => to)).toEqual([20, 40, 60, 80, 100])
  })
  it('places an hour by weekday and column, inverts the ink on strong shades alone', () => {
    const weekdays = [
      { weekday: 1, label: 'пн' },
      { weekday: 2, label: 'вт' },
    ]
    const hours = [hour(1, 8, 10), hour(2, 10, 90)]
    const { series } = buildWeekHeatmap({ hours, weekdays, writeMbps }, tokens) as {
      series: { data: { value: number[]; label: { color: string } }[] }[]
    }
    expect(series[0]?.data).toEqual([
      { value: [0, 0, 0], label: { color: tokens.ink } },
      { value: [2, 1, 4], label: { color: tokens.ink_invert } },
    ])
  })
})

describe('places by their coordinates', () => {
  const at = (latitude: number, longitude: number, group = 'meets') => ({
    latitude,
    longitude,
    group,
    spoken: `${latitude}`,
  })

  it('keeps one scale along and across, whatever the shape of the drawing', () => {
    for (const aspect of [0.8, 1, 3]) {
      const { west, east, south, north } = findPlaceEdges([at(60, 40), at(61, 50)], aspect)
      const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
      expect(((east - west) * shrink) / (north - south)).toBeCloseTo(aspect, 6)
      expect([west < 40, east > 50, south < 60, north > 61]).toEqual([true, true, true, true])
    }
  })
  it('gives a lone place some land around it', () => {
    const { west, east } = findPlaceEdges([at(51.5, 46)], 2)
    expect(east - west).toBeGreaterThan(0.02)
  })
  it('draws the groups in their order, the last on top, and speaks of the place that is pointed at', () => {
    const groups = [
      { group: 'meets', name: 'да', symbol: 'circle', isFact: false },
      { group: 'below', name: 'нет', symbol: 'rect', isFact: true },
    ]
    const points = [at(51, 46, 'below'), at(52, 47)]
    const { series, tooltip } = buildPlacePoints({ points, groups, aspect: 2 }, tokens) as unknown as {
      series: { name: string; data: number[][]; itemStyle: { color: string } }[]
      tooltip: { formatter: (item: object) => string }
    }
    expect(series.map(({ name, data, itemStyle }) => [name, data, itemStyle.color])).toEqual([
      ['да', [[47, 52]], tokens.context],
      ['нет', [[46, 51]], tokens.fact],
    ])
    expect(tooltip.formatter({ seriesIndex: 1, dataIndex: 0 })).toBe('51')
  })
})
