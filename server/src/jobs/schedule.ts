import { sql } from 'kysely'
import type { WriteExecutor } from '../db/executor.ts'

/** A target that has to be probed from now on. */
export interface ScheduledTarget {
  org_unit_id: number
  target_id: string
  kind: string
}

/** First checks come spread over this time, so that sites of a whole region are not asked at one moment. */
const FIRST_CHECKS_SPREAD_MS = 20_000
/** First audits begin when the first checks are through: whether a site works is asked before what it shows. */
const FIRST_AUDITS_SPREAD_MS = 40_000
const AUDIT_PRIORITY = -1
const ROWS_PER_INSERT = 2000

export function siteCheckKey(targetId: string, vantage: string): string {
  return `${targetId}/${vantage}`
}

/** A number from 0 to 1 that is always the same for one target: its place in any spread. */
export function spreadOf(targetId: string): number {
  return Number.parseInt(targetId.slice(0, 8), 16) / 0x1_0000_0000
}

/**
 * Makes the work of new targets: one availability check per vantage and, for a site, one content audit by any
 * vantage. Work that is there already stays as it is.
 */
export async function scheduleTargets(
  tx: WriteExecutor,
  targets: readonly ScheduledTarget[],
  options: { vantages: readonly string[] },
): Promise<void> {
  const now = Date.now()
  const rows = targets.flatMap((target) => {
    const { org_unit_id, target_id } = target
    const checks = options.vantages.map((vantage) => ({
      kind: 'site_check',
      work_key: siteCheckKey(target_id, vantage),
      org_unit_id,
      target_id,
      vantage,
      priority: 0,
      due_at: new Date(now + spreadOf(target_id) * FIRST_CHECKS_SPREAD_MS),
    }))
    if (target.kind !== 'site') return checks
    const audit = {
      kind: 'site_audit',
      work_key: target_id,
      org_unit_id,
      target_id,
      vantage: null,
      priority: AUDIT_PRIORITY,
      due_at: new Date(now + FIRST_CHECKS_SPREAD_MS + spreadOf(target_id) * FIRST_AUDITS_SPREAD_MS),
    }
    return [...checks, audit]
  })
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await tx
      .insertInto('due_work')
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .onConflict((conflict) => conflict.columns(['kind', 'work_key']).doNothing())
      .execute()
  }
}

/** Takes away the work of targets that are no longer probed. A lease that is out may still report. */
export async function unscheduleTargets(tx: WriteExecutor, target_ids: readonly string[]): Promise<void> {
  if (target_ids.length === 0) return
  await tx
    .deleteFrom('due_work')
    .where('target_id', '=', sql<string>`ANY(${target_ids}::uuid[])`)
    .execute()
}
