import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startOfLocalDay } from '../../../server/src/domain/local-day.ts'
import {
  daysBetween,
  formatPeriod,
  latestPeriodEndingBy,
  parsePeriod,
  PERIOD_KINDS,
  periodEdges,
  periodOf,
  shiftDay,
  shownPeriod,
} from '../../../server/src/domain/periods.ts'
import { ratioOfSums } from '../../../server/src/domain/ratio.ts'

const day = fc
  .date({ min: new Date('2001-01-01'), max: new Date('2098-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('parsePeriod', () => {
  it.each([
    ['2026-09', '2026-09-01', '2026-09-30', 'сентябрь 2026 г.'],
    ['2024-02', '2024-02-01', '2024-02-29', 'февраль 2024 г.'],
    ['2026Q3', '2026-07-01', '2026-09-30', 'III кв. 2026 г.'],
    ['2026Q4', '2026-10-01', '2026-12-31', 'IV кв. 2026 г.'],
    ['2026', '2026-01-01', '2026-12-31', '2026 г.'],
    ['2026-27SY', '2026-09-01', '2027-08-31', '2026/27 уч. год'],
  ])('reads %s as %s to %s, «%s»', (code, first_day, last_day, title) => {
    const period = parsePeriod(code)
    expect(period).toMatchObject({ code, first_day, last_day })
    expect(period === null ? null : formatPeriod(period)).toBe(title)
  })

  it.each(['', '2026-13', '2026-00', '2026Q5', '2026-28SY', '1999', '26', '2026-09-01', '2026q3', ' 2026'])(
    'refuses "%s"',
    (code) => expect(parsePeriod(code)).toBeNull(),
  )

  it('reads back the code of the period of any day, which holds that day', () => {
    fc.assert(
      fc.property(day, fc.constantFrom(...PERIOD_KINDS), (any, kind) => {
        const period = periodOf(kind, any)
        expect(period.first_day <= any && any <= period.last_day).toBe(true)
        expect(parsePeriod(period.code)).toEqual(period)
      }),
    )
  })
})

describe('latestPeriodEndingBy', () => {
  it('never ends after the day, and the next period does', () => {
    fc.assert(
      fc.property(day, fc.constantFrom(...PERIOD_KINDS), (any, kind) => {
        const period = latestPeriodEndingBy(kind, any)
        expect(period.last_day <= any).toBe(true)
        expect(periodOf(kind, shiftDay(period.last_day, 1)).last_day > any).toBe(true)
      }),
    )
  })
})

describe('shownPeriod', () => {
  it.each([
    ['month', '2026Q3', '2026-11-21', '2026-09'],
    ['month', '2026Q4', '2026-11-21', '2026-11'],
    ['quarter', '2026-08', '2026-11-21', '2026Q2'],
    ['school_year', '2026', '2027-01-10', '2025-26SY'],
    ['month', null, '2026-11-21', '2026-11'],
    ['month', '2027Q1', '2026-11-21', null],
  ] as const)('an indicator by %s on a page at %s, seen on %s, shows %s', (kind, code, today, shown) => {
    const asked = code === null ? null : parsePeriod(code)
    expect(shownPeriod(kind, asked, today)?.code ?? null).toBe(shown)
  })
})

describe('periodEdges', () => {
  it("stand at the region's midnights", () => {
    expect(periodEdges(periodOf('quarter', '2026-08-10'), 'Europe/Saratov')).toEqual({
      from: new Date('2026-06-30T20:00:00Z'),
      to: new Date('2026-09-30T20:00:00Z'),
    })
  })

  it('follow the zone in the past and where the offset is no whole hour', () => {
    expect(startOfLocalDay('2016-01-01', 'Europe/Saratov')).toEqual(new Date('2015-12-31T21:00:00Z'))
    expect(startOfLocalDay('2026-01-01', 'Asia/Kathmandu')).toEqual(new Date('2025-12-31T18:15:00Z'))
  })
})

describe('daysBetween', () => {
  it('holds both ends, and nothing when they are the wrong way round', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01'])
    expect(daysBetween('2024-03-01', '2024-02-28')).toEqual([])
  })
})

describe('ratioOfSums', () => {
  it.each([
    [
      { numerator: 3, denominator: 4, expected: 5, reported: 4 },
      { value: 0.75, coverage_ratio: 0.8, refusal: null },
    ],
    [
      { numerator: 0, denominator: 4, expected: 4, reported: 4 },
      { value: 0, coverage_ratio: 1, refusal: null },
    ],
    [
      { numerator: null, denominator: null, expected: 4, reported: 0 },
      { value: null, coverage_ratio: 0, refusal: 'no_data' },
    ],
    [
      { numerator: null, denominator: null, expected: 0, reported: 0 },
      { value: null, coverage_ratio: null, refusal: 'no_data' },
    ],
    [
      { numerator: 2, denominator: 2, expected: 5, reported: 2 },
      { value: null, coverage_ratio: 0.4, refusal: 'low_coverage' },
    ],
    [
      { numerator: 1, denominator: 1, expected: 2, reported: 1 },
      { value: 1, coverage_ratio: 0.5, refusal: null },
    ],
  ])('%o gives %o with a floor of a half', (sums, ratio) => expect(ratioOfSums(sums, 0.5)).toEqual(ratio))
})
