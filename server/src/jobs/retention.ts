import { sql, type Kysely, type RawBuilder } from 'kysely'
import { systemAuthor } from '../db/audit-author.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'

const DAY_MS = 86_400_000
const ROWS_PER_DELETE = 5000
/** One run takes away so much of each table at most; the next day's run goes on. */
const DELETES_PER_RUN = 400
const COLLECTION_DAYS = 30
const GRACE_DAYS = 7

/** Rows taken away by one run. */
export interface RetentionCounts {
  collector_report: number
  lease: number
  receipt: number
  ticket_use: number
}

async function deleteOlder(db: Kysely<DB>, statement: (limit: number) => RawBuilder<unknown>): Promise<number> {
  let removed = 0
  for (let turn = 0; turn < DELETES_PER_RUN; turn += 1) {
    const { rows } = await statement(ROWS_PER_DELETE).execute(db)
    removed += rows.length
    if (rows.length < ROWS_PER_DELETE) break
  }
  return removed
}

/**
 * Takes away the traces of collection that nothing asks for any more. Facts are never touched.
 *
 * A receipt tells a row that is sent again from a new one. It goes a week after the time from which the row itself is
 * refused as too old: a row is never dated later than a few minutes after its receipt, so by then it cannot come in
 * twice. A lease stays as long, because a late row is taken in only under its lease.
 */
export async function removeOutdatedRecords(
  db: Kysely<DB>,
  { accept_days, speed_accept_days, now }: { accept_days: number; speed_accept_days: number; now: Date },
): Promise<RetentionCounts> {
  const before = (days: number): Date => new Date(now.getTime() - days * DAY_MS)
  const receipt_days = Math.max(accept_days, speed_accept_days)
  const receipts_before = before(receipt_days + GRACE_DAYS)
  const leases_before = before(Math.max(COLLECTION_DAYS, accept_days + GRACE_DAYS))
  const reports_before = before(COLLECTION_DAYS)
  const counts: RetentionCounts = {
    receipt: await deleteOlder(
      db,
      (limit) => sql`DELETE FROM receipt WHERE measurement_id = ANY(ARRAY(SELECT measurement_id FROM receipt
        WHERE received_at < ${receipts_before} ORDER BY received_at LIMIT ${limit})) RETURNING 1`,
    ),
    ticket_use: await deleteOlder(
      db,
      (
        limit,
      ) => sql`DELETE FROM measurement_ticket_use WHERE ticket_id = ANY(ARRAY(SELECT ticket_id FROM measurement_ticket_use
        WHERE used_at < ${receipts_before} ORDER BY used_at LIMIT ${limit})) RETURNING 1`,
    ),
    lease: await deleteOlder(
      db,
      (limit) => sql`DELETE FROM lease WHERE lease_id = ANY(ARRAY(SELECT lease_id FROM lease
        WHERE issued_at < ${leases_before} ORDER BY issued_at LIMIT ${limit})) RETURNING 1`,
    ),
    collector_report: await deleteOlder(
      db,
      (limit) => sql`DELETE FROM collector_report WHERE (collector, vantage, reported_at) IN (
        SELECT collector, vantage, reported_at FROM collector_report
         WHERE reported_at < ${reports_before} ORDER BY reported_at LIMIT ${limit}) RETURNING 1`,
    ),
  }
  if (Object.values(counts).some((count: number) => count > 0)) {
    await db.transaction().execute((tx) =>
      insertAuditEvent(tx, {
        by: systemAuthor('retention'),
        category: 'operation',
        action: 'retention.delete',
        subject: 'collection',
        detail: { ...counts, receipts_before, leases_before, reports_before },
      }),
    )
  }
  return counts
}
