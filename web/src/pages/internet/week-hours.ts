import type { SpeedHeatmap } from '../../api/internet.ts'

type Hour = SpeedHeatmap['rows'][number]

/** An hour of fewer tests is shown, and is not what a title says was found. */
const LEAST_TESTS_FOR_TITLE = 10

/** The slowest hour of the week among those with enough tests; null when fewer than two have. */
export function findSlowestHour(hours: readonly Hour[]): Hour | null {
  const enough = hours.filter(({ tests }) => tests >= LEAST_TESTS_FOR_TITLE)
  if (enough.length < 2) return null
  return enough.reduce((slowest, hour) => (hour.median_kbps < slowest.median_kbps ? hour : slowest))
}

/** Weekdays of the picture: Monday to Friday always, the week's end when it has tests. */
export function listWeekdays(hours: readonly Pick<Hour, 'weekday'>[]): (1 | 2 | 3 | 4 | 5 | 6 | 7)[] {
  const last = Math.max(5, ...hours.map(({ weekday }) => weekday))
  return ([1, 2, 3, 4, 5, 6, 7] as const).filter((weekday) => weekday <= last)
}
