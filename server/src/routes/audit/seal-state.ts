import { sql } from 'kysely'
import { formatHead } from '../../audit/audit-head.ts'
import type { ReadExecutor } from '../../db/executor.ts'

/**
 * How far the audit is sealed. It is the same for everybody who may read any of the audit: the head says nothing of
 * what the events hold, and whoever keeps it can tell later whether the end was cut.
 */
export async function findSealState(db: ReadExecutor) {
  const head = await db
    .selectFrom('audit_seal')
    .select(['seal_no', 'to_event_id', 'sha256', 'sealed_at'])
    .orderBy('seal_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  const waiting = await db
    .selectFrom('audit_event')
    .where('audit_event_id', '>', head?.to_event_id ?? 0)
    .select([sql<number>`count(*)`.as('unsealed'), sql<Date | null>`min(occurred_at)`.as('unsealed_since')])
    .executeTakeFirstOrThrow()
  return {
    head: head === undefined ? null : formatHead(head),
    to_event_id: head?.to_event_id ?? null,
    sealed_at: head?.sealed_at.toISOString() ?? null,
    unsealed: waiting.unsealed,
    unsealed_since: waiting.unsealed_since?.toISOString() ?? null,
  }
}
