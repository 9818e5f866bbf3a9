import { startOfLocalDay } from './local-day.ts'

/** Kinds of reporting period. A school year runs from 1 September to 31 August. */
export const PERIOD_KINDS = ['month', 'quarter', 'year', 'school_year'] as const
export type PeriodKind = (typeof PERIOD_KINDS)[number]

/** One reporting period; both days belong to it. */
export interface Period {
  readonly kind: PeriodKind
  /** `2026-09`, `2026Q3`, `2026` or `2026-27SY`. */
  readonly code: string
  /** YYYY-MM-DD */
  readonly first_day: string
  /** YYYY-MM-DD */
  readonly last_day: string
}

const FIRST_MONTH_OF_SCHOOL_YEAR = 9
const MONTHS_IN: Readonly<Record<PeriodKind, number>> = { month: 1, quarter: 3, year: 12, school_year: 12 }
const FIRST_YEAR = 2000
const LAST_YEAR = 2099

function dayOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

function codeOf(kind: PeriodKind, year: number, month: number): string {
  switch (kind) {
    case 'month':
      return `${year}-${String(month).padStart(2, '0')}`
    case 'quarter':
      return `${year}Q${(month + 2) / 3}`
    case 'year':
      return String(year)
    case 'school_year':
      return `${year}-${String((year + 1) % 100).padStart(2, '0')}SY`
  }
}

function periodFrom(kind: PeriodKind, year: number, month: number): Period {
  const first_day = dayOf(year, month, 1)
  return { kind, code: codeOf(kind, year, month), first_day, last_day: dayOf(year, month + MONTHS_IN[kind], 0) }
}

function startMonth(kind: PeriodKind, month: number): number {
  if (kind === 'month') return month
  if (kind === 'quarter') return month - ((month - 1) % 3)
  return kind === 'year' ? 1 : FIRST_MONTH_OF_SCHOOL_YEAR
}

/** The period of a kind that a day (YYYY-MM-DD) belongs to. */
export function periodOf(kind: PeriodKind, day: string): Period {
  const year = Number(day.slice(0, 4))
  const month = Number(day.slice(5, 7))
  const isBeforeSeptember = kind === 'school_year' && month < FIRST_MONTH_OF_SCHOOL_YEAR
  return periodFrom(kind, isBeforeSeptember ? year - 1 : year, startMonth(kind, month))
}

/** Reads a period's code. Null for anything that is not exactly one, `2026-28SY` and month 13 among them. */
export function parsePeriod(code: string): Period | null {
  const found = /^(?<year>\d{4})(?:-(?<month>\d{2})|Q(?<quarter>[1-4])|-(?<end>\d{2})SY)?$/.exec(code)?.groups
  const year = Number(found?.['year'])
  if (found === undefined || year < FIRST_YEAR || year > LAST_YEAR) return null
  let period: Period
  if (found['month'] !== undefined) period = periodFrom('month', year, Number(found['month']))
  else if (found['quarter'] !== undefined) period = periodFrom('quarter', year, Number(found['quarter']) * 3 - 2)
  else if (found['end'] !== undefined) period = periodFrom('school_year', year, FIRST_MONTH_OF_SCHOOL_YEAR)
  else period = periodFrom('year', year, 1)
  return period.code === code && period.first_day.startsWith(String(year)) ? period : null
}

const ROMAN = ['I', 'II', 'III', 'IV'] as const
const MONTH_NAMES = [
  'январь',
  'февраль',
  'март',
  'апрель',
  'май',
  'июнь',
  'июль',
  'август',
  'сентябрь',
  'октябрь',
  'ноябрь',
  'декабрь',
] as const

/** A period in Russian as reports write it: «сентябрь 2026 г.», «III кв. 2026 г.», «2026 г.», «2026/27 уч. год». */
export function formatPeriod(period: Period): string {
  const year = period.code.slice(0, 4)
  const month = Number(period.first_day.slice(5, 7))
  switch (period.kind) {
    case 'month':
      return `${MONTH_NAMES[month - 1] ?? ''} ${year} г.`
    case 'quarter':
      return `${ROMAN[(month - 1) / 3] ?? ''} кв. ${year} г.`
    case 'year':
      return `${year} г.`
    case 'school_year':
      return `${year}/${period.code.slice(5, 7)} уч. год`
  }
}

/** The latest period of a kind that ends on `day` or before it. */
export function latestPeriodEndingBy(kind: PeriodKind, day: string): Period {
  const period = periodOf(kind, day)
  return period.last_day <= day ? period : periodOf(kind, shiftDay(period.first_day, -1))
}

/**
 * Which period of an indicator's kind a page shows that stands at `asked` on the day `today`: for a period that has
 * ended the latest one that ends by its end, for the running one the period that today belongs to.
 * Null when `asked` has not begun.
 */
export function shownPeriod(kind: PeriodKind, asked: Period | null, today: string): Period | null {
  if (asked === null) return periodOf(kind, today)
  if (asked.first_day > today) return null
  return asked.last_day < today ? latestPeriodEndingBy(kind, asked.last_day) : periodOf(kind, today)
}

/** Half-open edges of a period as instants in the region's zone. */
export function periodEdges(period: Period, zone: string): { from: Date; to: Date } {
  return { from: startOfLocalDay(period.first_day, zone), to: startOfLocalDay(shiftDay(period.last_day, 1), zone) }
}

/** The day `count` days later (earlier when negative). */
export function shiftDay(day: string, count: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + count)
  return at.toISOString().slice(0, 10)
}

/** Every day from the first to the last, both included; none when the last comes before the first. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = []
  for (let day = first; day <= last; day = shiftDay(day, 1)) days.push(day)
  return days
}
