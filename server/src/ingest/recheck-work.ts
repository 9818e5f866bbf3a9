import { sql } from 'kysely'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'

const RECHECK_PRIORITY = 2

export const RECHECK_STATES = ['queued', 'running', 'idle'] as const
export type RecheckState = (typeof RECHECK_STATES)[number]

/** How the work of one kind on one target stands. */
export interface WorkProgress {
  target_id: string
  kind: 'site_check' | 'site_audit'
  state: RecheckState
}

/** Locks all work of a target and makes it due now, before everything else. @returns how many rows of work there are */
export async function makeWorkDue(tx: WriteExecutor, org_unit_id: number, target_id: string): Promise<number> {
  const work = await tx
    .selectFrom('due_work')
    .where('org_unit_id', '=', org_unit_id)
    .where('target_id', '=', target_id)
    .select('work_id')
    .orderBy('work_id')
    .forUpdate()
    .execute()
  if (work.length === 0) return 0
  const queued = await tx
    .updateTable('due_work')
    .set({ due_at: sql<Date>`clock_timestamp()`, priority: RECHECK_PRIORITY })
    .where(
      'work_id',
      'in',
      work.map((row) => row.work_id),
    )
    .returning('work_id')
    .execute()
  return queued.length
}

/**
 * How checks and audits of targets stand now, one row a target and kind. A round that goes on to its next attempt is
 * still running, also while it waits for it.
 */
export async function listWorkProgress(db: ReadExecutor, target_ids: readonly string[]): Promise<WorkProgress[]> {
  if (target_ids.length === 0) return []
  const { rows } = await sql<WorkProgress>`
    SELECT target_id, kind,
           CASE WHEN bool_or(leased_until > clock_timestamp() OR attempt > 1) THEN 'running'
                WHEN bool_or(due_at <= clock_timestamp()) THEN 'queued' ELSE 'idle' END AS state
      FROM due_work
     WHERE target_id = ANY(${target_ids}::uuid[]) AND kind IN ('site_check', 'site_audit')
     GROUP BY target_id, kind ORDER BY target_id, kind DESC`.execute(db)
  return rows
}
