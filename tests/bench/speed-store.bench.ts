import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { issueOwnToken, withApplication } from '../../server/src/access/own-programs.ts'
import { findRegionId } from '../../server/src/access/users.ts'
import { waitForApi } from '../../server/src/commands/start.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'
import { loadReference } from '../../server/src/db/load-reference.ts'
import { ensurePartitions } from '../../server/src/db/measurement-partitions.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { sumSpeedTests } from '../../server/src/jobs/sum-speed-tests.ts'
import { insertPerson, RIGHTS_SINCE, type TestPerson } from '../factories/people.ts'
import { fillRegistry } from './pages/fill-registry.ts'
import { dropKeys } from './pages/measurement-keys.ts'
import type { BenchOptions } from './options.ts'
import { printReport, type Metric } from './report.ts'
import {
  copyMonth,
  fillLedger,
  fillStates,
  type BenchBuilding,
  type MonthStage,
} from './speed-store/fill-speed-tests.ts'
import { measureIngest } from './speed-store/measure-ingest.ts'
import { listSpeedReads, type SpeedRead } from './speed-store/speed-reads.ts'
import { regionDay } from '../setup/region-day.ts'

const ROOT = join(import.meta.dirname, '../..')
const FULL = { buildings: 40_000, months: 24, tests_per_month: 105, ingested: 1_000_000, turns: 25 }
const QUICK = { buildings: 40_000, months: 1, tests_per_month: 25, ingested: 50_000, turns: 10 }
const BYTES_PER_TEST = 620
const DISK_LIMIT_BYTES = 45e9
const FILL_LIMIT_MS = 26 * 60_000
const P95_LIMIT_MS = 100
const NO_LIMIT = 10_000_000
const TIME_ZONE = 'Europe/Saratov'
/** While filling only: nothing is kept that a crash could cost. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  max_wal_size: '4GB',
  shared_buffers: '1GB',
  maintenance_work_mem: '1GB',
}

type Size = typeof FULL

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The most months whose data fit on the disk, with a fifth of it left free. */
function fitMonths(size: Size, folder: string): number {
  const disk = statfsSync(folder)
  const room = Math.min(DISK_LIMIT_BYTES, disk.bavail * disk.bsize * 0.8)
  const month = size.buildings * size.tests_per_month * BYTES_PER_TEST
  return Math.max(1, Math.min(size.months, Math.floor(room / month)))
}

/** First days of the newest months, newest first. */
function listMonths(count: number): string[] {
  const now = new Date()
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 10),
  )
}

async function prepareRegistry(database: EmbeddedPostgres, size: Size, first: string): Promise<BenchBuilding[]> {
  await migrate(database.ownerUrl)
  await ensurePartitions(database.ownerUrl, { speed_test: new Date(`${first}T00:00:00Z`) }, new Date())
  const today = regionDay()
  await withApplication(database.applicationUrl, (db) => loadReference(db, { vantages: ['saratov'], today }))
  return withClient(database.ownerUrl, async (client) => {
    await fillRegistry(client, size.buildings)
    await client.query(
      `UPDATE org_unit_version v SET settlement_kind = CASE WHEN b.n % 3 = 0 THEN 'city' ELSE 'village' END
         FROM bench_target b WHERE b.building_id = v.org_unit_id`,
    )
    await client.query(
      `UPDATE org_unit u SET founder_kind = CASE WHEN b.n % 20 = 0 THEN 'regional' ELSE 'municipal' END
         FROM bench_target b WHERE u.org_unit_id IN (b.building_id, b.org_unit_id)`,
    )
    await client.query('ANALYZE')
    const { rows } = await client.query<{ id: string; is_city: boolean }>(
      'SELECT building_id AS id, n % 3 = 0 AS is_city FROM bench_target ORDER BY building_id',
    )
    return rows.map(({ id, is_city }) => ({ org_unit_id: Number(id), settlement_kind: is_city ? 'city' : 'village' }))
  })
}

async function openStage(client: pg.Client, month: string, tests_per_building: number): Promise<MonthStage> {
  const { rows } = await client.query<{ no: string }>(
    `INSERT INTO change_set
     SELECT max(change_set_no) + 1, max(recorded_at) + interval '1 millisecond', 'batch', 'bench', 'a month of tests'
       FROM change_set RETURNING change_set_no AS no`,
  )
  return { month, tests_per_building, change_set_no: Number(rows[0]?.no) }
}

interface Filled {
  months: string[]
  copy_s: number
  ledger_s: number
}

/** Fills months from the newest back until all are there or time is up. */
async function fillMonths(ownerUrl: string, buildings: readonly BenchBuilding[], size: Size, months: string[]) {
  const filled: Filled = { months: [], copy_s: 0, ledger_s: 0 }
  const until = Date.now() + FILL_LIMIT_MS
  await withClient(ownerUrl, async (client) => {
    const redoKeys = await dropKeys(client, ['speed_test', 'speed_hour'])
    for (const month of months) {
      if (Date.now() > until) break
      const stage = await openStage(client, month, size.tests_per_month)
      const started = performance.now()
      await copyMonth(client, buildings, stage)
      const copied = performance.now()
      await fillLedger(client, stage)
      filled.copy_s += (copied - started) / 1000
      filled.ledger_s += (performance.now() - copied) / 1000
      if (filled.months.length === 0) await fillStates(client, stage)
      filled.months.push(month)
      console.error(`${filled.months.length} of ${months.length} months filled`)
    }
    for (const redo of redoKeys) await client.query(redo)
    await client.query('VACUUM ANALYZE')
  })
  return filled
}

async function sizeOf(ownerUrl: string, tables: readonly string[]): Promise<number> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ bytes: string }>(
      `SELECT sum(pg_total_relation_size(inhrelid)) AS bytes FROM (
         SELECT inhrelid FROM pg_inherits WHERE inhparent = ANY($1::text[]::regclass[])
         UNION ALL SELECT unnest($1::text[]::regclass[])) parts`,
      [tables],
    )
    return Number(rows[0]?.bytes)
  })
}

function summarise(database: EmbeddedPostgres) {
  return withApplication(database.applicationUrl, async (db) => {
    const started = performance.now()
    const { ledger_rows } = await sumSpeedTests(db, { now: new Date(), time_zone: TIME_ZONE })
    return { ledger_rows, ms: performance.now() - started }
  })
}

function percentile95(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0
}

async function timeRead(base: string, { headers }: TestPerson, path: string): Promise<number> {
  const started = performance.now()
  const answer = await fetch(`${base}/api/v1/${path}`, { headers })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return performance.now() - started
}

/** A read through the API, made anew each time, beside the same figures from raw rows. */
async function measureRead(
  client: pg.Client,
  { base, person }: { base: string; person: TestPerson },
  read: SpeedRead,
  turns: number,
): Promise<Metric> {
  const times: number[] = []
  for (let turn = 0; turn <= turns; turn += 1) {
    await openStage(client, '', 0)
    const ms = await timeRead(base, person, read.path(turn))
    if (turn > 0) times.push(ms)
  }
  const value = percentile95(times)
  console.error(`${read.name}: ${Math.round(value)} ms`)
  const started = performance.now()
  if (read.raw !== null) await client.query(read.raw)
  const raw = read.raw === null ? {} : { peer: 'from raw rows', peer_value: performance.now() - started }
  return {
    name: `${read.name}, p95`,
    value,
    unit: 'ms',
    aim: `under ${P95_LIMIT_MS}`,
    ok: value < P95_LIMIT_MS,
    ...raw,
  }
}

async function measureApi(
  database: EmbeddedPostgres,
  folder: string,
  { buildings, size, months }: { buildings: readonly BenchBuilding[]; size: Size; months: readonly string[] },
): Promise<Metric[]> {
  const port = 20_000 + (process.pid % 20_000)
  const settings = {
    ...{ DATABASE_URL: database.applicationUrl, EDUMON_DATA_DIR: folder, EDUMON_PORT: `${port}` },
    ...{ EDUMON_LOG_LEVEL: 'warn', EDUMON_LIST_AGE_MS: '0', EDUMON_RATE_PER_ADDRESS: `${NO_LIMIT}` },
    EDUMON_RATE_LIMITS: `read=${NO_LIMIT},collect=${NO_LIMIT}`,
  }
  const stdio: ['ignore', 'inherit', 'inherit'] = ['ignore', 'inherit', 'inherit']
  const api = spawn(process.execPath, ['server/src/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
    stdio,
  })
  try {
    const base = `http://127.0.0.1:${port}`
    await waitForApi(base)
    const { person, token } = await withApplication(database.applicationUrl, async (db) => {
      const place = { org_unit_id: await findRegionId(db), founder_kinds: null }
      const purpose = { kind: 'school', label: 'bench', collector: null, jurisdiction: place } as const
      return {
        person: await insertPerson(db, [{ role: 'ministry_analyst', ...place }]),
        token: await issueOwnToken(db, purpose, RIGHTS_SINCE),
      }
    })
    return await withClient(database.ownerUrl, async (client) => {
      const url = `${base}/api/v1/speed-tests`
      const { tests, seconds } = await measureIngest(client, { url, token }, { buildings, tests: size.ingested })
      const sums = await summarise(database)
      await client.query('VACUUM ANALYZE')
      const metrics: Metric[] = [
        { name: 'taken in by the API', value: tests / seconds, unit: 'tests/s' },
        { name: 'sums of territories, per new test', value: (sums.ms * 1000) / tests, unit: 'µs' },
      ]
      for (const read of await listSpeedReads(client, months)) {
        metrics.push(await measureRead(client, { base, person }, read, size.turns))
      }
      return metrics
    })
  } finally {
    api.kill('SIGTERM')
  }
}

async function runIn(folder: string, size: Size): Promise<void> {
  const database = await startEmbeddedPostgres({ dataDir: folder, settings: SETTINGS })
  try {
    const months = listMonths(fitMonths(size, folder))
    const buildings = await prepareRegistry(database, size, months.at(-1) ?? '')
    const filled = await fillMonths(database.ownerUrl, buildings, size, months)
    const tests = filled.months.length * size.buildings * size.tests_per_month
    const fact_bytes = await sizeOf(database.ownerUrl, ['speed_test'])
    const first = await summarise(database)
    const rollup_bytes = await sizeOf(database.ownerUrl, [
      'speed_hour',
      'speed_month',
      'speed_week_hour',
      'speed_state',
    ])
    const metrics: Metric[] = [
      { name: 'tests copied', value: tests / filled.copy_s, unit: 'rows/s' },
      { name: 'ledger from copied tests, per test', value: (filled.ledger_s * 1e6) / tests, unit: 'µs' },
      { name: 'first sums of territories, per test', value: (first.ms * 1000) / tests, unit: 'µs' },
      { name: 'facts, per test', value: fact_bytes / tests, unit: 'bytes' },
      { name: 'rollups, per test', value: rollup_bytes / tests, unit: 'bytes' },
      ...(await measureApi(database, folder, { buildings, size, months: filled.months })),
    ]
    printReport('speed-store', metrics, [
      `${tests} tests of ${size.buildings} buildings in ${filled.months.length} of ${size.months} months`,
    ])
  } finally {
    await database.stop()
  }
}

/** Speed tests as they are stored, summed and read, over as many generated tests as fit. */
export async function runBench({ quick }: BenchOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-speed-store-'))
  chmodSync(folder, 0o755)
  try {
    await runIn(folder, quick ? QUICK : FULL)
  } finally {
    removePostgresPlace(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}
