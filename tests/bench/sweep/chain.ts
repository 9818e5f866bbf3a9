import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { issueCollectorToken, withApplication } from '../../../server/src/access/own-programs.ts'
import { waitForApi } from '../../../server/src/commands/start.ts'
import { startEmbeddedPostgres } from '../../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../../server/src/db/embedded/postgres-place.ts'
import { migrate } from '../../../server/src/db/migrate.ts'
import { ensurePartitions } from '../../../server/src/db/measurement-partitions.ts'
import { insertChainTargets } from './chain-targets.ts'
import type { BenchSite } from './peers.ts'

const ROOT = join(import.meta.dirname, '../../..')
const LIMIT_S = 300

export interface ChainResult {
  sites: number
  /** Sites with a confirmed verdict when all had one, or when time was up. */
  judged: number
  seconds: number
  /** Sites by verdict. */
  verdicts: Record<string, number>
}

/** Intervals and delays as the demo shortens them; three attempts make a verdict of failure, as in production. */
const SHORTENED = { EDUMON_RETRY_DELAY_S: '5', EDUMON_SITE_INTERVAL_S: '600', EDUMON_SITE_OTHER_INTERVAL_S: '600' }
const DEMO_PROBE_LIMITS = {
  EDUMON_HOST_DELAY_MS: '10',
  EDUMON_PROBE_CONNECT_MS: '2000',
  EDUMON_PROBE_TLS_MS: '2000',
  EDUMON_PROBE_FIRST_BYTE_MS: '3000',
  EDUMON_PROBE_BODY_IDLE_MS: '2000',
  EDUMON_PROBE_TOTAL_MS: '8000',
  EDUMON_POLL_MS: '500',
}

async function findPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function startProgram(args: string[], settings: Record<string, string>): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, EDUMON_LOG_LEVEL: 'silent', ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function endProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

async function countVerdicts(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ verdict: string; sites: number }>(
    'SELECT verdict, count(*)::int AS sites FROM site_state WHERE verdict IS NOT NULL GROUP BY verdict ORDER BY verdict',
  )
  return Object.fromEntries(rows.map((row) => [row.verdict, row.sites]))
}

async function waitForVerdicts(ownerUrl: string, sites: number): Promise<ChainResult> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  const started = performance.now()
  try {
    for (;;) {
      const verdicts = await countVerdicts(client)
      const judged = Object.values(verdicts).reduce((sum, count) => sum + count, 0)
      const seconds = (performance.now() - started) / 1000
      if (judged >= sites || seconds > LIMIT_S) return { sites, judged, seconds, verdicts }
      await delay(250)
    }
  } finally {
    await client.end()
  }
}

/**
 * The whole chain over all sites of the farm, troubled ones too: work is leased, probed with retries, handed in and
 * judged, by real processes over a database of its own. Ends when every site has a confirmed verdict.
 */
export async function runChain(
  sites: readonly BenchSite[],
  folder: string,
  collectorSettings: Record<string, string>,
): Promise<ChainResult> {
  const dataDir = join(folder, 'chain')
  chmodSync(folder, 0o755)
  mkdirSync(dataDir, { recursive: true })
  const database = await startEmbeddedPostgres({ dataDir })
  const programs: ChildProcess[] = []
  try {
    await migrate(database.ownerUrl)
    await ensurePartitions(database.ownerUrl, { site_check: new Date() }, new Date())
    const port = await findPort()
    const api_url = `http://127.0.0.1:${port}`
    const api = { DATABASE_URL: database.applicationUrl, EDUMON_PORT: `${port}`, EDUMON_VANTAGES: 'local' }
    programs.push(startProgram(['server/src/main.ts'], { ...SHORTENED, ...api, EDUMON_DATA_DIR: dataDir }))
    await waitForApi(api_url)
    const collector = { name: 'bench', vantage: 'local', work_kinds: ['site_check'] as const }
    const token = await withApplication(database.applicationUrl, (db) =>
      issueCollectorToken(db, collector, '2020-01-01'),
    )
    const settings = {
      EDUMON_API_URL: api_url,
      EDUMON_VANTAGE: collector.vantage,
      EDUMON_COLLECTOR_NAME: collector.name,
      EDUMON_TOKEN: token,
    }
    await insertChainTargets(database.applicationUrl, sites)
    programs.push(
      startProgram(['collectors/src/main.ts', 'run', 'website'], {
        ...collectorSettings,
        ...DEMO_PROBE_LIMITS,
        ...settings,
        EDUMON_DATA_DIR: dataDir,
      }),
    )
    return await waitForVerdicts(database.ownerUrl, sites.length)
  } finally {
    for (const program of programs.reverse()) await endProgram(program)
    await database.stop()
    removePostgresPlace(dataDir)
  }
}
