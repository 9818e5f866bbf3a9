import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { withApplication } from '../../server/src/access/own-programs.ts'
import { findRegionId } from '../../server/src/access/users.ts'
import { waitForApi } from '../../server/src/commands/start.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'
import { loadReference } from '../../server/src/db/load-reference.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { kyselyOver, poolConfig } from '../../server/src/db/pool.ts'
import { ensurePartitions } from '../../server/src/db/measurement-partitions.ts'
import { writeSections } from '../../server/src/ingest/site-sections.ts'
import { sumSchoolDays } from '../../server/src/jobs/sum-school-days.ts'
import { insertPerson, type TestPerson } from '../factories/people.ts'
import { CHECKS_PER_TARGET_AND_DAY, fillDay } from './pages/fill-measurements.ts'
import { CHANGE_SETS_PER_DAY, fillChangeSets, fillRegistry, type FillPlan } from './pages/fill-registry.ts'
import { fillStates } from './pages/fill-states.ts'
import { dropKeys } from './pages/measurement-keys.ts'
import { listPageRequests, type PageRequest } from './pages/page-requests.ts'
import type { BenchOptions } from './options.ts'
import { printReport, type Metric } from './report.ts'

const ROOT = join(import.meta.dirname, '../..')
const DAY_MS = 86_400_000
const FULL = { targets: 10_000, days: 50, turns: 25 }
const QUICK = { targets: 1000, days: 10, turns: 20 }
const BYTES_PER_CHECK = 900
const DISK_LIMIT_BYTES = 45e9
const FILL_LIMIT_MS = 90 * 60_000
const P95_LIMIT_MS = 200
const NO_LIMIT = 10_000_000
const FILLERS = 2
/** While filling only: nothing is kept that a crash could cost. */
const FILL_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  shared_buffers: '512MB',
  maintenance_work_mem: '512MB',
  autovacuum: 'off',
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The most days whose data fit on the disk, with a fifth of it left free. */
function fitDays(size: typeof FULL, folder: string): number {
  const disk = statfsSync(folder)
  const room = Math.min(DISK_LIMIT_BYTES, disk.bavail * disk.bsize * 0.8)
  return Math.max(
    2,
    Math.min(size.days, Math.floor(room / (size.targets * CHECKS_PER_TARGET_AND_DAY * BYTES_PER_CHECK))),
  )
}

async function prepareSchema(database: EmbeddedPostgres, today: string, days: number): Promise<void> {
  await migrate(database.ownerUrl)
  const now = new Date()
  await ensurePartitions(database.ownerUrl, { site_check: new Date(now.getTime() - (days + 1) * DAY_MS) }, now)
  const pool = new pg.Pool(poolConfig(database.applicationUrl, 1))
  await loadReference(kyselyOver(pool), { vantages: ['saratov', 'moscow'], today })
  await pool.end()
}

/** Fills days from the newest back until all are there or time is up; returns how many. */
async function fillDays(ownerUrl: string, plan: FillPlan): Promise<number> {
  const until = Date.now() + FILL_LIMIT_MS
  let next = plan.days - 1
  let filled = 0
  const fill = (): Promise<void> =>
    withClient(ownerUrl, async (client) => {
      while (next >= 0 && Date.now() < until) {
        const place = next
        next -= 1
        await fillDay(client, plan, place)
        filled += 1
        if (filled % 5 === 0) console.error(`${filled} of ${plan.days} days filled`)
      }
    })
  await Promise.all(Array.from({ length: FILLERS }, fill))
  return filled
}

/** What the running system keeps up from the facts, the sums of hours as it made them at the end of each day. */
async function keepSums(database: EmbeddedPostgres, plan: FillPlan): Promise<void> {
  const pool = new pg.Pool(poolConfig(database.applicationUrl, 1))
  const db = kyselyOver(pool)
  await db.transaction().execute((tx) => writeSections(tx, null, lastChangeSet(plan)))
  for (let ago = plan.days - 1; ago >= 0; ago -= 1) {
    const end_of_day = new Date(Date.parse(plan.until) - ago * DAY_MS)
    await sumSchoolDays(db, end_of_day, lastChangeSet(plan) - ago * CHANGE_SETS_PER_DAY)
  }
  await pool.end()
}

function lastChangeSet({ base_change_set_no, days }: FillPlan): number {
  return base_change_set_no + days * CHANGE_SETS_PER_DAY
}

async function fillDatabase(database: EmbeddedPostgres, size: typeof FULL, folder: string): Promise<number> {
  const until = new Date().toISOString()
  const days = fitDays(size, folder)
  await prepareSchema(database, until.slice(0, 10), days)
  const plan = await withClient(database.ownerUrl, async (client) => {
    const base_change_set_no = await fillRegistry(client, size.targets)
    const made: FillPlan = { targets: size.targets, days, until, base_change_set_no }
    await fillChangeSets(client, made)
    return made
  })
  const redoKeys = await withClient(database.ownerUrl, dropKeys)
  const filled = await fillDays(database.ownerUrl, plan)
  await withClient(database.ownerUrl, async (client) => {
    for (const redo of redoKeys) await client.query(redo)
    await fillStates(client, plan, lastChangeSet(plan))
    await client.query('VACUUM ANALYZE')
  })
  await keepSums(database, plan)
  await withClient(database.ownerUrl, (client) =>
    client.query('VACUUM ANALYZE site_section, site_school_day, site_school_month'),
  )
  return filled * size.targets * CHECKS_PER_TARGET_AND_DAY
}

/** Somebody who may open every page. */
async function signIn(application_url: string): Promise<TestPerson> {
  return withApplication(application_url, async (db) => {
    const place = { org_unit_id: await findRegionId(db), founder_kinds: null }
    return insertPerson(db, [
      { role: 'ministry_analyst', ...place },
      { role: 'administrator', ...place },
    ])
  })
}

async function timeRequest(url: string, { headers }: TestPerson): Promise<number> {
  const started = performance.now()
  const answer = await fetch(url, { headers })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return performance.now() - started
}

function metricOf(name: string, times: number[]): Metric {
  const sorted = times.toSorted((a, b) => a - b)
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
  console.error(`${name}: ${Math.round(p95)} ms`)
  return { name, value: p95, unit: 'ms', aim: `under ${P95_LIMIT_MS}`, ok: p95 < P95_LIMIT_MS }
}

/** Records what a batch records, so that no answer kept before can be given again. */
async function recordChangeSet(client: pg.Client): Promise<void> {
  await client.query(
    `INSERT INTO change_set
     SELECT max(change_set_no) + 1, greatest(clock_timestamp(), max(recorded_at) + interval '1 microsecond'), 'batch', 'bench',
            'nothing' FROM change_set`,
  )
}

interface Api {
  base: string
  person: TestPerson
}

/** Asks each question twice: first after a new change set, when the answer has to be made, then as it is kept. */
async function measure(api: Api, client: pg.Client, request: PageRequest, turns: number): Promise<Metric[]> {
  const made: number[] = []
  const kept: number[] = []
  for (let turn = 0; turn <= turns; turn += 1) {
    const url = `${api.base}/api/v1/${request.path(turn)}`
    await recordChangeSet(client)
    const times = [await timeRequest(url, api.person), await timeRequest(url, api.person)] as const
    if (turn === 0) continue
    made.push(times[0])
    kept.push(times[1])
  }
  return [metricOf(`${request.name}, new answer, p95`, made), metricOf(`${request.name}, kept answer, p95`, kept)]
}

async function measurePages(database: EmbeddedPostgres, folder: string, turns: number): Promise<Metric[]> {
  const port = 20_000 + (process.pid % 20_000)
  const api = spawn(process.execPath, ['server/src/main.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATABASE_URL: database.applicationUrl,
      EDUMON_DATA_DIR: folder,
      EDUMON_PORT: `${port}`,
      EDUMON_LOG_LEVEL: 'warn',
      EDUMON_RATE_LIMITS: `read=${NO_LIMIT}`,
      EDUMON_LIST_AGE_MS: '0',
      EDUMON_RATE_PER_ADDRESS: `${NO_LIMIT}`,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  try {
    const base = `http://127.0.0.1:${port}`
    await waitForApi(base)
    const person = await signIn(database.applicationUrl)
    return await withClient(database.ownerUrl, async (client) => {
      const metrics: Metric[] = []
      for (const request of await listPageRequests(client)) {
        metrics.push(...(await measure({ base, person }, client, request, turns)))
      }
      return metrics
    })
  } finally {
    api.kill('SIGTERM')
  }
}

/** What a fill left behind, kept beside its database. */
interface Fill {
  targets: number
  checks: number
  planned: number
  fill_s: number
}

async function fill(size: typeof FULL, folder: string): Promise<Fill> {
  const database = await startEmbeddedPostgres({ dataDir: folder, settings: FILL_SETTINGS })
  try {
    const started = Date.now()
    const checks = await fillDatabase(database, size, folder)
    const fill_s = Math.round((Date.now() - started) / 1000)
    console.error(`filled in ${fill_s} s`)
    return { targets: size.targets, checks, planned: size.targets * size.days * CHECKS_PER_TARGET_AND_DAY, fill_s }
  } finally {
    await database.stop()
  }
}

/** Fills the folder, unless an earlier run has: what that one made stays as old as it is. */
async function fillOnce(size: typeof FULL, folder: string): Promise<Fill> {
  const note = join(folder, 'filled.json')
  if (existsSync(note)) return JSON.parse(readFileSync(note, 'utf8')) as Fill
  const made = await fill(size, folder)
  writeFileSync(note, JSON.stringify(made))
  return made
}

function openFolder(keep: string | undefined): string {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'edumon-pages-'))
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  return folder
}

/** The reads of the pages over generated checks: p95 per route through the real API process, of answers made anew and kept. */
export async function runBench({ quick, keep }: BenchOptions): Promise<void> {
  const size = quick ? QUICK : FULL
  const folder = openFolder(keep)
  try {
    const { targets, checks, planned, fill_s } = await fillOnce(size, folder)
    const database = await startEmbeddedPostgres({ dataDir: folder })
    try {
      await migrate(database.ownerUrl)
      const metrics = await measurePages(database, folder, size.turns)
      printReport('pages', metrics, [
        `${targets} targets, ${checks} checks of ${planned} planned; filled in ${fill_s} s`,
      ])
    } finally {
      await database.stop()
    }
  } finally {
    if (keep === undefined) {
      removePostgresPlace(folder)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
