import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { listWorkProgress, type RecheckState } from '../ingest/recheck-work.ts'

/** A check that began this long before the dispute came in is a recheck all the same when it ended after it. */
const REACH_BACK = sql`interval '10 minutes'`
/** What was measured later than this is another measurement, no recheck. */
const REACH_ON = sql`interval '7 days'`

/** What came of the recheck of a dispute. */
export interface RecheckResult {
  objection_id: string
  observed_at: Date
  outcome: string
  detail: string | null
  measurement_id: string | null
}

/** Disputes that are asked about. */
export interface AskedDisputes {
  org_unit_ids: readonly number[]
  objection_ids: readonly string[]
  known_at_change_set_no: number
}

/** The first verdict, certificate or judgement of each dispute's finding that was stored after the dispute. */
export async function listRecheckResults(db: ReadExecutor, asked: AskedDisputes): Promise<Map<string, RecheckResult>> {
  if (asked.objection_ids.length === 0) return new Map()
  const known = asked.known_at_change_set_no
  const { rows } = await sql<RecheckResult>`
    WITH asked AS (
      SELECT * FROM objection
       WHERE org_unit_id = ANY(${asked.org_unit_ids}::bigint[]) AND objection_id = ANY(${asked.objection_ids}::uuid[])
         AND kind = 'dispute'
    ), verdicts AS (
      SELECT o.objection_id, v.decided_at AS observed_at, v.verdict AS outcome, v.cause AS detail,
             NULL::uuid AS measurement_id, v.change_set_no
        FROM asked o JOIN site_verdict v ON v.org_unit_id = o.org_unit_id AND v.target_id = o.target_id
       WHERE o.finding = 'availability' AND v.change_set_no > o.change_set_no AND v.change_set_no <= ${known}
         AND v.decided_at > o.opened_at - ${REACH_BACK} AND v.decided_at < o.opened_at + ${REACH_ON}
    ), checks AS (
      SELECT o.objection_id, c.checked_at AS observed_at,
             CASE WHEN c.certificate_valid THEN 'valid' WHEN c.certificate_valid IS NULL THEN 'none' ELSE 'invalid' END
               AS outcome,
             c.cause AS detail, c.check_id AS measurement_id, c.change_set_no
        FROM asked o JOIN site_check c ON c.org_unit_id = o.org_unit_id AND c.target_id = o.target_id
       WHERE o.finding = 'certificate' AND c.change_set_no > o.change_set_no AND c.change_set_no <= ${known}
         AND (c.certificate_valid IS NOT NULL OR c.http_status IS NOT NULL)
         AND c.checked_at > o.opened_at - ${REACH_BACK} AND c.checked_at < o.opened_at + ${REACH_ON}
    ), audits AS (
      SELECT o.objection_id, a.audited_at AS observed_at, coalesce(s.presence, a.outcome) AS outcome,
             a.cause AS detail, a.audit_id AS measurement_id, a.change_set_no
        FROM asked o
        JOIN site_audit a ON a.org_unit_id = o.org_unit_id AND a.target_id = o.target_id
        LEFT JOIN site_subsection s ON s.org_unit_id = a.org_unit_id AND s.audited_at = a.audited_at
                                   AND s.audit_id = a.audit_id AND s.subsection = o.subsection
       WHERE o.finding = 'subsection' AND a.change_set_no > o.change_set_no AND a.change_set_no <= ${known}
         AND a.audited_at > o.opened_at - ${REACH_BACK} AND a.audited_at < o.opened_at + ${REACH_ON}
    )
    SELECT DISTINCT ON (objection_id) objection_id, observed_at, outcome, detail, measurement_id
      FROM (TABLE verdicts UNION ALL TABLE checks UNION ALL TABLE audits) said
     ORDER BY objection_id, change_set_no, observed_at`.execute(db)
  return new Map(rows.map((row) => [row.objection_id, row]))
}

/** Where the recheck of a dispute stands; "missed" when none came and none is due. */
export type DisputeRecheckState = 'queued' | 'running' | 'done' | 'missed'
export const DISPUTE_RECHECK_STATES = ['queued', 'running', 'done', 'missed'] as const satisfies DisputeRecheckState[]

const STATE_OF_WORK: Readonly<Record<RecheckState, DisputeRecheckState>> = {
  queued: 'queued',
  running: 'running',
  idle: 'missed',
}

/** Where the work stands that a dispute of each kind of finding waits for, by target and finding. */
export async function findWaiting(
  db: ReadExecutor,
  target_ids: readonly string[],
): Promise<(target_id: string, finding: string) => DisputeRecheckState> {
  const progress = await listWorkProgress(db, [...new Set(target_ids)])
  return (target_id, finding) => {
    const kind = finding === 'subsection' ? 'site_audit' : 'site_check'
    const work = progress.find((row) => row.target_id === target_id && row.kind === kind)
    return STATE_OF_WORK[work?.state ?? 'idle']
  }
}
