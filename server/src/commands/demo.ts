import { join } from 'node:path'
import { DEMO_ACCOUNTS, ensureDemoAccounts } from '../access/demo-accounts.ts'
import { issueCollectorToken, issueMeasurementToken, issueOwnToken, withApplication } from '../access/own-programs.ts'
import { findRegionId } from '../access/users.ts'
import type { Config } from '../config.ts'
import { WORK_KINDS } from '../contract/index.ts'
import { removePostgresPlace } from '../db/embedded/postgres-place.ts'
import { dayInZone } from '../domain/region-day.ts'
import { ProgramGroup } from './child-process.ts'
import { issueAgentTokens } from './demo-agents.ts'
import { lockDataFolder, requireFreeDataFolder } from './data-folder-lock.ts'
import { applyImport, uploadFile } from './import-file.ts'
import { prepareDatabase, type PreparedDatabase } from './prepare-database.ts'
import { Shutdown } from './shutdown.ts'
import { apiSettings, findAddresses, measurementProgram, waitForApi, type Addresses } from './start.ts'

/** The day that the demo's registry speaks of: early enough for the modelled history. */
const REGISTRY_DAY = '2026-01-01'
/** The day that operators' and schools' sheets speak of where a row names none. */
const SHEETS_DAY = '2026-09-20'

/** What the simulated region says of itself when it is ready. */
interface FarmReport {
  registry_xlsx: string
  internet_sheets: { kind: string; file: string }[]
  /** ИНН of the schools whose agents run. */
  live_schools: string[]
  hosts_file: string
  system_ca_file: string
  extra_ca_file: string
  witnesses: string[]
  portals: { title: string; url: string }[]
  sites: number
  places: number
}

export interface DemoOptions {
  /** Begin anew: remove what an earlier demo has left. */
  reset: boolean
  seed: number
  schools: number
  /** Ports of the simulated sites; they are part of the sites' addresses, so they stay the same in one data folder. */
  http_port: number
  https_port: number
}

/** The demo's settings: a local region, short intervals (shown as such), history that is labelled as modelled. */
export interface DemoConfig {
  config: Config
  /** The same settings by name, for the programs that the demo starts. */
  settings: Record<string, string>
}

function collectorName(vantage: string): string {
  return `demo-${vantage}`
}

function collectorSettings(farm: FarmReport, url: string, vantage: string): Record<string, string> {
  return {
    EDUMON_API_URL: url,
    EDUMON_COLLECTOR_NAME: collectorName(vantage),
    EDUMON_VANTAGE: vantage,
    EDUMON_HOSTS_FILE: farm.hosts_file,
    EDUMON_ROOT_CA_FILE: farm.system_ca_file,
    EDUMON_EXTRA_CA_FILE: farm.extra_ca_file,
    EDUMON_ALLOW_ADDRESSES: '127.0.0.0/8',
    EDUMON_WITNESSES: farm.witnesses.join(','),
    EDUMON_HOST_DELAY_MS: '10',
    EDUMON_PROBE_CONNECT_MS: '2000',
    EDUMON_PROBE_TLS_MS: '2000',
    EDUMON_PROBE_FIRST_BYTE_MS: '3000',
    EDUMON_PROBE_BODY_IDLE_MS: '2000',
    EDUMON_PROBE_TOTAL_MS: '8000',
    EDUMON_POLL_MS: '1000',
  }
}

/** Tokens of the programs that the demo starts; they live in those programs' environments alone. */
interface DemoTokens {
  /** By vantage. */
  collectors: Record<string, string>
  /** Of the modelled history, by vantage. */
  history: Record<string, string>
  /** For the registry's upload. */
  upload: string
  /** For the history's look at the registry. */
  reading: string
  /** For the modelled past of speeds: of any school. */
  speeds: string
  measurement: string
}

function issueTokens(application_url: string, { config }: DemoConfig): Promise<DemoTokens> {
  const today = dayInZone(new Date(), config.time_zone)
  return withApplication(application_url, async (db) => {
    const jurisdiction = { org_unit_id: await findRegionId(db), founder_kinds: null }
    const tokens: DemoTokens = {
      collectors: {},
      history: {},
      upload: await issueOwnToken(db, { kind: 'upload', label: 'demo upload', collector: null, jurisdiction }, today),
      reading: await issueOwnToken(db, { kind: 'export', label: 'demo history', collector: null, jurisdiction }, today),
      speeds: await issueOwnToken(db, { kind: 'school', label: 'demo speeds', collector: null, jurisdiction }, today),
      measurement: await issueMeasurementToken(db, 'demo', today),
    }
    for (const vantage of config.vantages) {
      const collector = { name: collectorName(vantage), vantage, work_kinds: WORK_KINDS }
      const history = { name: 'demo-history', vantage, work_kinds: ['site_check'] as const }
      tokens.collectors[vantage] = await issueCollectorToken(db, collector, today)
      tokens.history[vantage] = await issueCollectorToken(db, history, today)
    }
    return tokens
  })
}

function startCollectors(
  programs: ProgramGroup,
  demo: DemoConfig,
  farm: FarmReport,
  { url, tokens }: { url: string; tokens: DemoTokens },
): void {
  for (const [vantage, token] of Object.entries(tokens.collectors)) {
    programs.keep({
      name: `collector ${vantage}`,
      script: 'collectors/src/main.ts',
      args: ['run'],
      settings: { ...demo.settings, ...collectorSettings(farm, url, vantage), EDUMON_TOKEN: token },
    })
  }
}

async function startFarm(programs: ProgramGroup, demo: DemoConfig, options: DemoOptions): Promise<FarmReport> {
  const report = await programs.keepReady({
    name: 'simulated region',
    script: 'collectors/src/demo-region/main.ts',
    args: [
      ...['farm', '--data', join(demo.config.data_dir, 'region')],
      ...['--seed', `${options.seed}`, '--schools', `${options.schools}`],
      ...['--http-port', `${options.http_port}`, '--https-port', `${options.https_port}`],
    ],
    settings: demo.settings,
  })
  return report as FarmReport
}

/** The past of the simulated sites, labelled as modelled; made once in one data folder, after the first real results. */
function startHistory(
  programs: ProgramGroup,
  demo: DemoConfig,
  options: DemoOptions,
  { url, tokens }: { url: string; tokens: DemoTokens },
): void {
  const { data_dir, vantages } = demo.config
  programs.finish({
    name: 'modelled history',
    script: 'collectors/src/demo-region/main.ts',
    args: [
      ...['history', '--data', join(data_dir, 'region'), '--api', url],
      ...['--seed', `${options.seed}`, '--vantages', vantages.join(',')],
    ],
    settings: {
      ...demo.settings,
      EDUMON_TOKEN: tokens.reading,
      EDUMON_SPEED_HISTORY_TOKEN: tokens.speeds,
      EDUMON_HISTORY_TOKENS: Object.entries(tokens.history)
        .map((pair) => pair.join('='))
        .join(','),
    },
  })
}

/** Agents of schools, through lines of their own speeds, against the measurement server. */
async function startAgents(
  programs: ProgramGroup,
  demo: DemoConfig,
  farm: FarmReport,
  { url, reading, application_url }: { url: string; reading: string; application_url: string },
): Promise<void> {
  const server = { url, token: reading }
  const tokens = await issueAgentTokens(application_url, demo.config, server, farm.live_schools)
  programs.keep({
    name: 'agents of schools',
    script: 'collectors/src/demo-region/main.ts',
    args: ['agents', '--data', join(demo.config.data_dir, 'region'), '--api', url],
    settings: { ...demo.settings, ...tokens },
  })
}

async function fillAndServe(
  programs: ProgramGroup,
  demo: DemoConfig,
  farm: FarmReport,
  database: PreparedDatabase,
  addresses: Addresses,
): Promise<DemoTokens> {
  const { url } = addresses.api
  programs.keep({
    name: 'api',
    script: 'server/src/main.ts',
    args: [],
    settings: { ...demo.settings, ...apiSettings(database, addresses) },
  })
  await waitForApi(url)
  const tokens = await issueTokens(database.application_url, demo)
  startCollectors(programs, demo, farm, { url, tokens })
  const measurement = measurementProgram(addresses, tokens.measurement)
  programs.keep({ ...measurement, settings: { ...demo.settings, ...measurement.settings } })
  const registry = { file: farm.registry_xlsx, kind: 'registry', valid_on: REGISTRY_DAY }
  const server = { url, token: tokens.upload }
  await applyImport(server, await uploadFile(server, registry))
  for (const { file, kind } of farm.internet_sheets) {
    await applyImport(server, await uploadFile(server, { file, kind, valid_on: SHEETS_DAY }))
  }
  await startAgents(programs, demo, farm, { url, reading: tokens.reading, application_url: database.application_url })
  await withApplication(database.application_url, (db) => ensureDemoAccounts(db, REGISTRY_DAY))
  return tokens
}

/** Starts everything over a simulated outside world; the database is filled only through the API and the collectors. */
export async function startDemo(demo: DemoConfig, options: DemoOptions): Promise<void> {
  const { data_dir } = demo.config
  requireFreeDataFolder(data_dir)
  if (options.reset) removePostgresPlace(data_dir)
  lockDataFolder(data_dir)
  const addresses = await findAddresses(demo.config)
  const { url } = addresses.api
  const shutdown = new Shutdown()
  const programs = new ProgramGroup()
  try {
    shutdown.add(() => programs.stop())
    const farm = await startFarm(programs, demo, options)
    const portals = farm.portals.map(({ url }) => ({ url, valid_from: REGISTRY_DAY }))
    const database = await shutdown.begin(
      () => prepareDatabase(demo.config, portals),
      (begun) => begun.stop(),
    )
    // Endings run in reverse: the programs go before the database that they use.
    shutdown.add(() => programs.stop())
    const tokens = await fillAndServe(programs, demo, farm, database, addresses)
    startHistory(programs, demo, options, { url, tokens })
    console.log(`
Open ${url}
  a simulated Saratov region: ${farm.places} organisations and buildings, ${farm.sites} sites on loopback addresses
  intervals are shortened; the first verdicts come within two minutes
  agents of ${farm.live_schools.length} schools test their lines against the measurement server, a few at a time
  then a past is added, labelled «смоделировано»: two years of speeds, three weeks of sites
  sign in as ${DEMO_ACCOUNTS.map(({ login }) => login).join(', ')}: the sign-in page shows the password
  data: ${data_dir}; Ctrl+C ends it, "npm run demo -- --reset" begins anew`)
  } catch (error) {
    await shutdown.end()
    throw error
  }
}
