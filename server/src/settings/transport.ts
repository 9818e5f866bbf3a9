import { isIP } from 'node:net'
import { ConfigError, readInteger, type Env } from './read-setting.ts'

/** What stands between us and the browsers, and how long an ending process may take. */
export interface TransportSettings {
  /** Addresses or ranges of reverse proxies whose X-Forwarded headers are believed; empty: nobody's. */
  trusted_proxies: string[]
  /** Browsers are told for this many days to come by TLS only, in answers that go out by TLS; 0: they are not told. */
  hsts_days: number
  /** Requests that run when the process is told to stop have this long. */
  stop_limit_s: number
}

function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const width = isIP(address) === 4 ? 32 : 128
  if (isIP(address) === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width)
}

function readProxies(env: Env): string[] {
  const text = env['EDUMON_TRUSTED_PROXIES']
  if (text === undefined || text === '') return []
  const ranges = text.split(',').map((part) => part.trim())
  if (ranges.every(isRange)) return ranges
  throw new ConfigError(
    'EDUMON_TRUSTED_PROXIES',
    text,
    'IP addresses or ranges such as 10.0.0.0/24, separated by commas',
  )
}

export function readTransport(env: Env): TransportSettings {
  return {
    trusted_proxies: readProxies(env),
    hsts_days: readInteger(env, 'EDUMON_HSTS_DAYS', 0, 0, 3650),
    stop_limit_s: readInteger(env, 'EDUMON_STOP_LIMIT_S', 10, 1, 600),
  }
}
