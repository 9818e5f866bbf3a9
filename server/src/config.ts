import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { TESTS_PER_DAY_DEFAULT } from './domain/agent-schedule.ts'
import { readLimits, type LimitSettings } from './limits/limit-settings.ts'
import { readMeasurement, type MeasurementSettings } from './settings/measurement.ts'
import { readOpenIdConnect, type OpenIdConnectConfig } from './settings/openid-connect.ts'
import { ConfigError, readInteger, readYesNo, type Env } from './settings/read-setting.ts'
import { withoutPassword, withSecrets } from './settings/secrets.ts'
import { readTransport, type TransportSettings } from './settings/transport.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Settings of a server process. Every name is in the README's configuration table. */
export interface Config {
  /** Data folder: embedded database, spools, demo files. */
  data_dir: string
  /** Address the API listens on. */
  host: string
  port: number
  /** Origin under which people open the pages, without a slash at the end; null: that of each request, without TLS. */
  public_origin: string | null
  /** PostgreSQL 15+ instead of the embedded one; null: embedded. */
  database_url: string | null
  /** Owner of the schema, for migrations; null: the same as database_url. */
  owner_database_url: string | null
  /** IANA name of the region's zone. */
  time_zone: string
  /** Lists may be this much behind what collectors hand in, milliseconds; 0: never behind. */
  list_age_ms: number
  /** Speed tests that an agent makes of each building on a school day. */
  speed_tests_per_day: number
  /** Measurements older than this many days are refused. */
  accept_days: number
  /** Speed tests older than this many days are refused: an agent may come back after a month without network. */
  speed_accept_days: number
  /** Modelled history is taken; only the demo says so. */
  allow_modelled: boolean
  /** The sign-in page offers the demo's accounts with their passwords; only the demo says so. */
  demo_accounts: boolean
  /** Working days within which an objection to a finding is to be decided. */
  objection_term_days: number
  /** Working days within which a finding is to be mended. */
  mend_term_days: number
  /** Days after which pictures of human checks and files of objections are read no more and removed. */
  file_term_days: number
  /** Vantages that probe every site. */
  vantages: string[]
  /** Sign-in through an identity provider; null: by password alone. */
  openid_connect: OpenIdConnectConfig | null
  /** Token that commands speak to the running server with; null: none. */
  token: string | null
  log_level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
  /** Folder with real sample inputs; null when absent. */
  sample_data: string | null
  schedule: ScheduleConfig
  limits: LimitSettings
  measurement: MeasurementSettings
  transport: TransportSettings
}

/** When sites are probed and how a failure is confirmed, in seconds. */
export interface ScheduleConfig {
  /** Home page in school hours. */
  school_hours_interval_s: number
  /** Home page outside school hours. */
  other_hours_interval_s: number
  /** Home page while an incident is open. */
  incident_interval_s: number
  audit_interval_s: number
  /** Between the attempts of one round. */
  retry_delay_s: number
  attempts_per_round: number
  /** Failed rounds in a row that open an incident. */
  rounds_to_open: number
  /** Good rounds in a row that close it. */
  rounds_to_close: number
  lease_s: number
  /** True when any value differs from production's: the screen says so. */
  is_shortened: boolean
}

function readUrl(env: Env, name: string): string | null {
  const text = env[name]
  if (text === undefined || text === '') return null
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new ConfigError(name, withoutPassword(text), 'postgres://user:password@host:port/database')
  }
  return text
}

/** An empty setting is none: the project's own folder must never become the data folder. */
function readDataDir(env: Env): string {
  const text = env['EDUMON_DATA_DIR']
  return resolve(ROOT, text === undefined || text === '' ? '.data' : text)
}

function readZone(env: Env): string {
  const zone = env['EDUMON_TIME_ZONE'] ?? 'Europe/Saratov'
  const refusal = new ConfigError('EDUMON_TIME_ZONE', zone, 'an IANA zone such as Europe/Saratov')
  // An offset such as +03:00 means the opposite to PostgreSQL of what it means here.
  if (!/^[A-Za-z]/.test(zone)) throw refusal
  try {
    new Intl.DateTimeFormat('ru', { timeZone: zone })
    return zone
  } catch {
    throw refusal
  }
}

function readHost(env: Env): string {
  const host = env['EDUMON_HOST'] ?? '127.0.0.1'
  if (host !== 'localhost' && isIP(host) === 0) throw new ConfigError('EDUMON_HOST', host, 'an IP address or localhost')
  return host
}

/** Scheme and host alone: the pages are served at the root. */
function readPublicOrigin(env: Env): string | null {
  const text = env['EDUMON_PUBLIC_URL']
  if (text === undefined || text === '') return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new ConfigError('EDUMON_PUBLIC_URL', text, 'an address such as https://monitoring.example, without a path')
  }
  return url.origin
}

function readToken(env: Env): string | null {
  const text = env['EDUMON_TOKEN']?.trim()
  if (text === undefined || text === '') return null
  if (!/^edu_[\w-]{1,200}$/.test(text)) throw new ConfigError('EDUMON_TOKEN', '…', 'a token that begins with edu_')
  return text
}

function readNames(env: Env, name: string, fallback: string[]): string[] {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const names = text.split(',').map((part) => part.trim())
  if (names.some((part) => !/^[a-z0-9][a-z0-9._-]{0,59}$/.test(part))) {
    throw new ConfigError(name, text, 'names in lower-case Latin letters, separated by commas')
  }
  return names
}

function readLogLevel(env: Env): Config['log_level'] {
  const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const
  const text = env['EDUMON_LOG_LEVEL'] ?? 'info'
  const level = levels.find((candidate) => candidate === text)
  if (level === undefined) throw new ConfigError('EDUMON_LOG_LEVEL', text, levels.join(', '))
  return level
}

function readSampleData(env: Env): string | null {
  const folder = env['EDUMON_SAMPLE_DATA'] ?? join(ROOT, '../shared/data')
  if (existsSync(folder)) return resolve(folder)
  if (env['EDUMON_SAMPLE_DATA'] !== undefined) throw new ConfigError('EDUMON_SAMPLE_DATA', folder, 'an existing folder')
  return null
}

const PRODUCTION_SCHEDULE: Readonly<ScheduleConfig> = {
  school_hours_interval_s: 15 * 60,
  other_hours_interval_s: 60 * 60,
  incident_interval_s: 5 * 60,
  audit_interval_s: 7 * 24 * 3600,
  retry_delay_s: 60,
  attempts_per_round: 3,
  rounds_to_open: 2,
  rounds_to_close: 2,
  lease_s: 300,
  is_shortened: false,
}

function readSchedule(env: Env): ScheduleConfig {
  const read = (name: string, fallback: number, max: number): number => readInteger(env, name, fallback, 1, max)
  const year = 366 * 24 * 3600
  const schedule = {
    school_hours_interval_s: read('EDUMON_SITE_INTERVAL_S', PRODUCTION_SCHEDULE.school_hours_interval_s, year),
    other_hours_interval_s: read('EDUMON_SITE_OTHER_INTERVAL_S', PRODUCTION_SCHEDULE.other_hours_interval_s, year),
    incident_interval_s: read('EDUMON_SITE_INCIDENT_INTERVAL_S', PRODUCTION_SCHEDULE.incident_interval_s, year),
    audit_interval_s: read('EDUMON_SITE_AUDIT_INTERVAL_S', PRODUCTION_SCHEDULE.audit_interval_s, year),
    retry_delay_s: read('EDUMON_RETRY_DELAY_S', PRODUCTION_SCHEDULE.retry_delay_s, 3600),
    attempts_per_round: read('EDUMON_ATTEMPTS', PRODUCTION_SCHEDULE.attempts_per_round, 9),
    rounds_to_open: read('EDUMON_ROUNDS_TO_OPEN', PRODUCTION_SCHEDULE.rounds_to_open, 20),
    rounds_to_close: read('EDUMON_ROUNDS_TO_CLOSE', PRODUCTION_SCHEDULE.rounds_to_close, 20),
    lease_s: read('EDUMON_LEASE_S', PRODUCTION_SCHEDULE.lease_s, 3600),
  }
  const isShortened = Object.entries(schedule).some(
    ([name, value]) => value !== PRODUCTION_SCHEDULE[name as keyof typeof schedule],
  )
  return { ...schedule, is_shortened: isShortened }
}

/** What the demo sets where the environment does not: short intervals, two vantages, a folder of its own. */
const DEMO_SETTINGS: Readonly<Record<string, string>> = {
  EDUMON_DATA_DIR: '.data/demo',
  EDUMON_VANTAGES: 'saratov,moscow',
  EDUMON_ACCEPT_DAYS: '100',
  EDUMON_SPEED_ACCEPT_DAYS: '800',
  EDUMON_SPEED_TESTS_PER_ADDRESS: '4',
  EDUMON_ALLOW_MODELLED: 'yes',
  EDUMON_DEMO_ACCOUNTS: 'yes',
  EDUMON_SITE_INTERVAL_S: '60',
  EDUMON_SITE_OTHER_INTERVAL_S: '60',
  EDUMON_SITE_INCIDENT_INTERVAL_S: '30',
  EDUMON_SITE_AUDIT_INTERVAL_S: '3600',
  EDUMON_RETRY_DELAY_S: '5',
  EDUMON_LOG_LEVEL: 'warn',
}

/** Settings of the demo, read and by name; what the environment sets wins. */
export function readDemoConfig(env: Env = process.env): { config: Config; settings: Record<string, string> } {
  const settings = Object.fromEntries(
    Object.entries(DEMO_SETTINGS).map(([name, value]) => [name, env[name] === '' ? value : (env[name] ?? value)]),
  )
  return { config: readConfig({ ...env, ...settings }), settings }
}

/** Environment of a program that this one starts: its own, with some settings named. */
export function childEnvironment(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings }
}

/**
 * Reads the settings of a process from its environment.
 * @throws ConfigError that names the setting, what was found and what is expected
 */
export function readConfig(environment: Env = process.env): Config {
  const env = withSecrets(environment)
  const public_origin = readPublicOrigin(env)
  const listening = { host: readHost(env), port: readInteger(env, 'EDUMON_PORT', 8080, 0, 65_535) }
  return {
    data_dir: readDataDir(env),
    ...listening,
    public_origin,
    database_url: readUrl(env, 'DATABASE_URL'),
    owner_database_url: readUrl(env, 'EDUMON_OWNER_DATABASE_URL'),
    time_zone: readZone(env),
    list_age_ms: readInteger(env, 'EDUMON_LIST_AGE_MS', 30_000, 0, 60_000),
    speed_tests_per_day: readInteger(env, 'EDUMON_SPEED_TESTS_PER_DAY', TESTS_PER_DAY_DEFAULT, 1, 24),
    accept_days: readInteger(env, 'EDUMON_ACCEPT_DAYS', 14, 1, 800),
    speed_accept_days: readInteger(env, 'EDUMON_SPEED_ACCEPT_DAYS', 70, 1, 800),
    allow_modelled: readYesNo(env, 'EDUMON_ALLOW_MODELLED', false),
    demo_accounts: readYesNo(env, 'EDUMON_DEMO_ACCOUNTS', false),
    objection_term_days: readInteger(env, 'EDUMON_OBJECTION_TERM_DAYS', 3, 1, 60),
    mend_term_days: readInteger(env, 'EDUMON_MEND_TERM_DAYS', 10, 1, 250),
    file_term_days: readInteger(env, 'EDUMON_FILE_TERM_DAYS', 1095, 1, 36_500),
    vantages: readNames(env, 'EDUMON_VANTAGES', ['local']),
    openid_connect: readOpenIdConnect(env, public_origin),
    token: readToken(env),
    log_level: readLogLevel(env),
    sample_data: readSampleData(env),
    schedule: readSchedule(env),
    limits: readLimits(env),
    measurement: readMeasurement(env, listening),
    transport: readTransport(env),
  }
}
