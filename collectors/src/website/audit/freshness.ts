import { addWorkingDays } from '@edumon/server/contract'
import type { FreshnessRule, WorkingDayCalendar } from '@edumon/server/contract'
import type { PageContent, TextBlock } from './page-content.ts'
import { normaliseText } from './russian-words.ts'

export interface StatedDate {
  /** YYYY-MM-DD */
  day: string
  seen: string
  page: PageContent
  place: string
}

export interface YearSight {
  rule: FreshnessRule
  is_overdue: boolean
  seen: string
  page: PageContent
  place: string
}

const MONTHS = ['янв', 'фев', 'мар', 'апр', 'ма', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек']
/** Only words of this kind make a date the date of the information: a page is full of birthdays and orders. */
const STATED =
  /(?:по состоянию на|состояние на|актуальн[а-я]* на|(?:дата|последнее) (?:обновлени|изменени|публикаци|размещени)[а-я]*|обновлен[ао]?|изменен[ао]?|на дату)[^0-9]{0,25}(\d{1,2})(?:[./-](\d{1,2})[./-]|\s+([а-я]{3,8})\s+)(\d{4})/u

function toDay(year: string, month: number, date: string): string | null {
  const day = `${year}-${String(month).padStart(2, '0')}-${date.padStart(2, '0')}`
  const parsed = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day) ? day : null
}

/** «3 августа 2026», «03.08.2026» after words that make it the date of the information; null: none in the text. */
function readStatedDay(text: string): string | null {
  const [, date, month, month_name, year] = STATED.exec(normaliseText(text)) ?? []
  if (date === undefined || year === undefined) return null
  const number =
    month === undefined ? MONTHS.findIndex((start) => (month_name ?? '').startsWith(start)) + 1 : Number(month)
  return number === 0 ? null : toDay(year, number, date)
}

/** A heading's section is read by its own blocks. */
function textOf(block: TextBlock): string {
  return block.value === null || block.kind === 'heading' ? block.text : `${block.text} ${block.value}`
}

/** The latest date that the pages state for their information, not later than `today`; null: none stated. */
export function findStatedDate(pages: readonly PageContent[], today: string): StatedDate | null {
  let latest: StatedDate | null = null
  for (const page of pages) {
    for (const block of page.blocks) {
      const text = textOf(block)
      const day = readStatedDay(text)
      if (day !== null && day <= today && (latest === null || day > latest.day))
        latest = { day, seen: text, page, place: block.place }
    }
  }
  return latest
}

/** Last year of «2025», «2025/26», «2025–2026». */
function endYear(years: string): number {
  const [first = '', second] = years.split(/\s*[-–/]\s*/u)
  if (second === undefined) return Number(first)
  return Number(second.length === 4 ? second : first.slice(0, 4 - second.length) + second)
}

/** The year that a document must be of on `today`, once the event and its term are over. */
export function requiredYear(rule: FreshnessRule, today: string, calendar: WorkingDayCalendar): number {
  const year = Number(today.slice(0, 4))
  const event = `${year}-${String(rule.event_month).padStart(2, '0')}-${String(rule.event_day).padStart(2, '0')}`
  const is_due = today > addWorkingDays(event, rule.grace_working_days, calendar)
  const after_event = { current_year: year, previous_year: year - 1, school_year: year + 1 }[rule.period]
  return is_due ? after_event : after_event - 1
}

/** A link that names a year so late may be the newer document under another name: then nothing is called overdue. */
function hasLinkOfYear(pages: readonly PageContent[], year: number): boolean {
  return pages.some((page) =>
    page.blocks.some(
      (block) =>
        block.kind === 'link' &&
        (block.text.match(/\d{4}(\s*[-–/]\s*\d{2,4})?/gu) ?? []).some((years) => endYear(years) >= year),
    ),
  )
}

/**
 * Whether what the rule names is of the year that it must be of. The newest year that the pages state counts; null when
 * they state none, for then nothing is known to have happened.
 */
export function seeYear(
  rule: FreshnessRule,
  pages: readonly PageContent[],
  today: string,
  calendar: WorkingDayCalendar,
): YearSight | null {
  const words = new RegExp(rule.words, 'u')
  let newest: (Omit<YearSight, 'rule' | 'is_overdue'> & { year: number }) | null = null
  for (const page of pages) {
    for (const block of page.blocks) {
      const text = textOf(block)
      const years = words.exec(normaliseText(text))?.[1]
      if (years === undefined) continue
      const year = endYear(years)
      if (newest === null || year > newest.year) newest = { year, seen: text, page, place: block.place }
    }
  }
  if (newest === null) return null
  const { year, ...where } = newest
  const required = requiredYear(rule, today, calendar)
  return { rule, is_overdue: year < required && !hasLinkOfYear(pages, required), ...where }
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}
