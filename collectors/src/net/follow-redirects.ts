import type { SiteCause } from '@edumon/server/contract'
import { findHeader, guardedFetch } from './guarded-fetch.ts'
import type { FetchOptions, FetchResult, GuardedNet } from './guarded-fetch.ts'

export const MAX_REDIRECTS = 5

export interface Redirect {
  url: string
  http_status: number
}

/** The way from the first address to the last answer. */
export interface Journey {
  /** Answers that sent us on, in order; empty when the first address answered itself. */
  redirects: Redirect[]
  /** Every GET made, in order; at least one. */
  visits: FetchResult[]
  last: FetchResult
  /** Null: `last` is a whole answer that sends nowhere. */
  cause: SiteCause | null
}

const SENDS_ON = new Set([301, 302, 303, 307, 308])

/** Cookies per host for the length of one journey: some sites send a visitor in a circle until a cookie comes back. */
class JourneyCookies {
  readonly #by_host = new Map<string, Map<string, string>>()

  take(url: URL, headers: readonly (readonly [string, string])[]): void {
    const jar = this.#by_host.get(url.hostname) ?? new Map<string, string>()
    for (const [name, value] of headers) {
      const pair =
        name === 'set-cookie' ? /^\s*([\w!#$%&'*+.^`|~-]{1,100})=([\x21-\x3a\x3c-\x7e]{0,1000})/.exec(value) : null
      if (pair?.[1] !== undefined && pair[2] !== undefined && jar.size < 20) jar.set(pair[1], pair[2])
    }
    this.#by_host.set(url.hostname, jar)
  }

  header(url: URL): string {
    const jar = this.#by_host.get(url.hostname)
    return jar === undefined ? '' : [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

function nextAddress(location: string, base: URL): URL | null {
  const next = URL.parse(location.trim(), base.href)
  if (next === null || next.href.length > 2048) return null
  next.hash = ''
  const web = next.protocol === 'http:' || next.protocol === 'https:'
  return web && next.username === '' && next.password === '' ? next : null
}

/** A redirect found in the page itself (`meta refresh`); null: the page sends nowhere. */
export type FindRefresh = (answer: FetchResult) => Promise<string | null>

/**
 * GETs an address and follows at most five redirects; each hop resolves and checks its address anew. `findRefresh`
 * may read further addresses from the pages. The time limit `total_ms` holds for the whole journey.
 */
export async function followRedirects(
  net: GuardedNet,
  start: URL,
  options: FetchOptions = {},
  findRefresh: FindRefresh = () => Promise.resolve(null),
): Promise<Journey> {
  const cookies = new JourneyCookies()
  const redirects: Redirect[] = []
  const visits: FetchResult[] = []
  const seen = new Set<string>()
  const total_ms = options.limits?.total_ms ?? net.limits.total_ms
  let url = start
  for (;;) {
    const cookie = cookies.header(url)
    seen.add(`${url.href} ${cookie}`)
    const left_ms = total_ms - visits.reduce((sum, visit) => sum + visit.timings.total_ms, 0)
    const last = await guardedFetch(net, url, { ...options, cookie, limits: { ...options.limits, total_ms: left_ms } })
    visits.push(last)
    const finish = (cause: SiteCause | null): Journey => ({ redirects, visits, last, cause })
    if (last.cause !== null || last.http_status === null) return finish(last.cause)
    const location = SENDS_ON.has(last.http_status) ? findHeader(last.headers, 'location') : await findRefresh(last)
    if (location === null) return finish(SENDS_ON.has(last.http_status) ? 'redirect_invalid' : null)
    const next = nextAddress(location, url)
    if (next === null) return finish('redirect_invalid')
    cookies.take(url, last.headers)
    if (seen.has(`${next.href} ${cookies.header(next)}`)) return finish('redirect_loop')
    if (redirects.length >= MAX_REDIRECTS) return finish('redirect_too_many')
    redirects.push({ url: url.href, http_status: last.http_status })
    url = next
  }
}
