import type { Insertable, Kysely } from 'kysely'
import type { Provenance, SpeedBatch, SpeedBatchAnswer, WorkingDayCalendar } from '../contract/index.ts'
import type { AccessScope } from '../db/access-scope.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import { openChangeSet } from '../db/change-set.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import { localHourOf } from '../domain/schedule.ts'
import { judgeValidity, VALIDITY_RULE_VERSION, type ServerSide, type TestValidity } from '../domain/test-validity.ts'
import { admitSpeedRows, type SpeedAdmission } from './admit-speed-rows.ts'
import { CircumstanceFinder } from './circumstances.ts'
import type { TestRow } from './find-tickets.ts'
import { readSpeedRow, type SpeedRow } from './read-speed-row.ts'
import { besideClient, findRecords, type RecordedSide } from './server-side.ts'
import { SpeedHours } from './speed-hours.ts'
import { SpeedStates, upsertSpeedStates } from './speed-state-row.ts'

/** What the rules of taking in depend on besides the batch. */
export interface SpeedIngestSettings {
  /** Older tests are refused: an agent may come back after a month without network. */
  speed_accept_days: number
  time_zone: string
  calendar: WorkingDayCalendar
}

export interface SpeedSender {
  /** Units that the sender may speak for. */
  scope: AccessScope
  by: AuditAuthor
}

type PingRow = Extract<SpeedRow, { list: 'pings' }>
type TestFact = Insertable<DB['speed_test']> & { validity: TestValidity; tested_at: Date; download_kbps: number | null }

interface BatchStamp {
  agent_id: string
  provenance: Provenance
  change_set_no: number
}

function toTestFact({ test }: TestRow, validity: TestValidity, server: ServerSide | null, stamp: BatchStamp) {
  const { context } = test
  return {
    org_unit_id: test.org_unit_id,
    tested_at: new Date(test.started_at),
    test_id: test.id,
    ticket_id: test.ticket_id,
    method: test.method,
    agent_version: test.agent_version,
    download_kbps: test.download?.kbps ?? null,
    upload_kbps: test.upload?.kbps ?? null,
    min_rtt_us: test.min_rtt_us,
    cause: test.cause,
    server_download_kbps: server?.download?.kbps ?? null,
    server_upload_kbps: server?.upload?.kbps ?? null,
    validity,
    rule_version: VALIDITY_RULE_VERSION,
    retest_of: test.retest_of,
    ...context,
    ...stamp,
  } satisfies TestFact
}

function serverSideOf(
  { test }: TestRow,
  records: ReadonlyMap<string, RecordedSide>,
  provenance: Provenance,
): ServerSide | 'not_asked' | null {
  const record = test.ticket_id === null ? undefined : records.get(test.ticket_id)
  if (record !== undefined) return besideClient(record, new Date(test.started_at))
  return provenance === 'modelled' ? 'not_asked' : null
}

/** Writes the tests with what they are good for, their hours of the ledger, and the newest of each building. */
async function storeTests(
  tx: WriteExecutor,
  rows: readonly TestRow[],
  { circumstances, time_zone, states }: { circumstances: CircumstanceFinder; time_zone: string; states: SpeedStates },
  stamp: BatchStamp,
): Promise<void> {
  // Under the order lock: a record that is not seen here comes after this batch, and will find the test.
  const records = await findRecords(
    tx,
    rows.flatMap(({ test }) => test.ticket_id ?? []),
  )
  const hours = new SpeedHours()
  const facts = rows.map((row) => {
    const { test } = row
    const server = serverSideOf(row, records, stamp.provenance)
    const hour = localHourOf(Date.parse(test.started_at), time_zone)
    const validity = judgeValidity({
      method: test.method,
      download_kbps: test.download?.kbps ?? null,
      upload_kbps: test.upload?.kbps ?? null,
      has_failed: test.cause !== null,
      context: test.context,
      server,
      ...circumstances.of(test.org_unit_id, hour),
    })
    const fact = toTestFact(row, validity, server === 'not_asked' ? null : server, stamp)
    hours.add({ ...hour, ...fact })
    states.takeTest(fact)
    return fact
  })
  await insertRows(tx, 'speed_test', facts)
  await hours.write(tx, stamp)
}

async function storePings(
  tx: WriteExecutor,
  rows: readonly PingRow[],
  states: SpeedStates,
  stamp: BatchStamp,
): Promise<void> {
  const facts = rows.map(({ ping: { id, hour_at, ...ping } }) => ({
    ...ping,
    ping_id: id,
    hour_at: new Date(hour_at),
    ...stamp,
  }))
  for (const fact of facts) states.takePings(fact)
  await insertRows(tx, 'agent_hour', facts)
}

function byUnitAndTime(a: SpeedRow, b: SpeedRow): number {
  const placeOf = (row: SpeedRow): [number, number] =>
    row.list === 'tests'
      ? [row.test.org_unit_id, Date.parse(row.test.started_at)]
      : [row.ping.org_unit_id, Date.parse(row.ping.hour_at)]
  const [unitA, atA] = placeOf(a)
  const [unitB, atB] = placeOf(b)
  return unitA - unitB || atA - atB
}

async function writeAdmitted(
  tx: WriteExecutor,
  batch: SpeedBatch,
  admitted: readonly SpeedRow[],
  { settings, actor }: { settings: SpeedIngestSettings; actor: string },
): Promise<number> {
  const sorted = [...admitted].sort(byUnitAndTime)
  const tests = sorted.filter((row): row is TestRow => row.list === 'tests')
  const pings = sorted.filter((row): row is PingRow => row.list === 'pings')
  const units = [...new Set(tests.map(({ test }) => test.org_unit_id))]
  const circumstances = await CircumstanceFinder.load(tx, units, settings.calendar)
  const summary = `${tests.length} speed tests, ${pings.length} hours of pings`
  const { change_set_no } = await openChangeSet(tx, { kind: 'batch', actor, summary })
  const stamp = { agent_id: batch.agent_id, provenance: batch.provenance ?? 'measured', change_set_no }
  const states = new SpeedStates()
  await storeTests(tx, tests, { circumstances, time_zone: settings.time_zone, states }, stamp)
  await storePings(tx, pings, states, stamp)
  await upsertSpeedStates(tx, states.list(), change_set_no)
  return change_set_no
}

async function auditBatch(
  tx: WriteExecutor,
  { agent_id }: SpeedBatch,
  { admitted, duplicate, rejected }: SpeedAdmission,
  { by, change_set_no }: { by: AuditAuthor; change_set_no: number | null },
): Promise<void> {
  await insertAuditEvent(tx, {
    by,
    category: 'data',
    action: 'take_in_batch',
    subject: `agent ${agent_id}`,
    change_set_no,
    detail: { accepted: admitted.length, duplicate, rejected: rejected.length },
  })
}

/**
 * Takes in one batch of speed tests and hours of pings: all that is accepted of it, and all that follows, in one
 * transaction and one change set. When the answer is lost, the same batch sent again is answered with duplicates.
 */
export async function ingestSpeedBatch(
  db: Kysely<DB>,
  batch: SpeedBatch,
  settings: SpeedIngestSettings,
  { scope, by }: SpeedSender,
): Promise<SpeedBatchAnswer> {
  const read = [
    ...batch.tests.map((row, index) => readSpeedRow('tests', row, index)),
    ...batch.pings.map((row, index) => readSpeedRow('pings', row, index)),
  ]
  const provenance = batch.provenance ?? 'measured'
  return db.transaction().execute(async (tx) => {
    const { speed_accept_days: accept_days, time_zone } = settings
    const admission = await admitSpeedRows(tx, read, { now: Date.now(), accept_days, time_zone, scope, provenance })
    const { admitted, duplicate, rejected } = admission
    const change_set_no =
      admitted.length === 0 ? null : await writeAdmitted(tx, batch, admitted, { settings, actor: by.actor })
    if (read.length > 0) await auditBatch(tx, batch, admission, { by, change_set_no })
    return { accepted: admitted.length, duplicate, rejected }
  })
}
