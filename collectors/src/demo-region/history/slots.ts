import { isWorkingDay, type WorkingDayCalendar } from '@edumon/server/contract'

/** The simulated region is Saratov's: four hours ahead of UTC all the year. */
const REGION_OFFSET_MS = 4 * 3_600_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Local hours at which a modelled round is due: the two hours that each covers add up to the school day. */
const SCHOOL_DAY_HOURS = [3.5, 7.8, 9.8, 11.8, 13.8, 15.8, 17.8, 22.5]
const DAY_OFF_HOURS = [3.5, 9.8, 15.8, 22.5]

/** Calendar day in the region, YYYY-MM-DD. */
export function regionDayOf(at_ms: number): string {
  return new Date(at_ms + REGION_OFFSET_MS).toISOString().slice(0, 10)
}

/** The instant of a local hour, so many days before the day of `until_ms`. */
export function findInstant(until_ms: number, days_ago: number, local_hour: number): number {
  const midnight = Date.parse(`${regionDayOf(until_ms - days_ago * DAY_MS)}T00:00:00Z`) - REGION_OFFSET_MS
  return midnight + local_hour * HOUR_MS
}

/** Instants of the modelled rounds of the last `days` days before `until_ms`, in the order of time. */
export function listSlots(until_ms: number, days: number, calendar: WorkingDayCalendar): number[] {
  const slots: number[] = []
  for (let days_ago = days; days_ago >= 0; days_ago -= 1) {
    const isSchoolDay = isWorkingDay(regionDayOf(until_ms - days_ago * DAY_MS), calendar)
    for (const hour of isSchoolDay ? SCHOOL_DAY_HOURS : DAY_OFF_HOURS) {
      slots.push(findInstant(until_ms, days_ago, hour))
    }
  }
  return slots.filter((at) => at >= until_ms - days * DAY_MS && at < until_ms)
}
