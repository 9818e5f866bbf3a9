import { describe, expect, it } from 'vitest'
import { writeChartCsv } from '../../../web/src/charts/chart-model.ts'
import { tokens } from './plain-tokens.ts'
import { assignLanes, buildUnitSpread, findQuantile } from '../../../web/src/charts/options/unit-spread.ts'

const points = [
  { label: 'Вольский', value: 64.7, value_text: '64,7 %', weight: 36 },
  { label: 'Саратов', value: 96.9, value_text: '96,9 %', weight: 128 },
  { label: 'Шиханы', value: null, value_text: 'мало данных', weight: 2 },
]
const data = { points, median_label: 'медиана 80,8 %' }

interface Scatter {
  data: { value: [number, number]; symbolSize: number }[]
}
const seriesOf = (option: object): Scatter => (option as { series: [Scatter] }).series[0]

describe('assignLanes', () => {
  it('keeps far values on the axis and stands near ones above and below it', () => {
    expect(assignLanes([10, 50, 90])).toEqual([0, 0, 0])
    expect(new Set(assignLanes([50, 50, 50])).size).toBe(3)
  })
})

describe('findQuantile', () => {
  it('lies between neighbours in proportion, and is null of nothing', () => {
    expect(findQuantile([1, 2, 3, 4], 0.5)).toBe(2.5)
    expect(findQuantile([7], 0.25)).toBe(7)
    expect(findQuantile([], 0.5)).toBeNull()
  })
})

describe('buildUnitSpread', () => {
  it('is pure', () => {
    const before = structuredClone(data)
    expect(JSON.stringify(buildUnitSpread(data, tokens))).toBe(JSON.stringify(buildUnitSpread(data, tokens)))
    expect(data).toEqual(before)
  })
  it('draws no dot for a withheld value, and the larger unit larger', () => {
    const [small, large, ...others] = seriesOf(buildUnitSpread(data, tokens)).data
    expect([small?.value[0], large?.value[0]]).toEqual([64.7, 96.9])
    expect(large?.symbolSize).toBeGreaterThan(small?.symbolSize ?? Number.POSITIVE_INFINITY)
    expect(others).toEqual([])
  })
})

describe('writeChartCsv', () => {
  it('writes a decimal comma, and an empty cell where a value is withheld', () =>
    expect(writeChartCsv({ summary: '', label_head: 'Район', value_head: '%', points, build: () => ({}) })).toBe(
      '\ufeffРайон;%\r\nВольский;64,7\r\nСаратов;96,9\r\nШиханы;\r\n',
    ))
})
