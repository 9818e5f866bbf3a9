import { sql } from 'kysely'
import type { AuditAuthor } from '../db/audit-author.ts'
import { hashBytes } from '../db/blobs.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { CodedError } from '../errors.ts'
import type { ObjectionEntry, OpenedObjection } from './objection-entry.ts'

/**
 * The objection that the same person has opened before by sending the same; null: nobody has used the id. The id stays
 * locked to the end of the transaction: of two that come at once the second one finds what the first one opened.
 * @throws EDU_ID_REUSED when somebody else, or something else, has the id
 */
export async function findOpened(
  tx: WriteExecutor,
  entry: ObjectionEntry & { objection_id: string },
  { user_id }: AuditAuthor,
  file: Buffer | null,
): Promise<OpenedObjection | null> {
  const { objection_id } = entry
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`objection ${objection_id}`}, 0))`.execute(tx)
  const known = await tx
    .selectFrom('objection')
    .where('objection_id', '=', objection_id)
    .selectAll()
    .limit(1)
    .executeTakeFirst()
  if (known === undefined) return null
  const isSame =
    known.opened_by_user_id === user_id &&
    known.org_unit_id === entry.org_unit_id &&
    known.target_id === entry.target_id &&
    known.kind === entry.kind &&
    known.finding === entry.finding &&
    known.subsection === entry.subsection &&
    known.incident_id === entry.incident_id &&
    known.asked_until === entry.asked_until &&
    known.reason === entry.reason.trim() &&
    known.file_name === (entry.file?.name ?? null) &&
    known.file_sha256 === (file === null ? null : hashBytes(file))
  if (isSame) return { objection_id, due_on: known.due_on, change_set_no: known.change_set_no }
  throw new CodedError('EDU_ID_REUSED', 'Обращение уже подано, но с другим содержанием: обновите страницу')
}
