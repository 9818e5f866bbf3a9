import { ConfigError, readInteger, type Env } from '../settings/read-setting.ts'
import { CLASS_LIMITS, ROUTE_CLASSES, type RouteClass } from './route-class.ts'

/** Limits that an operator may set. Each process keeps its own count. */
export interface LimitSettings {
  /** Requests of one subject in a minute, by class. */
  rates: Record<RouteClass, number>
  /** Requests of one address in a minute, before anybody is asked who sends them. */
  address_rate: number
  uploads_at_once: number
  upload_bytes_at_once: number
  /** Mean delay of the event loop from which on requests are turned away; 0: never. */
  pressure_delay_ms: number
}

const RATE_MAX = 10_000_000
const MIB = 1024 * 1024

function readRates(env: Env): Record<RouteClass, number> {
  const rates = Object.fromEntries(ROUTE_CLASSES.map((name) => [name, CLASS_LIMITS[name].rate_per_minute]))
  const text = env['EDUMON_RATE_LIMITS']
  if (text === undefined || text === '') return rates as Record<RouteClass, number>
  const expected = `CLASS=REQUESTS separated by commas; classes: ${ROUTE_CLASSES.join(', ')}`
  for (const part of text.split(',')) {
    const [name = '', count = ''] = part.trim().split('=')
    const isKnown = Object.hasOwn(rates, name) && /^\d{1,8}$/.test(count)
    if (!isKnown || Number(count) < 1 || Number(count) > RATE_MAX) {
      throw new ConfigError('EDUMON_RATE_LIMITS', text, expected)
    }
    rates[name] = Number(count)
  }
  return rates as Record<RouteClass, number>
}

export function readLimits(env: Env): LimitSettings {
  return {
    rates: readRates(env),
    address_rate: readInteger(env, 'EDUMON_RATE_PER_ADDRESS', 60_000, 1, RATE_MAX),
    uploads_at_once: readInteger(env, 'EDUMON_UPLOADS_AT_ONCE', 8, 1, 1000),
    upload_bytes_at_once: readInteger(env, 'EDUMON_UPLOAD_MB_AT_ONCE', 256, 64, 100_000) * MIB,
    pressure_delay_ms: readInteger(env, 'EDUMON_PRESSURE_DELAY_MS', 2000, 0, 60_000),
  }
}
