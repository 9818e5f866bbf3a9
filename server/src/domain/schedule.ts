import { isWorkingDay, type WorkingDayCalendar } from '../contract/index.ts'

const SCHOOL_DAY_STARTS_H = 8
const SCHOOL_DAY_ENDS_H = 18

/** Local hours that count on a working day. Whoever changes them raises the version: sums by day are kept under it. */
export const SCHOOL_HOURS: readonly number[] = Array.from(
  { length: SCHOOL_DAY_ENDS_H - SCHOOL_DAY_STARTS_H },
  (_, place) => SCHOOL_DAY_STARTS_H + place,
)
export const SCHOOL_HOURS_RULE_VERSION = 1

/**
 * Nearly every site that is probed at all has been probed within this time: those outside incidents wait an hour at
 * most. Reads of the newest fact look there first.
 */
export const RECENT_MINUTES = 70

/** Intervals between rounds of one target, in seconds. */
export interface CheckIntervals {
  school_hours_interval_s: number
  other_hours_interval_s: number
  incident_interval_s: number
}

/** Day and hour as clocks in the region show them. */
export interface LocalHour {
  local_day: string
  local_hour: number
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  })
  formatters.set(zone, made)
  return made
}

/** @param instant milliseconds since the epoch */
export function localHourOf(instant: number, zone: string): LocalHour {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  )
  return {
    local_day: `${parts.get('year') ?? ''}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`,
    local_hour: Number(parts.get('hour')),
  }
}

/** School hours: 8 to 18 on a working day of the region's calendar. */
export function isSchoolHour(at: LocalHour, calendar: WorkingDayCalendar): boolean {
  return (
    at.local_hour >= SCHOOL_DAY_STARTS_H && at.local_hour < SCHOOL_DAY_ENDS_H && isWorkingDay(at.local_day, calendar)
  )
}

/**
 * When the next round of a target is due: soonest while it is in an incident, often in school hours, else seldom.
 * A seldom round is not put off beyond the start of the school hours that begin meanwhile.
 * @param now milliseconds since the epoch; so is the answer
 */
export function findNextRoundAt(
  now: number,
  isInIncident: boolean,
  intervals: CheckIntervals,
  zone: string,
  calendar: WorkingDayCalendar,
): number {
  const often = now + intervals.school_hours_interval_s * 1000
  if (isInIncident) return now + intervals.incident_interval_s * 1000
  if (isSchoolHour(localHourOf(now, zone), calendar)) return often
  const seldom = now + intervals.other_hours_interval_s * 1000
  const startsMeanwhile = isSchoolHour(localHourOf(seldom, zone), calendar)
  return startsMeanwhile ? Math.min(seldom, Math.max(often, startOfHour(seldom))) : seldom
}

/** Every zone of Russia is a whole number of hours off UTC, so an hour starts there when it starts in UTC. */
function startOfHour(instant: number): number {
  return instant - (instant % 3_600_000)
}
