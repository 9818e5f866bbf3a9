import { sql } from 'kysely'
import { EVERYTHING, isCovered, type AccessScope, type Jurisdiction } from '../db/access-scope.ts'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import { insertRows } from '../db/insert-rows.ts'
import { storedJurisdiction } from './decisions.ts'

/** A unit that an earlier file of the same scope had and a later one lacks. */
export interface MissingUnit {
  org_unit_id: number
  /** The newest earlier file that has it, with its place there. */
  earlier_import_id: number
  earlier_sheet_no: number
  earlier_row_no: number
  /** What applying does with it; null: nobody has decided, it is kept and asked about again. */
  outcome: 'keep' | 'withdraw' | null
  /** The file for which it was decided: another one when the decision is remembered. */
  decided_in_import_id: number | null
  decided_by: string | null
  reason: string | null
}

/** The later file, and the known units that it speaks of. */
export interface MissingRequest {
  kind: string
  import_id: number
  sender: string
  territory_id: number | null
  valid_on: string
  mentioned: ReadonlySet<number>
  /** What the sender answers for; null: the whole region. */
  jurisdiction: readonly Jurisdiction[] | null
}

/**
 * Units that this file lacks. It is compared with applied files of the same kind, sender and territory, of the same or
 * an earlier day, that share at least one unit with it: a sender's list of schools says nothing about its list of
 * kindergartens. Only units that the sender still answers for are listed. Each comes with the newest decision about it
 * that was made in this file, or in an applied one of the same sender and jurisdiction: whoever writes another's name
 * over a file decides nothing in that one's files, and neither does a file that came to nothing.
 */
export async function listMissingUnits(db: ReadExecutor, request: MissingRequest): Promise<MissingUnit[]> {
  const { kind, import_id, sender, territory_id, valid_on, jurisdiction } = request
  const scope: AccessScope = jurisdiction === null ? EVERYTHING : { kind: 'jurisdictions', jurisdictions: jurisdiction }
  const stored = sql`${storedJurisdiction(jurisdiction)}::jsonb`
  const mentioned = [...request.mentioned]
  const { rows } = await sql<MissingUnit>`
    WITH earlier AS (
      SELECT i.import_id, i.valid_on, i.change_set_no FROM import i
      WHERE i.kind = ${kind} AND i.sender = ${sender} AND i.territory_id IS NOT DISTINCT FROM ${territory_id}::bigint
        AND i.jurisdiction IS NOT DISTINCT FROM ${stored}
        AND i.state = 'applied' AND i.valid_on <= ${valid_on}::date AND i.import_id <> ${import_id}
        AND i.import_id IN (SELECT import_id FROM import_row WHERE org_unit_id = ANY(${mentioned}::bigint[]))
    ),
    lacking AS (
      SELECT DISTINCT ON (r.org_unit_id) r.org_unit_id, r.import_id AS earlier_import_id,
             r.sheet_no AS earlier_sheet_no, r.row_no AS earlier_row_no
      FROM earlier JOIN import_row r ON r.import_id = earlier.import_id
      WHERE r.verdict IN ('new', 'changed', 'same') AND r.org_unit_id IS NOT NULL
        AND r.org_unit_id <> ALL(${mentioned}::bigint[]) AND ${isCovered(scope, sql`r.org_unit_id`)}
      ORDER BY r.org_unit_id, earlier.valid_on DESC, earlier.change_set_no DESC, r.sheet_no, r.row_no
    ),
    decided AS (
      SELECT DISTINCT ON (d.org_unit_id) d.org_unit_id, d.outcome, d.import_id AS decided_in_import_id, d.decided_by, d.reason
      FROM missing_decision d JOIN import i ON i.import_id = d.import_id
      WHERE d.kind = ${kind} AND d.sender = ${sender} AND d.jurisdiction IS NOT DISTINCT FROM ${stored}
        AND (i.state = 'applied' OR d.import_id = ${import_id})
      ORDER BY d.org_unit_id, d.decided_at DESC
    )
    SELECT lacking.*, decided.outcome, decided.decided_in_import_id, decided.decided_by, decided.reason
    FROM lacking LEFT JOIN decided USING (org_unit_id)
    ORDER BY org_unit_id`.execute(db)
  return rows
}

/** What the last dry run of an import found missing. */
export function listStoredMissing(db: ReadExecutor, import_id: number): Promise<MissingUnit[]> {
  return db
    .selectFrom('import_missing')
    .where('import_id', '=', import_id)
    .select(['org_unit_id', 'earlier_import_id', 'earlier_sheet_no', 'earlier_row_no'])
    .select(['outcome', 'decided_in_import_id', 'decided_by', 'reason'])
    .$narrowType<{ outcome: MissingUnit['outcome'] }>()
    .orderBy('org_unit_id')
    .execute()
}

/** Stores what a dry run found missing, in place of what an earlier one found. */
export async function replaceMissingUnits(
  tx: WriteExecutor,
  import_id: number,
  missing: readonly MissingUnit[],
): Promise<void> {
  await tx.deleteFrom('import_missing').where('import_id', '=', import_id).execute()
  await insertRows(
    tx,
    'import_missing',
    missing.map((unit) => ({ ...unit, import_id })),
  )
}
