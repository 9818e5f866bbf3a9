import { sql, type Kysely } from 'kysely'
import { systemScope } from '../db/access-scope.ts'
import { findRegistryView } from '../db/find-registry-view.ts'
import { orgUnitsOn, unitIdsEverWithin } from '../db/registry-as-known.ts'
import type { DB } from '../db/schema.gen.ts'

/** A building that a school's code may test; the organisation itself where it has no parts. */
export interface TestPlace {
  org_unit_id: number
  name: string
  address: string | null
}

/** What a code shows whoever has it: the school's name and where it may test. */
export interface SchoolPlaces {
  school_name: string
  places: TestPlace[]
}

/** Today's open parts of an organisation that have no parts themselves. */
export async function listPlaces(
  db: Kysely<DB>,
  { org_unit_id, time_zone }: { org_unit_id: number; time_zone: string },
): Promise<SchoolPlaces> {
  const view = await findRegistryView(db, { scope: systemScope('school code'), time_zone })
  const units = await db
    .selectFrom(orgUnitsOn(db, view, unitIdsEverWithin([org_unit_id])).as('u'))
    .where(sql<boolean>`u.path @> ARRAY[${org_unit_id}::bigint]`)
    .where('u.is_closed', '=', false)
    .select(['u.org_unit_id', 'u.parent_id', 'u.short_name', 'u.address'])
    .orderBy('u.org_unit_id')
    .execute()
  const parents = new Set(units.map(({ parent_id }) => parent_id))
  return {
    school_name: units.find((unit) => unit.org_unit_id === org_unit_id)?.short_name ?? '',
    places: units
      .filter((unit) => !parents.has(unit.org_unit_id))
      .map(({ org_unit_id, short_name, address }) => ({ org_unit_id, name: short_name, address })),
  }
}
