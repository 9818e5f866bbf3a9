import type { SiteCause, SiteCheck, WitnessReport } from '@edumon/server/contract'
import { guardedFetch } from '../net/guarded-fetch.ts'
import type { GuardedNet } from '../net/guarded-fetch.ts'

export type OwnLink = SiteCheck['own_link']

/** Watches the vantage's own link by addresses that are practically always up. */
export interface Witness {
  /** State of the link by a look that began after this call, at most one interval later. */
  lookAgain: () => Promise<OwnLink>
  /** State by the last look; looks first if there was none. */
  current: () => Promise<OwnLink>
  /** The last look; null when there was none or nothing is watched. */
  report: () => WitnessReport | null
}

/** Failures that mean the witness was not reached: any other answer, even a bad certificate, proves the way to it. */
const NOT_REACHED: ReadonlySet<SiteCause> = new Set<SiteCause>([
  'dns_not_found',
  'dns_failed',
  'dns_timeout',
  'connect_refused',
  'connect_reset',
  'connect_timeout',
  'connect_unreachable',
  'tls_timeout',
  'first_byte_timeout',
  'total_timeout',
])

const WITNESS_LIMITS = { total_ms: 10_000, max_body_bytes: 65_536 }

export interface WitnessOptions {
  urls: readonly URL[]
  /** Least time between two looks. */
  interval_ms: number
}

function stateOf(report: WitnessReport): OwnLink {
  return (report.witnesses - report.reachable) * 2 > report.witnesses ? 'down' : 'up'
}

export function createWitness(net: GuardedNet, options: WitnessOptions): Witness {
  let last: WitnessReport | null = null
  let last_began_ms = Number.NEGATIVE_INFINITY
  let planned: Promise<OwnLink> | null = null

  const look = async (): Promise<OwnLink> => {
    const checked_at = new Date().toISOString()
    const results = await Promise.all(options.urls.map((url) => guardedFetch(net, url, { limits: WITNESS_LIMITS })))
    const reachable = results.filter((result) => result.cause === null || !NOT_REACHED.has(result.cause)).length
    last = { checked_at, witnesses: options.urls.length, reachable }
    return stateOf(last)
  }
  /** Everybody who asks before a look begins shares it. */
  const plan = async (): Promise<OwnLink> => {
    const wait_ms = Math.max(0, last_began_ms + options.interval_ms - performance.now())
    await new Promise((done) => setTimeout(done, wait_ms))
    last_began_ms = performance.now()
    planned = null
    return look()
  }
  const lookAgain = (): Promise<OwnLink> => {
    if (options.urls.length === 0) return Promise.resolve('not_watched')
    planned ??= plan()
    return planned
  }
  return {
    lookAgain,
    current: () => (last === null ? lookAgain() : Promise.resolve(stateOf(last))),
    report: () => last,
  }
}
