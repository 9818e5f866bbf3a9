import type { Language } from './language.ts'

const EN_DASH = '\u2013'
/** Day, month and year stay on one line. */
const NO_BREAK = '\u00a0'
const dateFormats = new Map<string, Intl.DateTimeFormat>()

interface CivilTime {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
}

/** The parts of an instant on the wall clock of a zone, month as its short word. */
function readCivilTime(instant: Date, language: Language, timeZone: string): CivilTime {
  const key = `${language} ${timeZone}`
  const format =
    dateFormats.get(key) ??
    new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', {
      timeZone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
  dateFormats.set(key, format)
  const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]))
  const read = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
    second: read('second'),
  }
}

function writeDay({ day, month, year }: CivilTime, isYearSaid: boolean): string {
  return (isYearSaid ? [day, month, year] : [day, month]).join(NO_BREAK)
}

/** A calendar day `2026-10-14` as `14 окт. 2026`. It has no zone: it is never moved by one. */
export function formatDay(day: string, language: Language, options: { year?: boolean } = {}): string {
  const civil = readCivilTime(new Date(`${day}T12:00:00Z`), language, 'UTC')
  return writeDay(civil, options.year !== false)
}

/** An instant as `14 окт. 2026, 09:40` in the region's zone. */
export function formatInstant(
  instant: string,
  language: Language,
  timeZone: string,
  options: { year?: boolean; seconds?: boolean } = {},
): string {
  const civil = readCivilTime(new Date(instant), language, timeZone)
  const day = writeDay(civil, options.year !== false)
  const time = `${civil.hour}:${civil.minute}${options.seconds === true ? `:${civil.second}` : ''}`
  return `${day}, ${time}`
}

/** The day of an instant in the region's zone, `14 окт.`, or with its year `14 окт. 2026`. */
export function formatInstantDay(
  instant: string,
  language: Language,
  timeZone: string,
  options: { year?: boolean } = {},
): string {
  const civil = readCivilTime(new Date(instant), language, timeZone)
  return writeDay(civil, options.year === true)
}

/** `09:40` in the region's zone. */
export function formatTime(instant: string, language: Language, timeZone: string): string {
  const civil = readCivilTime(new Date(instant), language, timeZone)
  return `${civil.hour}:${civil.minute}`
}

/** `15 сент. – 14 окт. 2026`; the first year stands only where the years differ. */
export function formatDayRange(from: string, to: string, language: Language): string {
  const sameYear = from.slice(0, 4) === to.slice(0, 4)
  return `${formatDay(from, language, { year: !sameYear })} ${EN_DASH} ${formatDay(to, language)}`
}

/** The calendar day `YYYY-MM-DD` on which an instant falls in a zone. */
export function dayOfInstant(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(instant)
}
