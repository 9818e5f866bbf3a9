import { readFileSync } from 'node:fs'
import { ConfigError, readInteger, type Env } from './read-setting.ts'

/** The measurement server, as it is run and as the API sends clients to it. */
export interface MeasurementSettings {
  host: string
  port: number
  /** Address that clients connect to: scheme, host and port alone. Tickets name it. */
  url: string
  /** Key and certificate in PEM; null: without TLS. */
  tls: { key: string; cert: string } | null
  /** Tests at one time. */
  places: number
  /** Where the measurement server finds the API. */
  api_url: string
  /** Tests at one time of callers behind one public address. */
  tests_per_network: number
}

/** What one test may take of the line without lowering another's result: the norm of a city, Мбит/с. */
const MBPS_PER_TEST = 100
const PLACES = 10
/** Listened on, but nothing to connect to. */
const ANY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

function readPem(env: Env, name: string): string | null {
  const path = env[name]
  if (path === undefined || path === '') return null
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new ConfigError(name, path, 'a file that can be read')
  }
}

function readTls(env: Env): MeasurementSettings['tls'] {
  const key = readPem(env, 'EDUMON_MEASUREMENT_TLS_KEY_FILE')
  const cert = readPem(env, 'EDUMON_MEASUREMENT_TLS_CERT_FILE')
  if (key === null && cert === null) return null
  if (key !== null && cert !== null) return { key, cert }
  const missing = key === null ? 'EDUMON_MEASUREMENT_TLS_KEY_FILE' : 'EDUMON_MEASUREMENT_TLS_CERT_FILE'
  throw new ConfigError(missing, '', 'a file, since the other one of key and certificate is set')
}

function readPlaces(env: Env): number {
  const line_mbps = readInteger(env, 'EDUMON_MEASUREMENT_LINE_MBPS', 0, 0, 1_000_000)
  const places = line_mbps === 0 ? PLACES : Math.max(1, Math.floor(line_mbps / MBPS_PER_TEST))
  return readInteger(env, 'EDUMON_MEASUREMENT_TESTS', places, 1, 10_000)
}

function readAddress(env: Env, name: string, fallback: string, schemes: RegExp): string {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !schemes.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    const [first = ''] = fallback.split(':')
    throw new ConfigError(name, text, `an address such as ${first}s://measure.example, without a path`)
  }
  return `${url.protocol}//${url.host}`
}

function authorityOf(host: string, port: number): string {
  const reached = ANY_ADDRESS.has(host) ? '127.0.0.1' : host
  return `${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

/** @throws ConfigError that names the setting */
export function readMeasurement(env: Env, api: { host: string; port: number }): MeasurementSettings {
  const port = readInteger(env, 'EDUMON_MEASUREMENT_PORT', 8081, 0, 65_535)
  const tls = readTls(env)
  const own_url = `${tls === null ? 'ws' : 'wss'}://${authorityOf(api.host, port)}`
  return {
    host: api.host,
    port,
    url: readAddress(env, 'EDUMON_MEASUREMENT_URL', own_url, /^wss?:$/),
    tls,
    places: readPlaces(env),
    api_url: readAddress(env, 'EDUMON_API_URL', `http://${authorityOf(api.host, api.port)}`, /^https?:$/),
    tests_per_network: readInteger(env, 'EDUMON_SPEED_TESTS_PER_ADDRESS', 2, 1, 1000),
  }
}
