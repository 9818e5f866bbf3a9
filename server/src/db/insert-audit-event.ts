import type { AuditAction } from './audit-actions.ts'
import type { AuditAuthor } from './audit-author.ts'
import type { WriteExecutor } from './executor.ts'

/** Sorts of commands, as people filter the audit by them. */
export const AUDIT_CATEGORIES = ['data', 'grant', 'setting', 'export', 'sign_in', 'disclosure', 'operation'] as const
export type AuditCategory = (typeof AUDIT_CATEGORIES)[number]

export interface AuditEntry {
  by: AuditAuthor
  category: AuditCategory
  action: AuditAction
  subject: string
  /** Unit concerned: whoever may see the unit may see the event. Absent: no single unit. */
  org_unit_id?: number | null
  /** Absent: it made none. */
  change_set_no?: number | null
  /** Figures that explain it; no personal data. */
  detail?: object
  /** What was there before, and what is there now; absent: nothing. */
  before?: object | null
  after?: object | null
}

function toJson(value: object | null | undefined): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

/** Writes who did what, in the transaction that did it: one event a command, as late in it as possible. */
export async function insertAuditEvent(tx: WriteExecutor, entry: AuditEntry): Promise<void> {
  const { by, detail, before, after, ...rest } = entry
  const { actor, user_id, remote_address, request_id } = by
  await tx
    .insertInto('audit_event')
    .values({
      ...rest,
      actor,
      user_id,
      remote_address,
      request_id,
      detail: JSON.stringify(detail ?? {}),
      before: toJson(before),
      after: toJson(after),
    })
    .execute()
}
