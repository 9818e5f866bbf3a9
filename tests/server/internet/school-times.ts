import { isWorkingDay } from '../../../server/src/contract/index.ts'
import { readWorkingDays } from '../../../server/src/db/reference-files.ts'
import { addDays } from '../../../server/src/domain/region-day.ts'
import { regionDay } from '../../setup/region-day.ts'

const CALENDAR = readWorkingDays()
/** Saratov is four hours ahead of UTC. */
const UTC_OFFSET_H = 4

function clock(day: string, local_hour: number, minute: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + ((local_hour - UTC_OFFSET_H) * 60 + minute) * 60_000).toISOString()
}

/** The newest working days before today, newest first. */
export function workingDays(count: number): string[] {
  const days: string[] = []
  for (let day = regionDay(-1); days.length < count; day = addDays(day, -1)) {
    if (isWorkingDay(day, CALENDAR)) days.push(day)
  }
  return days
}

/** An instant on the newest working day before today (or an earlier one), in school hours unless another hour is named. */
export function schoolTime({ back = 0, local_hour = 10, minute = 0 } = {}): string {
  return clock(workingDays(back + 1).at(-1) ?? '', local_hour, minute)
}
