import Type from 'typebox'
import { Day } from './primitives.ts'

/** File sql/reference/working-days.json: days that differ from "Monday to Friday work, Saturday and Sunday do not". */
export const WorkingDayCalendar = Type.Object(
  {
    years: Type.Array(
      Type.Object(
        {
          year: Type.Integer(),
          source: Type.String(),
          certain: Type.Boolean({ description: 'False: only the Labour Code, the yearly transfer is not known' }),
          days_off: Type.Array(Day, { description: 'Weekdays without work' }),
          working_weekends: Type.Array(Day),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false, $id: 'WorkingDayCalendar' },
)
export type WorkingDayCalendar = Type.Static<typeof WorkingDayCalendar>

const DAY_MS = 86_400_000

/** True when `day` (YYYY-MM-DD) is worked. A year missing in the calendar counts Monday to Friday. */
export function isWorkingDay(day: string, calendar: WorkingDayCalendar): boolean {
  const year = calendar.years.find((entry) => entry.year === Number(day.slice(0, 4)))
  if (year?.days_off.includes(day)) return false
  if (year?.working_weekends.includes(day)) return true
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * Last day of a term of `count` working days that starts on the day after `day` (Civil Code, art. 191).
 * With 0 it is `day` itself, worked or not.
 */
export function addWorkingDays(day: string, count: number, calendar: WorkingDayCalendar): string {
  let at = day
  for (let left = count; left > 0;) {
    at = new Date(Date.parse(`${at}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
    if (isWorkingDay(at, calendar)) left -= 1
  }
  return at
}
