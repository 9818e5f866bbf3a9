import { sql } from 'kysely'
import type { WriteExecutor } from './executor.ts'

/**
 * Brings org_unit's copy of today's structure (path, region, municipality) in line with the known versions of these
 * units. Rights follow it. Call it in the transaction that changed or voided versions.
 */
export async function refreshTodaysStructure(tx: WriteExecutor, org_unit_ids: number[], today: string): Promise<void> {
  if (org_unit_ids.length === 0) return
  await sql`
    UPDATE org_unit SET path = newest.path, region_id = newest.region_id, municipality_id = newest.municipality_id
    FROM (
      SELECT DISTINCT ON (v.org_unit_id) v.org_unit_id, v.path, v.region_id, v.municipality_id
      FROM org_unit_version v
      LEFT JOIN source_void void ON void.source_kind = v.source_kind AND void.source_id = v.source_id
      WHERE void.source_id IS NULL AND v.org_unit_id = ANY(${org_unit_ids}::bigint[])
      ORDER BY v.org_unit_id, (v.valid_from <= ${today}::date) DESC,
               CASE WHEN v.valid_from <= ${today}::date THEN v.valid_from - ${today}::date ELSE ${today}::date - v.valid_from END DESC,
               v.change_set_no DESC
    ) newest
    WHERE newest.org_unit_id = org_unit.org_unit_id
      AND (org_unit.path, org_unit.region_id, org_unit.municipality_id)
          IS DISTINCT FROM (newest.path, newest.region_id, newest.municipality_id)`.execute(tx)
}
