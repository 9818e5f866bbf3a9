import type { WriteExecutor } from './executor.ts'

export interface AuditEntry {
  actor: string
  action: string
  subject: string
  change_set_no: number | null
  request_id: string
  /** Figures that explain it; no personal data. */
  detail: Record<string, unknown>
}

/** Writes who did what, in the transaction that did it. */
export async function insertAuditEvent(tx: WriteExecutor, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit_event')
    .values({ ...entry, detail: JSON.stringify(entry.detail) })
    .execute()
}
