import { sql } from 'kysely'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'

/** What a person decided about rows of one match key. */
export interface RowDecision {
  outcome: 'unit' | 'same_as_row' | 'new' | 'skip'
  org_unit_id: number | null
  same_as_match_key: string | null
  reason: string
}

/** The newest decision for each of these match keys; keys that nobody decided are absent. */
export async function findDecisions(
  db: ReadExecutor,
  kind: string,
  match_keys: readonly string[],
): Promise<Map<string, RowDecision>> {
  const rows = await db
    .selectFrom('identity_decision')
    .where('kind', '=', kind)
    .where('match_key', '=', sql<string>`ANY(${match_keys}::text[])`)
    .distinctOn('match_key')
    .select(['match_key', 'outcome', 'org_unit_id', 'same_as_match_key', 'reason'])
    .orderBy('match_key')
    .orderBy('decided_at', 'desc')
    .execute()
  return new Map(
    rows.map(({ match_key, outcome, ...row }) => [match_key, { ...row, outcome: outcome as RowDecision['outcome'] }]),
  )
}

/**
 * After an import is applied, "a new one" and "the same as that row" mean the units that they became: a later file
 * with the same rows must not make them again.
 */
export async function settleDecisions(tx: WriteExecutor, kind: string, import_id: number): Promise<void> {
  await sql`
    INSERT INTO identity_decision (kind, match_key, decided_at, outcome, org_unit_id, decided_by, reason)
    SELECT DISTINCT ON (r.match_key) ${kind}, r.match_key, clock_timestamp(), 'unit', r.org_unit_id, d.decided_by, d.reason
    FROM import_row r
    JOIN (
      SELECT DISTINCT ON (match_key) match_key, outcome, decided_by, reason
      FROM identity_decision WHERE kind = ${kind} ORDER BY match_key, decided_at DESC
    ) d ON d.match_key = r.match_key
    WHERE r.import_id = ${import_id} AND r.org_unit_id IS NOT NULL AND d.outcome IN ('new', 'same_as_row')
    ORDER BY r.match_key, r.sheet_no, r.row_no`.execute(tx)
}
