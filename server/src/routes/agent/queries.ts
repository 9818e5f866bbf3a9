import { sql } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import { orgUnitsOn, unitIdsOfKinds, type RegistryView } from '../../db/registry-as-known.ts'
import type { SettlementKind } from '../../domain/internet-rules.ts'

/** What a school may have at most; a token over more is none of a school. */
const BUILDINGS_MAX = 200

export interface TestedBuilding {
  org_unit_id: number
  name: string
  settlement_kind: SettlementKind | null
  /** From the region down to the unit itself: a status of each counts for the building. */
  path: number[]
}

/** Units of the view that are tested: buildings, and organisations and branches that have none of their own. */
export async function listTestedBuildings(db: ReadExecutor, view: RegistryView): Promise<TestedBuilding[]> {
  const { rows } = await sql<TestedBuilding>`
    WITH unit AS MATERIALIZED (
      SELECT v.org_unit_id, v.parent_id, v.short_name, v.settlement_kind, v.path, u.kind
        FROM ${orgUnitsOn(db, view, unitIdsOfKinds(['organisation', 'branch', 'building']))} v
        JOIN org_unit u ON u.org_unit_id = v.org_unit_id
       WHERE NOT v.is_closed),
    parent AS (SELECT DISTINCT parent_id FROM unit WHERE kind = 'building')
    SELECT unit.org_unit_id, unit.short_name AS name, unit.settlement_kind, unit.path
      FROM unit LEFT JOIN parent ON parent.parent_id = unit.org_unit_id
     WHERE unit.kind = 'building' OR parent.parent_id IS NULL
     ORDER BY unit.org_unit_id
     LIMIT ${BUILDINGS_MAX}`.execute(db)
  return rows
}
