import { isDay } from './region-day.ts'

const INSTANT = /^(?<day>(?:19|20)\d{2}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/** Reads an RFC 3339 instant of the years 1900 to 2099. Null without a zone and for a time that does not exist. */
export function parseInstant(text: string): Date | null {
  const day = INSTANT.exec(text)?.groups?.['day']
  if (day === undefined || !isDay(day)) return null
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) ? null : instant
}
