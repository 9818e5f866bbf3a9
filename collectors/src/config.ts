import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { CollectorIdentity } from '@edumon/server/contract'
import { createAddressPolicy } from './net/address-policy.ts'
import type { FetchLimits } from './net/guarded-fetch.ts'
import { DEFAULT_LIMITS } from './net/guarded-net.ts'
import type { NetOptions } from './net/guarded-net.ts'
import { readHostsFile } from './net/hosts-file.ts'
import { splitPem } from './net/trust.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const
type LogLevel = (typeof LOG_LEVELS)[number]

export interface CollectorConfig {
  identity: CollectorIdentity
  api_url: URL
  /** Token that the server knows this collector by; null: none, as for a probe by hand. */
  token: string | null
  spool_dir: string
  /** Above this many bytes on disk no more work is leased. */
  spool_max_bytes: number
  /** Measurements older than this are set aside: the server would not take them. */
  spool_max_age_ms: number
  net: NetOptions
  /** Addresses that tell whether our own link is up; empty: it is not watched. */
  witnesses: URL[]
  witness_interval_ms: number
  /** Longest wait for new work when none is known. */
  poll_ms: number
  /** What still runs when the collector is told to stop has this long; the rest is handed back. */
  stop_grace_ms: number
  /** IANA zone of the region, the same as the server's. */
  time_zone: string
  log_level: LogLevel
}

/** A setting that cannot be used: the message names the variable, its value and what is expected. */
export class ConfigError extends Error {}

type Env = Readonly<Record<string, string | undefined>>

function read<T>(env: Env, name: string, fallback: T, parse: (text: string) => T): T {
  const text = env[name]?.trim()
  if (text === undefined || text === '') return fallback
  try {
    return parse(text)
  } catch (error) {
    throw new ConfigError(`${name}="${text}": ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

function integer(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
      throw new RangeError(`expected a whole number from ${minimum} to ${maximum}`)
    }
    return value
  }
}

function webAddress(text: string): URL {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new TypeError('expected an http(s) address')
  return url
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const pemFile = (path: string): string[] => splitPem(readFileSync(path, 'utf8'))

function collectorName(text: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,59}$/.test(text)) throw new TypeError('expected a-z, 0-9, ".", "_", "-", at most 60')
  return text
}

function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((candidate) => candidate === text)
  if (level === undefined) throw new TypeError(`expected one of ${LOG_LEVELS.join(', ')}`)
  return level
}

/** The machine's own name made fit for a collector's name. */
function hostName(): string {
  const name = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-')
    .replace(/^[^a-z0-9]+/, '')
  return name === '' ? 'collector' : name.slice(0, 60)
}

function zone(text: string): string {
  // Throws a RangeError that names the zone when there is none of that name.
  return new Intl.DateTimeFormat('ru', { timeZone: text }).resolvedOptions().timeZone
}

function checkedRanges(text: string): string[] {
  const ranges = list(text)
  createAddressPolicy(ranges)
  return ranges
}

function readLimits(env: Env): FetchLimits {
  const limit = (name: string, fallback: number) => read(env, name, fallback, integer(1, 600_000))
  return {
    ...DEFAULT_LIMITS,
    resolve_ms: limit('EDUMON_PROBE_RESOLVE_MS', DEFAULT_LIMITS.resolve_ms),
    connect_ms: limit('EDUMON_PROBE_CONNECT_MS', DEFAULT_LIMITS.connect_ms),
    tls_ms: limit('EDUMON_PROBE_TLS_MS', DEFAULT_LIMITS.tls_ms),
    first_byte_ms: limit('EDUMON_PROBE_FIRST_BYTE_MS', DEFAULT_LIMITS.first_byte_ms),
    body_idle_ms: limit('EDUMON_PROBE_BODY_IDLE_MS', DEFAULT_LIMITS.body_idle_ms),
    total_ms: limit('EDUMON_PROBE_TOTAL_MS', DEFAULT_LIMITS.total_ms),
  }
}

function readNet(env: Env, version: string): NetOptions {
  const contact = read(env, 'EDUMON_CONTACT', '', (text) => {
    if (!/^[\x20-\x7e]{1,200}$/.test(text))
      throw new TypeError('expected printable ASCII: it goes into the User-Agent header')
    return `; ${text}`
  })
  return {
    allowed_addresses: read(env, 'EDUMON_ALLOW_ADDRESSES', [], checkedRanges),
    hosts: read(env, 'EDUMON_HOSTS_FILE', new Map<string, readonly string[]>(), readHostsFile),
    dns_servers: read(env, 'EDUMON_DNS_SERVERS', [], list),
    extra_ca_pem: read(env, 'EDUMON_EXTRA_CA_FILE', [], pemFile),
    root_ca_pem: read(env, 'EDUMON_ROOT_CA_FILE', [], pemFile),
    user_agent: `Edumon/${version} (school website monitoring${contact})`,
    limits: readLimits(env),
    host_delay_ms: read(env, 'EDUMON_HOST_DELAY_MS', 500, integer(0, 60_000)),
    concurrency: read(env, 'EDUMON_CONCURRENCY', 10 * availableParallelism(), integer(1, 1000)),
  }
}

/** The environment with the token out of the file that EDUMON_TOKEN_FILE names, as secrets of containers come. */
function withTokenFile(env: Env): Env {
  const path = env['EDUMON_TOKEN_FILE']?.trim()
  if (path === undefined || path === '') return env
  if (env['EDUMON_TOKEN'] !== undefined) throw new ConfigError('EDUMON_TOKEN_FILE: EDUMON_TOKEN is set too')
  return { ...env, EDUMON_TOKEN: read(env, 'EDUMON_TOKEN_FILE', '', (file) => readFileSync(file, 'utf8').trim()) }
}

/** Reads and checks all settings of a collector. Throws a ConfigError that names the first bad one. */
export function readConfig(version: string, environment: Env = process.env): CollectorConfig {
  const env = withTokenFile(environment)
  const data_dir = resolve(read(env, 'EDUMON_DATA_DIR', '.data', String))
  const name = read(env, 'EDUMON_COLLECTOR_NAME', hostName(), collectorName)
  return {
    identity: { name, version, vantage: read(env, 'EDUMON_VANTAGE', name, collectorName) },
    api_url: read(env, 'EDUMON_API_URL', new URL('http://127.0.0.1:8080'), webAddress),
    token: read<string | null>(env, 'EDUMON_TOKEN', null, String),
    spool_dir: join(data_dir, 'collector', name),
    spool_max_bytes: read(env, 'EDUMON_SPOOL_MAX_MB', 512, integer(1, 100_000)) * 1_048_576,
    spool_max_age_ms: read(env, 'EDUMON_SPOOL_MAX_AGE_HOURS', 168, integer(1, 8760)) * 3_600_000,
    net: readNet(env, version),
    witnesses: read(env, 'EDUMON_WITNESSES', [], (text) => list(text).map(webAddress)),
    witness_interval_ms: read(env, 'EDUMON_WITNESS_INTERVAL_MS', 5_000, integer(100, 600_000)),
    log_level: read<LogLevel>(env, 'EDUMON_LOG_LEVEL', 'info', logLevel),
    poll_ms: read(env, 'EDUMON_POLL_MS', 5_000, integer(100, 600_000)),
    stop_grace_ms: read(env, 'EDUMON_STOP_GRACE_MS', 8_000, integer(0, 600_000)),
    time_zone: read(env, 'EDUMON_TIME_ZONE', 'Europe/Saratov', zone),
  }
}

/** The version of the running program, from the package that holds it. */
export function readVersion(): string {
  const file = new URL('../package.json', import.meta.url)
  const parsed: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  return parsed !== null && typeof parsed === 'object' && 'version' in parsed ? String(parsed.version) : '0.0.0'
}
