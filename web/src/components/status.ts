/** Tones of a status; each has its own shape, so that colour is never the only sign. */
export type StatusTone = 'ok' | 'warn' | 'bad' | 'unknown' | 'blocked'

export type SiteVerdict = 'works' | 'does_not_work' | 'cannot_tell' | 'blocks_robots'

export const VERDICT_TONES: Record<SiteVerdict, StatusTone> = {
  works: 'ok',
  does_not_work: 'bad',
  cannot_tell: 'unknown',
  blocks_robots: 'blocked',
}
