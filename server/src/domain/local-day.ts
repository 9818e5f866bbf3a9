import { localHourOf } from './schedule.ts'

/** No zone is further from UTC than this, and all are whole quarters of an hour off it. */
const FURTHEST_ZONE_H = 14
const QUARTER_HOUR_MS = 900_000

/** First instant of a day (YYYY-MM-DD) in the zone. */
export function startOfLocalDay(day: string, zone: string): Date {
  const utc = Date.parse(`${day}T00:00:00Z`)
  for (let quarters = -FURTHEST_ZONE_H * 4; quarters <= FURTHEST_ZONE_H * 4; quarters += 1) {
    const candidate = utc + quarters * QUARTER_HOUR_MS
    if (localHourOf(candidate, zone).local_day === day) return new Date(candidate)
  }
  throw new RangeError(`No start of the day ${day} in ${zone}`)
}
