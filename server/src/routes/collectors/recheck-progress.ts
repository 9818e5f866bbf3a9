import { CodedError } from '../../errors.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { listWorkProgress } from '../../ingest/recheck-work.ts'

/**
 * How the checks of a target stand and what the newest ones said.
 * @throws EDU_TARGET_NOT_FOUND
 */
export async function findRecheckProgress(db: ReadExecutor, place: { org_unit_id: number; target_id: string }) {
  const { org_unit_id, target_id } = place
  const found = await db
    .selectFrom('target as t')
    .leftJoin('site_state as s', (join) =>
      join.onRef('s.org_unit_id', '=', 't.org_unit_id').onRef('s.target_id', '=', 't.target_id'),
    )
    .where('t.org_unit_id', '=', org_unit_id)
    .where('t.target_id', '=', target_id)
    .select(['s.last_checked_at', 's.last_verdict_at', 's.verdict', 's.cause', 's.last_audited_at', 's.audit_outcome'])
    .executeTakeFirst()
  if (found === undefined) {
    throw new CodedError('EDU_TARGET_NOT_FOUND', 'У организации нет такого адреса', { org_unit_id, target_id })
  }
  const works = await listWorkProgress(db, [target_id])
  return {
    ...found,
    works: works.map(({ kind, state }) => ({ kind, state })),
    last_checked_at: found.last_checked_at?.toISOString() ?? null,
    last_verdict_at: found.last_verdict_at?.toISOString() ?? null,
    last_audited_at: found.last_audited_at?.toISOString() ?? null,
  }
}
