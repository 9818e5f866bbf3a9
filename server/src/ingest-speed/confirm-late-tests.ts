import { sql } from 'kysely'
import type { Provenance, SpeedMethod } from '../contract/index.ts'
import { lockOrder, openChangeSet } from '../db/change-set.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertRows } from '../db/insert-rows.ts'
import { readWorkingDays } from '../db/reference-files.ts'
import type { LocalHour } from '../domain/schedule.ts'
import { judgeValidity, VALIDITY_RULE_VERSION, type JudgedTest, type ServerSide } from '../domain/test-validity.ts'
import { CircumstanceFinder } from './circumstances.ts'
import { besideClient, findRecords } from './server-side.ts'
import { SpeedHours } from './speed-hours.ts'
import { SpeedStates, upsertSpeedStates } from './speed-state-row.ts'

const WORKING_DAYS = readWorkingDays()

/** A test that was handed in before its record came. */
interface WaitingTest extends LocalHour {
  ticket_id: string
  org_unit_id: number
  tested_at: Date
  test_id: string
  method: SpeedMethod
  provenance: Provenance
  agent_version: string
  download_kbps: number
  upload_kbps: number
  min_rtt_us: number | null
  medium: JudgedTest['context']['medium']
  wifi_signal_percent: number | null
  link_kbps: number | null
  own_received_bytes: number | null
  own_sent_bytes: number | null
}

async function findWaitingTests(tx: WriteExecutor, ticket_ids: readonly string[]): Promise<WaitingTest[]> {
  const { rows } = await sql<WaitingTest>`
    SELECT u.ticket_id, u.local_day, u.local_hour, t.org_unit_id, t.tested_at, t.test_id, t.method, t.provenance,
           t.agent_version, t.download_kbps, t.upload_kbps, t.min_rtt_us, t.medium, t.wifi_signal_percent, t.link_kbps,
           t.own_received_bytes, t.own_sent_bytes
      FROM measurement_ticket_use u
      JOIN speed_test t ON t.org_unit_id = u.org_unit_id AND t.tested_at = u.tested_at AND t.test_id = u.test_id
      LEFT JOIN speed_confirmation c
        ON c.org_unit_id = t.org_unit_id AND c.tested_at = t.tested_at AND c.test_id = t.test_id
     WHERE u.ticket_id = ANY(${ticket_ids}::uuid[]) AND t.validity = 'unconfirmed' AND c.test_id IS NULL
     ORDER BY t.org_unit_id, t.tested_at`.execute(tx)
  return rows
}

function judgeAnew(test: WaitingTest, server: ServerSide, circumstances: CircumstanceFinder) {
  const { method, download_kbps, upload_kbps } = test
  const hour = { local_day: test.local_day, local_hour: test.local_hour }
  const figures = { method, download_kbps, upload_kbps, has_failed: false, context: test, server }
  return judgeValidity({ ...figures, ...circumstances.of(test.org_unit_id, hour) })
}

async function writeConfirmations(
  tx: WriteExecutor,
  tests: readonly { test: WaitingTest; server: ServerSide }[],
  change_set_no: number,
): Promise<void> {
  const units = [...new Set(tests.map(({ test }) => test.org_unit_id))]
  const circumstances = await CircumstanceFinder.load(tx, units, WORKING_DAYS)
  const states = new SpeedStates()
  const hours = { measured: new SpeedHours(), modelled: new SpeedHours() }
  const facts = tests.map(({ test, server }) => {
    const validity = judgeAnew(test, server, circumstances)
    hours[test.provenance].takeBack({ ...test, validity: 'unconfirmed' })
    hours[test.provenance].add({ ...test, validity })
    states.takeTest({ ...test, cause: null, validity })
    return {
      ...{ org_unit_id: test.org_unit_id, tested_at: test.tested_at, test_id: test.test_id },
      server_download_kbps: server.download?.kbps ?? null,
      server_upload_kbps: server.upload?.kbps ?? null,
      ...{ validity, rule_version: VALIDITY_RULE_VERSION, change_set_no },
    }
  })
  await insertRows(tx, 'speed_confirmation', facts)
  for (const provenance of ['measured', 'modelled'] as const) {
    await hours[provenance].write(tx, { change_set_no, provenance })
  }
  await upsertSpeedStates(tx, states.list(), change_set_no)
}

/**
 * Confirms tests whose record came after them: says what both sides saw, and moves them in the rollups. Call it in the
 * transaction that stored the records, after them: it takes the order lock, so that a test which is handed in at the
 * same moment either is found here or finds its record.
 * @returns how many tests were waiting, and the change set; null when none was
 */
export async function confirmLateTests(
  tx: WriteExecutor,
  ticket_ids: readonly string[],
): Promise<{ confirmed: number; change_set_no: number | null }> {
  await lockOrder(tx)
  const records = await findRecords(tx, ticket_ids)
  const waiting = (await findWaitingTests(tx, [...records.keys()])).flatMap((test) => {
    const record = records.get(test.ticket_id)
    return record === undefined ? [] : [{ test, server: besideClient(record, test.tested_at) }]
  })
  if (waiting.length === 0) return { confirmed: 0, change_set_no: null }
  const summary = `${waiting.length} speed tests confirmed`
  const { change_set_no } = await openChangeSet(tx, { kind: 'batch', actor: 'measurement server', summary })
  await writeConfirmations(tx, waiting, change_set_no)
  return { confirmed: waiting.length, change_set_no }
}
