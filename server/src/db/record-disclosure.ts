import type { Kysely } from 'kysely'
import { insertAuditEvent, type AuditEntry } from './insert-audit-event.ts'
import type { DB } from './schema.gen.ts'

/**
 * Writes that something leaves the system: a file that somebody exports, or one with personal data. It is written
 * before the first byte goes out, so that nothing leaves unrecorded.
 */
export function recordDisclosure(
  db: Kysely<DB>,
  entry: AuditEntry & { category: 'export' | 'disclosure' },
): Promise<void> {
  return db.transaction().execute((tx) => insertAuditEvent(tx, entry))
}
