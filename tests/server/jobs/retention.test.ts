import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listJobs } from '../../../server/src/jobs/list-jobs.ts'
import { removeOutdatedRecords } from '../../../server/src/jobs/retention.ts'
import { runTimedJob } from '../../../server/src/jobs/timed-jobs.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

const NOW = new Date('2026-09-30T12:00:00Z')

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const PAST = sql`SELECT ${NOW}::timestamptz - make_interval(days => d) AS at FROM generate_series(0, 60) d`

/** A report, a lease and a receipt of each of the last days, 0 to 60. */
async function fill(): Promise<void> {
  const { db } = database
  await sql`DELETE FROM collector_report`.execute(db)
  await sql`DELETE FROM lease`.execute(db)
  await sql`DELETE FROM receipt`.execute(db)
  await sql`DELETE FROM measurement_ticket_use`.execute(db)
  await sql`INSERT INTO collector_report (collector, vantage, reported_at, version, accepted, duplicate, rejected)
    SELECT 'c', 'v', at, '1', 1, 0, 0 FROM (${PAST}) past`.execute(db)
  await sql`INSERT INTO lease (lease_id, work_id, kind, collector, vantage, round_no, attempt, issued_at, expires_at)
    SELECT gen_random_uuid(), 1, 'site_check', 'c', 'v', 1, 1, at, at FROM (${PAST}) past`.execute(db)
  await sql`INSERT INTO receipt (measurement_id, content_sha256, received_at)
    SELECT gen_random_uuid(), decode('00', 'hex'), at FROM (${PAST}) past`.execute(db)
  await sql`INSERT INTO measurement_ticket_use (ticket_id, org_unit_id, tested_at, test_id, local_day, local_hour, used_at)
    SELECT gen_random_uuid(), 1, at, gen_random_uuid(), at::date, 1, at FROM (${PAST}) past`.execute(db)
}

async function listAudited(): Promise<unknown[]> {
  const rows = await database.db
    .selectFrom('audit_event')
    .where('action', '=', 'retention.delete')
    .select('detail')
    .orderBy('audit_event_id')
    .execute()
  return rows.map((row) => row.detail)
}

describe('retention', () => {
  it('takes away what is older than it says, says so in the audit, and then nothing more', async () => {
    await fill()
    const counts = { collector_report: 30, lease: 30, receipt: 39, ticket_use: 39 }
    expect(await removeOutdatedRecords(database.db, { accept_days: 14, speed_accept_days: 14, now: NOW })).toEqual(
      counts,
    )
    expect(await listAudited()).toEqual([expect.objectContaining(counts)])
    const nothing = { collector_report: 0, lease: 0, receipt: 0, ticket_use: 0 }
    expect(await removeOutdatedRecords(database.db, { accept_days: 14, speed_accept_days: 14, now: NOW })).toEqual(
      nothing,
    )
    expect(await listAudited()).toHaveLength(1)
  })

  it('keeps receipts and uses of tickets while late rows of whatever kind may still come', async () => {
    await fill()
    const counts = await removeOutdatedRecords(database.db, { accept_days: 14, speed_accept_days: 40, now: NOW })
    expect(counts).toEqual({ collector_report: 30, lease: 30, receipt: 13, ticket_use: 13 })
  })
})

describe('a timed job', () => {
  it('is left to the process that is at it', async () => {
    const [job] = listJobs({ accept_days: 14, speed_accept_days: 14, time_zone: 'Europe/Saratov' })
    if (job === undefined) throw new Error('There is no job')
    const within = { ...job, run: async () => ({ inner: await runTimedJob(database.db, job) }) }
    expect(await runTimedJob(database.db, within)).toEqual({ inner: null })
    expect(await runTimedJob(database.db, { ...job, run: () => Promise.resolve({ n: 1 }) })).toEqual({ n: 1 })
  })
})
