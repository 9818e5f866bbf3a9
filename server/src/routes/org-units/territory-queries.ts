import { sql } from 'kysely'
import { isAskable } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { orgUnitsOn, TERRITORY_IDS, type RegistryView } from '../../db/registry-as-known.ts'

/** Territories of a day that the view's scope may ask for, from the region down and by name, with the number of open organisations in each. */
export async function listTerritories(db: ReadExecutor, view: RegistryView) {
  const counted = db
    .selectFrom(orgUnitsOn(db, view, sql`(SELECT org_unit_id FROM org_unit WHERE kind = 'organisation')`).as('u'))
    .innerJoin(sql<{ territory_id: number }>`unnest(u.path)`.as<'above'>(sql`above(territory_id)`), (join) =>
      join.onTrue(),
    )
    .where('u.is_closed', '=', false)
    .groupBy('above.territory_id')
    .select((eb) => ['above.territory_id', eb.fn.countAll<number>().as('organisations')])
  const rows = await db
    .selectFrom(orgUnitsOn(db, view, TERRITORY_IDS).as('u'))
    .innerJoin('org_unit as o', 'o.org_unit_id', 'u.org_unit_id')
    .leftJoin(counted.as('c'), 'c.territory_id', 'u.org_unit_id')
    .where('o.kind', 'in', ['region', 'municipality', 'city_district'])
    .where('u.is_closed', '=', false)
    .where(isAskable(view.scope, sql`u.org_unit_id`))
    .select([
      'u.org_unit_id',
      'o.kind',
      'u.parent_id',
      'u.full_name as name',
      'u.short_name',
      'u.oktmo',
      'u.latitude',
      'u.longitude',
      'c.organisations',
    ])
    .orderBy(sql`cardinality(u.path)`)
    .orderBy(sql`u.full_name COLLATE "ru-x-icu"`)
    .execute()
  // A territory without organisations has zero of them: the registry itself is the source.
  return rows.map((row) => ({ ...row, organisations: row.organisations ?? 0 }))
}
