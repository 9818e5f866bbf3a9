import { sql, type Selectable } from 'kysely'
import type { ReadExecutor } from './executor.ts'
import type { DB } from './schema.gen.ts'

/** Tables of dated facts that sheets bring about a place, with what tells its facts apart. */
export const PLACE_FACT_KEYS = {
  connection_contract: ['valid_from', 'contract_key'],
  self_reported_speed: ['reported_on'],
  capacity_report: ['as_of_day'],
} as const
export type PlaceFactTable = keyof typeof PLACE_FACT_KEYS
export type PlaceFact<Table extends PlaceFactTable> = Selectable<DB[Table]> & { org_unit_id: number }

export interface PlaceFactsAsked {
  known_at_change_set_no: number
  /** Absent: those of all places. */
  org_unit_ids?: readonly number[]
}

/**
 * Facts that count as known at a change set: of each key the newest version whose source is not undone. By place and
 * key.
 */
export async function listPlaceFacts<Table extends PlaceFactTable>(
  db: ReadExecutor,
  table: Table,
  { known_at_change_set_no, org_unit_ids }: PlaceFactsAsked,
): Promise<PlaceFact<Table>[]> {
  const keys = sql.join(['org_unit_id', ...PLACE_FACT_KEYS[table]].map((key) => sql.ref(`fact.${key}`)))
  const isAsked = org_unit_ids === undefined ? sql`true` : sql`fact.org_unit_id = ANY(${org_unit_ids}::bigint[])`
  const { rows } = await sql<PlaceFact<Table>>`
    SELECT DISTINCT ON (${keys}) fact.* FROM ${sql.table(table)} AS fact
     WHERE fact.change_set_no <= ${known_at_change_set_no} AND ${isAsked}
       AND (fact.source_kind, fact.source_id) NOT IN
           (SELECT source_kind, source_id FROM source_void WHERE change_set_no <= ${known_at_change_set_no})
     ORDER BY ${keys}, fact.change_set_no DESC`.execute(db)
  return rows
}
