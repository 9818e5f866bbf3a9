import type { Kysely } from 'kysely'
import type { AuditAuthor } from '../../db/audit-author.ts'
import { openChangeSet } from '../../db/change-set.ts'
import type { WriteExecutor } from '../../db/executor.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import type { DB } from '../../db/schema.gen.ts'
import type { StatusEntry, SuccessionEntry } from './schemas.ts'

/** A person's edit: of which unit, by whom, in which request. */
export interface Edit<T> {
  org_unit_id: number
  by: AuditAuthor
  entry: T
}

/** The state that is known for a first day, if any. */
async function findStatus(tx: WriteExecutor, org_unit_id: number, valid_from: string): Promise<StatusEntry | null> {
  const row = await tx
    .selectFrom('org_unit_status')
    .where('org_unit_id', '=', org_unit_id)
    .where('valid_from', '=', valid_from)
    .select(['status', 'valid_from', 'valid_to', 'order_number'])
    .orderBy('change_set_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (row as StatusEntry | undefined) ?? null
}

/** Records a dated state. One for a first day that is known already replaces it. */
export async function insertStatus(db: Kysely<DB>, edit: Edit<StatusEntry>): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const summary = `Состояние организации ${edit.org_unit_id}: ${edit.entry.status}`
    const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: edit.by.actor, summary })
    const source = { source_kind: 'person', source_id: String(change_set_no) }
    const replaced = await findStatus(tx, edit.org_unit_id, edit.entry.valid_from)
    await tx
      .insertInto('org_unit_status')
      .values({ ...edit.entry, ...source, org_unit_id: edit.org_unit_id, change_set_no })
      .execute()
    await insertAuditEvent(tx, {
      by: edit.by,
      category: 'data',
      action: 'org_unit_status.insert',
      subject: `org_unit ${edit.org_unit_id}`,
      org_unit_id: edit.org_unit_id,
      change_set_no,
      before: replaced,
      after: edit.entry,
    })
    return change_set_no
  })
}

/** Records that a unit went on as another. */
export async function insertSuccession(db: Kysely<DB>, edit: Edit<SuccessionEntry>): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const summary = `Правопреемство: ${edit.org_unit_id} → ${edit.entry.successor_id}`
    const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: edit.by.actor, summary })
    const source = { source_kind: 'person', source_id: String(change_set_no) }
    await tx
      .insertInto('org_unit_succession')
      .values({ ...edit.entry, ...source, predecessor_id: edit.org_unit_id, change_set_no })
      .execute()
    await insertAuditEvent(tx, {
      by: edit.by,
      category: 'data',
      action: 'org_unit_succession.insert',
      subject: `org_unit ${edit.org_unit_id}`,
      org_unit_id: edit.org_unit_id,
      change_set_no,
      after: edit.entry,
    })
    return change_set_no
  })
}
