import { describe, expect, it } from 'vitest'
import { writeChartCsv } from '../../../web/src/charts/chart-model.ts'
import { buildDailyShare } from '../../../web/src/charts/options/daily-share.ts'

const tokens = {
  fact: '#24479b',
  context: '#858e9a',
  band: '#dfe3ea',
  target: '#1a1d21',
  grid: '#e6e8eb',
  ink: '#1a1d21',
  ink_2: '#454b54',
  ink_3: '#5f6670',
  surface: '#ffffff',
  page: '#f4f5f6',
  font: 'Golos Text',
}
const points = [
  { label: '12 окт.', value: 88.4, value_text: '88,4 %' },
  { label: '13 окт.', value: null, value_text: 'проверок не было' },
]
const data = { points, floor_percent: 80, target_percent: 95, target_label: 'план 95' }

interface Series {
  connectNulls: boolean
  data: { value: number | null; label: { show: boolean } }[]
  markLine?: object
}
const seriesOf = (option: object): Series => (option as { series: [Series] }).series[0]

describe('buildDailyShare', () => {
  it('is pure', () => {
    const before = structuredClone(data)
    expect(JSON.stringify(buildDailyShare(data, tokens))).toBe(JSON.stringify(buildDailyShare(data, tokens)))
    expect(data).toEqual(before)
  })
  it('leaves a gap where nothing was measured, and labels the last day that has a value', () => {
    const series = seriesOf(buildDailyShare(data, tokens))
    expect(series.connectNulls).toBe(false)
    expect(series.data.map((item) => item.value)).toEqual([88.4, null])
    expect(series.data.map((item) => item.label.show)).toEqual([true, false])
  })
  it('draws no target where there is none', () => {
    expect(seriesOf(buildDailyShare({ ...data, target_percent: null }, tokens)).markLine).toBeUndefined()
    expect(seriesOf(buildDailyShare(data, tokens)).markLine).not.toBeUndefined()
  })
})

describe('writeChartCsv', () => {
  it('writes what a Russian spreadsheet opens, an empty cell for nothing, and defuses formulas', () => {
    const model = {
      summary: '',
      label_head: 'День; дата',
      value_head: '%',
      points: [...points, { label: '=1+1', value: 0, value_text: '0' }],
      build: () => ({}),
    }
    expect(writeChartCsv(model)).toBe('\ufeff"День; дата";%\r\n12 окт.;88,4\r\n13 окт.;\r\n\'=1+1;0')
  })
})
