import { addDays, dayInZone } from '../../server/src/domain/region-day.ts'

/**
 * The region's calendar day so many days from now, YYYY-MM-DD. Rights, terms and facts hold by the region's day, which
 * begins four hours before that of UTC.
 */
export function regionDay(days = 0): string {
  return addDays(dayInZone(new Date(), 'Europe/Saratov'), days)
}
