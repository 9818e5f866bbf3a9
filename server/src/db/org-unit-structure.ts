import { sql, type RawBuilder } from 'kysely'
import type { WriteExecutor } from './executor.ts'

/** The units' own versions of today: the newest that has begun; before the first has, that one. */
async function copyVersions(tx: WriteExecutor, isMeant: RawBuilder<boolean>, today: string): Promise<number> {
  const { rows } = await sql`
    UPDATE org_unit SET path = newest.path, region_id = newest.region_id, municipality_id = newest.municipality_id,
           founder_kind = CASE WHEN org_unit.kind = 'organisation' THEN newest.founder_kind ELSE org_unit.founder_kind END
    FROM (
      SELECT DISTINCT ON (v.org_unit_id) v.org_unit_id, v.path, v.region_id, v.municipality_id, v.founder_kind
      FROM org_unit_version v
      LEFT JOIN source_void void ON void.source_kind = v.source_kind AND void.source_id = v.source_id
      WHERE void.source_id IS NULL AND ${isMeant}
      ORDER BY v.org_unit_id, (v.valid_from <= ${today}::date) DESC,
               CASE WHEN v.valid_from <= ${today}::date THEN v.valid_from - ${today}::date ELSE ${today}::date - v.valid_from END DESC,
               v.change_set_no DESC
    ) newest
    WHERE newest.org_unit_id = org_unit.org_unit_id
      AND (org_unit.path, org_unit.region_id, org_unit.municipality_id,
           CASE WHEN org_unit.kind = 'organisation' THEN org_unit.founder_kind END)
          IS DISTINCT FROM (newest.path, newest.region_id, newest.municipality_id,
           CASE WHEN org_unit.kind = 'organisation' THEN newest.founder_kind END)
    RETURNING org_unit.org_unit_id`.execute(tx)
  return rows.length
}

/** Branches and buildings have the founder of the organisation that they belong to. */
async function copyFounders(tx: WriteExecutor): Promise<void> {
  await sql`
    UPDATE org_unit SET founder_kind = above.founder_kind
    FROM (
      SELECT part.org_unit_id, organisation.founder_kind
      FROM (SELECT org_unit_id, unnest(path) AS above_id FROM org_unit WHERE kind IN ('branch', 'building')) part
      JOIN org_unit organisation ON organisation.org_unit_id = part.above_id AND organisation.kind = 'organisation'
    ) above
    WHERE above.org_unit_id = org_unit.org_unit_id AND org_unit.founder_kind IS DISTINCT FROM above.founder_kind`.execute(
    tx,
  )
}

/**
 * Brings org_unit's copy of today's structure (path, region, municipality, founder) in line with the known versions of
 * these units. Rights follow it. Call it in the transaction that changed or voided versions.
 */
export async function refreshTodaysStructure(tx: WriteExecutor, org_unit_ids: number[], today: string): Promise<void> {
  if (org_unit_ids.length === 0) return
  await copyVersions(tx, sql<boolean>`v.org_unit_id = ANY(${org_unit_ids}::bigint[])`, today)
  await copyFounders(tx)
}

/** The same for all units: versions that were recorded in advance begin with the day. @returns units that changed */
export async function refreshWholeStructure(tx: WriteExecutor, today: string): Promise<number> {
  const changed = await copyVersions(tx, sql<boolean>`true`, today)
  await copyFounders(tx)
  return changed
}
