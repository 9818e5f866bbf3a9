import { sql, type Kysely } from 'kysely'
import type { MeasurementRecord, RecordBatchAnswer, RecordedDirection } from '../contract/index.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { confirmLateTests } from '../ingest-speed/confirm-late-tests.ts'

function directionColumns(download: RecordedDirection | null, upload: RecordedDirection | null) {
  return {
    download_end: download?.end ?? null,
    download_bytes: download?.bytes ?? null,
    download_ms: download?.duration_ms ?? null,
    upload_end: upload?.end ?? null,
    upload_bytes: upload?.bytes ?? null,
    upload_ms: upload?.duration_ms ?? null,
  }
}

/**
 * Keeps what a measurement server saw, once for each ticket that is known; what was handed in before stays as it is.
 * Tests that came before their record are confirmed.
 */
export async function storeRecords(
  db: Kysely<DB>,
  records: readonly MeasurementRecord[],
  by: AuditAuthor,
): Promise<RecordBatchAnswer> {
  const ids = records.map(({ ticket_id }) => ticket_id)
  return db.transaction().execute(async (tx) => {
    const tickets = await tx
      .selectFrom('measurement_ticket')
      .where('ticket_id', '=', sql<string>`ANY(${ids}::uuid[])`)
      .select('ticket_id')
      .execute()
    const known = new Set(tickets.map(({ ticket_id }) => ticket_id))
    // In one order everywhere, so that two senders of one batch wait for each other and never deadlock.
    const fresh = records
      .filter(({ ticket_id }) => known.has(ticket_id))
      .sort((a, b) => (a.ticket_id < b.ticket_id ? -1 : 1))
    const received_at = new Date()
    const rows = fresh.map(({ ticket_id, started_at, client_address, download, upload }) => ({
      ...{ ticket_id, started_at: new Date(started_at), client_address, received_at },
      ...directionColumns(download, upload),
    }))
    const stored =
      rows.length === 0
        ? []
        : await tx
            .insertInto('measurement_record')
            .values(rows)
            .onConflict((conflict) => conflict.doNothing())
            .returning('ticket_id')
            .execute()
    const { confirmed, change_set_no } = await confirmLateTests(
      tx,
      stored.map(({ ticket_id }) => ticket_id),
    )
    const answer = {
      accepted: stored.length,
      duplicate: fresh.length - stored.length,
      unknown: records.length - fresh.length,
    }
    await insertAuditEvent(tx, {
      by,
      category: 'data',
      action: 'take_in_batch',
      subject: 'measurement records',
      change_set_no,
      detail: { ...answer, confirmed },
    })
    return answer
  })
}
