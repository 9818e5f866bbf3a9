import { sql } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import { orgUnitsOn, unitIdsEverWithin, type RegistryView } from '../../db/registry-as-known.ts'

/** Appeals about a unit and all that lies in it, as known, the newest first. */
export async function listAppeals(db: ReadExecutor, view: RegistryView, org_unit_id: number) {
  const newest = db
    .selectFrom('operator_appeal as a')
    .innerJoin(orgUnitsOn(db, view, unitIdsEverWithin([org_unit_id])).as('unit'), 'unit.org_unit_id', 'a.org_unit_id')
    .where(sql<boolean>`${org_unit_id}::bigint = ANY(unit.path)`)
    .where('a.change_set_no', '<=', view.known_at_change_set_no)
    .distinctOn(['a.org_unit_id', 'a.appeal_number'])
    .selectAll('a')
    .orderBy('a.org_unit_id')
    .orderBy('a.appeal_number')
    .orderBy('a.change_set_no', 'desc')
  return db
    .selectFrom(newest.as('newest'))
    .selectAll()
    .orderBy('sent_on', 'desc')
    .orderBy('appeal_number')
    .orderBy('org_unit_id')
    .execute()
}
