import type { SiteVerdict } from '../contract/index.ts'
import { localHourOf } from './schedule.ts'

export const SITE_HOUR_RULE_VERSION = 1

export type HourValidity = 'counted' | 'cannot_tell' | 'excluded'

/** What one local hour of one target gains. Seconds are whole. */
export interface HourShare {
  local_day: string
  local_hour: number
  validity: HourValidity
  verdicts: number
  observed_s: number
  up_s: number
}

export interface TimedVerdict {
  decided_at: number
  verdict: SiteVerdict
}

function validityOf(verdict: SiteVerdict, isExcluded: boolean): HourValidity {
  if (isExcluded) return 'excluded'
  return verdict === 'works' || verdict === 'does_not_work' ? 'counted' : 'cannot_tell'
}

/**
 * What a new verdict adds to the hours since the one before it. The earlier verdict holds until the new one, but no
 * longer than `cap_s`: a site that nobody looked at is not observed. Never negative; empty time gives only the count.
 * @param isExcluded whether a dated status excludes that local day
 */
export function shareHours(
  before: TimedVerdict | null,
  next: TimedVerdict,
  cap_s: number,
  zone: string,
  isExcluded: (day: string) => boolean,
): HourShare[] {
  const at = localHourOf(next.decided_at, zone)
  const shares: HourShare[] = [
    {
      ...at,
      validity: validityOf(next.verdict, isExcluded(at.local_day)),
      verdicts: 1,
      observed_s: 0,
      up_s: 0,
    },
  ]
  if (before === null) return shares
  const from_s = Math.floor(before.decided_at / 1000)
  const to_s = Math.min(Math.floor(next.decided_at / 1000), from_s + cap_s)
  for (let start_s = from_s; start_s < to_s;) {
    const end_s = Math.min(to_s, (Math.floor(start_s / 3600) + 1) * 3600)
    const hour = localHourOf(start_s * 1000, zone)
    const validity = validityOf(before.verdict, isExcluded(hour.local_day))
    const observed_s = end_s - start_s
    shares.push({
      ...hour,
      validity,
      verdicts: 0,
      observed_s,
      up_s: before.verdict === 'works' ? observed_s : 0,
    })
    start_s = end_s
  }
  return shares
}
