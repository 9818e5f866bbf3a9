import { sql, type RawBuilder } from 'kysely'
import type { Jurisdiction } from '../db/access-scope.ts'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'

/** What a person decided about rows of one match key. */
export interface RowDecision {
  outcome: 'unit' | 'same_as_row' | 'new' | 'skip'
  org_unit_id: number | null
  same_as_match_key: string | null
  reason: string
}

/** Which decisions count: those about sheets of a kind, made in files of one jurisdiction or of the whole region. */
export interface DecisionScope {
  kind: string
  /** Of the import that is judged; null: the whole region. */
  jurisdiction: readonly Jurisdiction[] | null
}

/** A jurisdiction as it is stored with imports and decisions. */
export function storedJurisdiction(jurisdiction: readonly Jurisdiction[] | null): string | null {
  return jurisdiction === null ? null : JSON.stringify(jurisdiction)
}

/** What one municipality decides about its rows says nothing of how another's, or the region's, are read. */
function counts({ kind, jurisdiction }: DecisionScope): RawBuilder<boolean> {
  return sql<boolean>`(identity_decision.kind = ${kind} AND (identity_decision.jurisdiction IS NULL
    OR identity_decision.jurisdiction = ${storedJurisdiction(jurisdiction)}::jsonb))`
}

/** The newest decision that counts for each of these match keys; keys that nobody decided are absent. */
export async function findDecisions(
  db: ReadExecutor,
  scope: DecisionScope,
  match_keys: readonly string[],
): Promise<Map<string, RowDecision>> {
  const rows = await db
    .selectFrom('identity_decision')
    .where(counts(scope))
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
export async function settleDecisions(tx: WriteExecutor, scope: DecisionScope, import_id: number): Promise<void> {
  await sql`
    INSERT INTO identity_decision (kind, match_key, decided_at, outcome, org_unit_id, decided_by, reason, jurisdiction)
    SELECT DISTINCT ON (r.match_key) ${scope.kind}, r.match_key, clock_timestamp(), 'unit', r.org_unit_id, d.decided_by, d.reason,
           ${storedJurisdiction(scope.jurisdiction)}::jsonb
    FROM import_row r
    JOIN (
      SELECT DISTINCT ON (match_key) match_key, outcome, decided_by, reason
      FROM identity_decision WHERE ${counts(scope)} ORDER BY match_key, decided_at DESC
    ) d ON d.match_key = r.match_key
    WHERE r.import_id = ${import_id} AND r.org_unit_id IS NOT NULL AND d.outcome IN ('new', 'same_as_row')
    ORDER BY r.match_key, r.sheet_no, r.row_no`.execute(tx)
}
