/** The zone of the region's wall clocks: all times on the screen are in it, wherever the reader sits. */
export const REGION_TIME_ZONE = 'Europe/Saratov'
