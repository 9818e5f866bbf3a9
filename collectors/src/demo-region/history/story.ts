import type { SiteCause } from '@edumon/server/contract'
import type { SiteTruth } from '../farm/farm-files.ts'
import type { HosterCode } from '../hosters.ts'
import { createRandom, type Random } from '../random.ts'
import { findInstant } from './slots.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A time in which a site fails, or seems to. Times are milliseconds since the epoch; `to_ms` is the first well moment. */
export interface Trouble {
  from_ms: number
  to_ms: number
  cause: SiteCause
  /** Share of the rounds within this time that show it: below 1 for a site that flaps. */
  share: number
}

export interface Span {
  until_ms: number
  days: number
}

/** Outages of whole hosters: the same for all their sites. */
const HOSTER_OUTAGES: readonly { hoster: HosterCode; days_ago: number; from_hour: number; cause: SiteCause }[] = [
  { hoster: 'volga', days_ago: 9, from_hour: 11, cause: 'connect_timeout' },
  { hoster: 'steppe', days_ago: 4, from_hour: 13, cause: 'connect_refused' },
]
const HOSTER_OUTAGE_HOURS = 3
const OWN_LINK_NIGHT = { days_ago: 6, from_hour: 21, hours: 9 }
const EXPIRED_DAYS = 7

/** Sudden short failures of a working site, by how often they are met. */
const SHORT_CAUSES = ['http_server_error', 'http_server_error', 'connect_timeout', 'first_byte_timeout'] as const

function hosterTroubles({ hoster }: SiteTruth, { until_ms }: Span): Trouble[] {
  return HOSTER_OUTAGES.filter((outage) => outage.hoster === hoster).map(({ days_ago, from_hour, cause }) => {
    const from_ms = findInstant(until_ms, days_ago, from_hour)
    return { from_ms, to_ms: from_ms + HOSTER_OUTAGE_HOURS * HOUR_MS, cause, share: 1 }
  })
}

/** A site that is in trouble today came into it at some time before; a flapping one has always flapped. */
function presentTrouble(site: SiteTruth, span: Span, random: Random): Trouble[] {
  if (site.cause === null) return []
  const age_days = random.int(1, span.days * 2)
  const share = site.fault === 'flapping' ? 0.4 : 1
  const from_ms = share < 1 ? 0 : span.until_ms - age_days * DAY_MS
  return [{ from_ms, to_ms: Infinity, cause: site.cause, share }]
}

function ownTroubles(site: SiteTruth, { until_ms, days }: Span, random: Random): Trouble[] {
  const troubles: Trouble[] = []
  const isSecure = site.url.startsWith('https:')
  if (isSecure && random.chance(0.015)) {
    const from_ms = until_ms - random.int(EXPIRED_DAYS + 1, days) * DAY_MS
    troubles.push({ from_ms, to_ms: from_ms + EXPIRED_DAYS * DAY_MS, cause: 'tls_expired', share: 1 })
  }
  if (random.chance(0.01)) {
    const from_ms = until_ms - random.int(3, days) * DAY_MS
    troubles.push({ from_ms, to_ms: from_ms + 2 * DAY_MS, cause: 'http_server_error', share: 0.5 })
  }
  for (let day = 1; day <= days; day += 1) {
    if (!random.chance(0.01)) continue
    const from_ms = findInstant(until_ms, day, random.int(0, 22))
    troubles.push({ from_ms, to_ms: from_ms + random.int(1, 5) * HOUR_MS, cause: random.pick(SHORT_CAUSES), share: 1 })
  }
  return troubles
}

/**
 * What befell a site in the modelled past, most telling first; empty for one that always worked. The same seed, site
 * and span always give the same troubles, and they lead up to what the farm shows of the site today.
 */
export function listTroubles(site: SiteTruth, span: Span, seed: number): Trouble[] {
  const random = createRandom(seed, `${site.key}-history`)
  const present = presentTrouble(site, span, random)
  return [...present, ...hosterTroubles(site, span), ...ownTroubles(site, span, random)]
}

/** The trouble that a round shows; null when the site works then. */
export function findTrouble(troubles: readonly Trouble[], at_ms: number, random: Random): Trouble | null {
  const draw = random.next()
  return troubles.find(({ from_ms, to_ms, share }) => at_ms >= from_ms && at_ms < to_ms && draw < share) ?? null
}

/** The night in which the second vantage had no link of its own: then nothing can be said of any site. */
export function isOwnLinkDown(vantage_no: number, at_ms: number, { until_ms }: Span): boolean {
  const from_ms = findInstant(until_ms, OWN_LINK_NIGHT.days_ago, OWN_LINK_NIGHT.from_hour)
  return vantage_no === 1 && at_ms >= from_ms && at_ms < from_ms + OWN_LINK_NIGHT.hours * HOUR_MS
}
