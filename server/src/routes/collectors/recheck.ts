import { sql, type Kysely } from 'kysely'
import type { AuditAuthor } from '../../db/audit-author.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import type { DB } from '../../db/schema.gen.ts'
import { CodedError } from '../../errors.ts'
import { makeWorkDue } from '../../ingest/recheck-work.ts'

const ACTION = 'recheck'
const AGAIN_AFTER_S = 60

interface RecheckRequest {
  org_unit_id: number
  target_id: string
  by: AuditAuthor
}

/**
 * The recheck of a subject that was asked for less than a minute ago. The action stands in the statement by its letters,
 * so that the ledger is asked through its small index of rechecks.
 */
export function selectRecent(db: ReadExecutor, subject: string) {
  return db
    .selectFrom('audit_event')
    .where('action', '=', sql.lit(ACTION))
    .where('subject', '=', subject)
    .where('occurred_at', '>', sql<Date>`clock_timestamp() - make_interval(secs => ${AGAIN_AFTER_S})`)
    .select('audit_event_id')
}

/**
 * Makes all work of a target due now, before everything else.
 * @returns rows of work that are due now
 * @throws EDU_TARGET_NOT_FOUND; EDU_RATE_LIMITED when it was asked for less than a minute ago
 */
export async function queueRecheck(db: Kysely<DB>, request: RecheckRequest): Promise<number> {
  const { org_unit_id, target_id, by } = request
  const subject = `target ${target_id}`
  return db.transaction().execute(async (tx) => {
    const queued = await makeWorkDue(tx, org_unit_id, target_id)
    if (queued === 0) {
      throw new CodedError('EDU_TARGET_NOT_FOUND', 'У организации нет такого адреса', { org_unit_id, target_id })
    }
    const recent = await selectRecent(tx, subject).executeTakeFirst()
    if (recent !== undefined) {
      throw new CodedError('EDU_RATE_LIMITED', 'Проверка уже заказана, повторить можно через минуту', {
        retry_after_s: AGAIN_AFTER_S,
      })
    }
    await insertAuditEvent(tx, { by, category: 'data', action: ACTION, subject, org_unit_id, detail: { queued } })
    return queued
  })
}
