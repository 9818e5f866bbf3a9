import { sql } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import {
  knownOrgUnitVersions,
  orgUnitsOn,
  TERRITORY_IDS,
  unitIdsEverBelow,
  type RegistryView,
} from '../../db/registry-as-known.ts'

/** All versions of a unit that are known, newest first; the municipality's name is that of the version's day. */
export async function listVersions(db: ReadExecutor, view: RegistryView, org_unit_id: number) {
  return knownOrgUnitVersions(db, view.known_at_change_set_no)
    .where('v.org_unit_id', '=', org_unit_id)
    .innerJoin('change_set as c', 'c.change_set_no', 'v.change_set_no')
    .leftJoin(orgUnitsOn(db, view, TERRITORY_IDS).as('m'), 'm.org_unit_id', 'v.municipality_id')
    .leftJoin('org_unit as du', (join) =>
      join.on(sql`du.org_unit_id`, '=', sql`v.path[3]`).on('du.kind', '=', 'city_district'),
    )
    .leftJoin(orgUnitsOn(db, view, TERRITORY_IDS).as('d'), 'd.org_unit_id', 'du.org_unit_id')
    .selectAll('v')
    .select([
      'c.recorded_at',
      'c.actor',
      'm.short_name as municipality_name',
      'du.org_unit_id as city_district_id',
      'd.short_name as city_district_name',
    ])
    .orderBy('v.valid_from', 'desc')
    .orderBy('v.change_set_no', 'desc')
    .execute()
}

/** Dated states of a unit that are known, newest first. */
export async function listStatuses(db: ReadExecutor, view: RegistryView, org_unit_id: number) {
  return db
    .selectFrom('org_unit_status as s')
    .innerJoin('change_set as c', 'c.change_set_no', 's.change_set_no')
    .leftJoin('source_void as void', (join) =>
      join
        .onRef('void.source_kind', '=', 's.source_kind')
        .onRef('void.source_id', '=', 's.source_id')
        .on('void.change_set_no', '<=', view.known_at_change_set_no),
    )
    .where('void.source_id', 'is', null)
    .where('s.org_unit_id', '=', org_unit_id)
    .where('s.change_set_no', '<=', view.known_at_change_set_no)
    .select(['s.valid_from', 's.valid_to', 's.status', 's.order_number', 's.change_set_no', 'c.recorded_at', 'c.actor'])
    .orderBy('s.valid_from', 'desc')
    .orderBy('s.change_set_no', 'desc')
    .execute()
}

/** What the unit went on from and as. */
export async function listSuccessions(db: ReadExecutor, view: RegistryView, org_unit_id: number) {
  const either = sql<number>`(SELECT unnest(ARRAY[predecessor_id, successor_id]) FROM org_unit_succession
                               WHERE ${org_unit_id} IN (predecessor_id, successor_id))`
  return db
    .selectFrom('org_unit_succession as s')
    .leftJoin('source_void as void', (join) =>
      join
        .onRef('void.source_kind', '=', 's.source_kind')
        .onRef('void.source_id', '=', 's.source_id')
        .on('void.change_set_no', '<=', view.known_at_change_set_no),
    )
    .innerJoin(orgUnitsOn(db, view, either).as('p'), 'p.org_unit_id', 's.predecessor_id')
    .innerJoin(orgUnitsOn(db, view, either).as('n'), 'n.org_unit_id', 's.successor_id')
    .where('void.source_id', 'is', null)
    .where('s.change_set_no', '<=', view.known_at_change_set_no)
    .where((eb) => eb.or([eb('s.predecessor_id', '=', org_unit_id), eb('s.successor_id', '=', org_unit_id)]))
    .select([
      's.predecessor_id',
      'p.short_name as predecessor_name',
      's.successor_id',
      'n.short_name as successor_name',
      's.effective_on',
      's.kind',
      's.document',
      's.change_set_no',
    ])
    .orderBy('s.effective_on', 'desc')
    .orderBy('s.change_set_no', 'desc')
    .execute()
}

/** Addresses that the unit has or had, newest first. */
export async function listTargets(db: ReadExecutor, view: RegistryView, org_unit_id: number) {
  const known = view.known_at_change_set_no
  return db
    .selectFrom('target as t')
    .leftJoin('source_void as void', (join) =>
      join
        .onRef('void.source_kind', '=', 't.source_kind')
        .onRef('void.source_id', '=', 't.source_id')
        .on('void.change_set_no', '<=', known),
    )
    .leftJoin('target_retirement as r', (join) =>
      join
        .onRef('r.org_unit_id', '=', 't.org_unit_id')
        .onRef('r.target_id', '=', 't.target_id')
        .on('r.change_set_no', '<=', known),
    )
    .leftJoin('source_void as r_void', (join) =>
      join
        .onRef('r_void.source_kind', '=', 'r.source_kind')
        .onRef('r_void.source_id', '=', 'r.source_id')
        .on('r_void.change_set_no', '<=', known),
    )
    .where('void.source_id', 'is', null)
    .where('t.org_unit_id', '=', org_unit_id)
    .where('t.change_set_no', '<=', known)
    .groupBy(['t.org_unit_id', 't.target_id'])
    .select(['t.target_id', 't.kind', 't.url', 't.host', 't.valid_from', 't.predecessor_target_id'])
    .select((eb) => eb.fn.min('r.retired_on').filterWhere('r_void.source_id', 'is', null).as('retired_on'))
    .orderBy('t.valid_from', 'desc')
    .orderBy('t.change_set_no', 'desc')
    .execute()
}

/** Units above, from the region down. */
export async function listAncestors(db: ReadExecutor, view: RegistryView, org_unit_id: number) {
  const ever = sql<number>`(SELECT unnest(path) FROM org_unit_version WHERE org_unit_id = ${org_unit_id})`
  return db
    .selectFrom(orgUnitsOn(db, view).as('u'))
    .innerJoin(orgUnitsOn(db, view, ever).as('a'), (join) => join.on(sql`a.org_unit_id`, '=', sql`ANY(u.path)`))
    .innerJoin('org_unit as o', 'o.org_unit_id', 'a.org_unit_id')
    .where('u.org_unit_id', '=', org_unit_id)
    .whereRef('a.org_unit_id', '<>', 'u.org_unit_id')
    .select(['a.org_unit_id', 'o.kind', 'a.short_name'])
    .orderBy(sql`array_position(u.path, a.org_unit_id)`)
    .execute()
}

/** Children of a unit that are branches or buildings: their ids. */
export async function findChildIds(db: ReadExecutor, view: RegistryView, org_unit_id: number): Promise<number[]> {
  const rows = await db
    .selectFrom(orgUnitsOn(db, view, unitIdsEverBelow(sql`(${org_unit_id}::bigint)`)).as('u'))
    .where('u.parent_id', '=', org_unit_id)
    .select('u.org_unit_id')
    .execute()
  return rows.map((row) => row.org_unit_id)
}
