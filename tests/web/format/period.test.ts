import { describe, expect, it } from 'vitest'
import { formatPeriod, listQuartersBack, quarterOfDay } from '../../../web/src/format/period.ts'

describe('formatPeriod', () => {
  it.each([
    ['2026Q3', 'III кв. 2026 г.'],
    ['2026-10', 'октябрь 2026 г.'],
    ['2026', '2026 год'],
    ['2026-27SY', '2026/27 учебный год'],
    ['something', 'something'],
  ])('says %s in the words of practice', (code, text) => expect(formatPeriod(code, 'ru')).toBe(text))
})

describe('quarters', () => {
  it('finds the quarter of a day', () => {
    expect(quarterOfDay('2026-09-30')).toBe('2026Q3')
    expect(quarterOfDay('2026-10-01')).toBe('2026Q4')
  })
  it('counts back over the year', () =>
    expect(listQuartersBack('2026Q2', 4)).toEqual(['2026Q2', '2026Q1', '2025Q4', '2025Q3']))
})
