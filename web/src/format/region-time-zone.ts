/** The zone of the region's wall clocks: all times on the screen are in it, wherever the reader sits. */
export const REGION_TIME_ZONE = 'Europe/Saratov'
/** Saratov has no daylight saving time. */
export const REGION_OFFSET_HOURS = 4

/** The first instant of a calendar day of the region, in UTC. */
export function startOfRegionDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - REGION_OFFSET_HOURS * 3_600_000).toISOString()
}

/** The last millisecond of a calendar day of the region, in UTC. */
export function endOfRegionDay(day: string): string {
  return new Date(Date.parse(`${day}T23:59:59.999Z`) - REGION_OFFSET_HOURS * 3_600_000).toISOString()
}
