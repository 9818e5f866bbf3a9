import { createRequire } from 'node:module'
import type { SiteCause } from '@edumon/server/contract'
import { followRedirects } from '../../net/follow-redirects.ts'
import type { GuardedNet } from '../../net/guarded-fetch.ts'

/** What robots.txt of one origin says. `unknown`: it could not be read, and then nothing may be visited (RFC 9309, 2.3.1). */
export type Robots =
  | { kind: 'read'; allows: (url: URL) => boolean; delay_ms: number }
  | { kind: 'unknown'; cause: SiteCause }

interface ParsedRobots {
  isAllowed: (url: string, agent: string) => boolean | undefined
  getCrawlDelay: (agent: string) => number | undefined
}

// The package is CommonJS and its types describe an ES module: a plain import is not callable for the compiler.
const parseRobots = createRequire(import.meta.url)('robots-parser') as (url: string, text: string) => ParsedRobots

const ROBOTS_BYTES = 524_288
/** A longer wait than this between pages would never end an audit. */
const DELAY_MAX_MS = 10_000

const EVERYTHING: Robots = { kind: 'read', allows: () => true, delay_ms: 0 }

/** Fetches robots.txt. A missing one (any 4xx) allows everything. */
export async function readRobots(net: GuardedNet, origin: string): Promise<Robots> {
  const address = new URL('/robots.txt', origin)
  const { last, cause } = await followRedirects(net, address, { limits: { max_decoded_bytes: ROBOTS_BYTES } })
  if (cause !== null) return { kind: 'unknown', cause }
  const status = last.http_status ?? 0
  if (status >= 500) return { kind: 'unknown', cause: 'http_server_error' }
  if (status !== 200) return EVERYTHING
  const robots = parseRobots(address.href, last.body.toString('utf8'))
  const agent = net.user_agent.split('/', 1)[0] ?? net.user_agent
  return {
    kind: 'read',
    allows: (url) => robots.isAllowed(url.href, agent) ?? true,
    delay_ms: Math.min(DELAY_MAX_MS, Math.max(0, (robots.getCrawlDelay(agent) ?? 0) * 1000)),
  }
}
