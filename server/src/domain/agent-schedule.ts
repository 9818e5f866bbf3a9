import { isWorkingDay, type WorkingDayCalendar } from '../contract/index.ts'
import { startOfLocalDay } from './local-day.ts'
import { addDays } from './region-day.ts'
import { SCHOOL_HOURS } from './schedule.ts'

export const TESTS_PER_DAY_DEFAULT = 3

/** At the end of the school hours there is room for a late beginning and for the retest of a low result. */
const LAST_MINUTES_FREE = 45
const MINUTE_MS = 60_000

export interface ScheduleRules {
  tests_per_day: number
  /** Moves all times; the same seed gives the same times. */
  seed: string
  /** IANA zone of the region. */
  zone: string
  calendar: WorkingDayCalendar
}

/** FNV-1a with a final mix (MurmurHash3's), so that neighbouring numbers land far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** Part of a slot, 0..1. */
function chance(seed: string, org_unit_id: number, day: string, slot: number): number {
  return hash(`${seed}/${org_unit_id}/${day}/${slot}`) / 2 ** 32
}

/**
 * Times of a building's tests on one local day, ascending, milliseconds since the epoch: one in each of as many equal
 * parts of the school hours as there are tests, at a place within the part that looks random and is always the same.
 * Buildings of a region are spread evenly over each part. None on a day without work.
 * @param day YYYY-MM-DD
 */
export function listDayTests(org_unit_id: number, day: string, rules: ScheduleRules): number[] {
  const { calendar, seed, tests_per_day, zone } = rules
  if (!isWorkingDay(day, calendar)) return []
  const first_hour = Math.min(...SCHOOL_HOURS)
  const begin = startOfLocalDay(day, zone).getTime() + first_hour * 60 * MINUTE_MS
  const part_ms = ((SCHOOL_HOURS.length * 60 - LAST_MINUTES_FREE) * MINUTE_MS) / tests_per_day
  return Array.from({ length: tests_per_day }, (_, slot) =>
    Math.floor(begin + (slot + chance(seed, org_unit_id, day, slot)) * part_ms),
  )
}

/**
 * Times of a building's tests over some days from `from_day` on, as listDayTests has them.
 * @param isExcused whether the building is not expected to test on a day: holidays, repair
 */
export function listTests(
  org_unit_id: number,
  { from_day, days }: { from_day: string; days: number },
  rules: ScheduleRules,
  isExcused: (day: string) => boolean,
): number[] {
  return Array.from({ length: days }, (_, i) => addDays(from_day, i))
    .filter((day) => !isExcused(day))
    .flatMap((day) => listDayTests(org_unit_id, day, rules))
}
