import type { Language } from './language.ts'

const ROMAN = ['I', 'II', 'III', 'IV'] as const
const MONTHS = {
  ru: 'январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
} as const

/**
 * A period by its code: `2026Q3` is «III кв. 2026 г.», `2026-10` «октябрь 2026 г.», `2026` «2026 год»,
 * `2026-27SY` «2026/27 учебный год». A code of another shape is shown as it is.
 */
export function formatPeriod(code: string, language: Language): string {
  const year = code.slice(0, 4)
  const quarter = /^\d{4}Q([1-4])$/.exec(code)?.[1]
  if (quarter !== undefined) {
    const roman = ROMAN[Number(quarter) - 1] ?? quarter
    return language === 'ru' ? `${roman} кв. ${year} г.` : `Q${quarter} ${year}`
  }
  const month = /^\d{4}-(\d{2})$/.exec(code)?.[1]
  const monthName = month === undefined ? undefined : MONTHS[language][Number(month) - 1]
  if (monthName !== undefined) return language === 'ru' ? `${monthName} ${year} г.` : `${monthName} ${year}`
  const schoolYearEnd = /^\d{4}-(\d{2})SY$/.exec(code)?.[1]
  if (schoolYearEnd !== undefined) {
    return language === 'ru' ? `${year}/${schoolYearEnd} учебный год` : `school year ${year}/${schoolYearEnd}`
  }
  if (/^\d{4}$/.test(code)) return language === 'ru' ? `${year} год` : year
  return code
}

/** The quarter that a calendar day falls in. */
export function quarterOfDay(day: string): string {
  return `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

/** A quarter and those before it, newest first. */
export function listQuartersBack(quarter: string, count: number): string[] {
  const last = Number(quarter.slice(0, 4)) * 4 + Number(quarter.slice(-1)) - 1
  return Array.from({ length: count }, (_, back) => {
    const index = last - back
    return `${Math.floor(index / 4)}Q${(index % 4) + 1}`
  })
}
