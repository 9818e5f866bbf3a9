import { sql, type RawBuilder } from 'kysely'
import { isVisible, type AccessScope } from './access-scope.ts'
import type { ReadExecutor } from './executor.ts'

/** Whose data, of which day, as known after which change set: what every read of the registry is asked with. */
export interface RegistryView {
  readonly scope: AccessScope
  /** Day of the region's calendar, YYYY-MM-DD. */
  readonly day: string
  readonly known_at_change_set_no: number
}

/** Ids of all units of some kinds: an `only` for reads that go through a whole region. */
export function unitIdsOfKinds(kinds: readonly string[]): RawBuilder<number> {
  return sql`(SELECT org_unit_id FROM org_unit WHERE kind = ANY(${kinds}::text[]))`
}

/** Ids of the region, its municipalities and city districts: an `only` for reads of the names of places. */
export const TERRITORY_IDS = unitIdsOfKinds(['region', 'municipality', 'city_district'])

/**
 * Ids of these units and of all that any version, whether known or not, ever put in them: an `only` that keeps reads of
 * one place from going through the whole registry. Whether a unit lies there on the view's day, its version says.
 */
export function unitIdsEverWithin(org_unit_ids: readonly number[]): RawBuilder<number> {
  return sql`(SELECT org_unit_id FROM org_unit_version
               WHERE path && ${org_unit_ids}::bigint[] OR municipality_id = ANY(${org_unit_ids}::bigint[]))`
}

/** Ids of all that any version ever put right below one of `parents`, a sub-select of ids. */
export function unitIdsEverBelow(parents: RawBuilder<number>): RawBuilder<number> {
  return sql`(SELECT org_unit_id FROM org_unit_version WHERE parent_id IN ${parents})`
}

/**
 * Versions that are known and whose source is not undone, of every day. Undone sources are few and asked of by hash, so
 * that the versions stay in the order of their key.
 */
export function knownOrgUnitVersions(db: ReadExecutor, known_at_change_set_no: number) {
  return db
    .selectFrom('org_unit_version as v')
    .where('v.change_set_no', '<=', known_at_change_set_no)
    .where(
      sql<boolean>`(v.source_kind, v.source_id) NOT IN
        (SELECT source_kind, source_id FROM source_void WHERE change_set_no <= ${known_at_change_set_no})`,
    )
}

/**
 * The version of each org unit on the view's day: one row a unit, none for a unit that is not known yet or that the
 * view's scope does not show. Territories are always shown.
 * Closed units are among them (`is_closed`). Use it as a sub-select: `db.selectFrom(orgUnitsOn(db, view).as('unit'))`.
 * `only` is a sub-select of ids beyond which the reader needs nothing. The order is that of the key, read backwards.
 */
export function orgUnitsOn(db: ReadExecutor, view: RegistryView, only?: RawBuilder<number>) {
  return knownOrgUnitVersions(db, view.known_at_change_set_no)
    .where('v.valid_from', '<=', view.day)
    .where(isVisible(view.scope, sql`v.org_unit_id`))
    .$if(only !== undefined, (query) => query.where(sql<boolean>`v.org_unit_id IN ${only}`))
    .distinctOn('v.org_unit_id')
    .selectAll('v')
    .orderBy('v.org_unit_id', 'desc')
    .orderBy('v.valid_from', 'desc')
    .orderBy('v.change_set_no', 'desc')
}

/** Addresses that are probed on the view's day: known, not undone, not retired. */
export function targetsOn(db: ReadExecutor, view: RegistryView) {
  const retirements = db
    .selectFrom('target_retirement as r')
    .leftJoin('source_void as void', (join) =>
      join
        .onRef('void.source_kind', '=', 'r.source_kind')
        .onRef('void.source_id', '=', 'r.source_id')
        .on('void.change_set_no', '<=', view.known_at_change_set_no),
    )
    .where('void.source_id', 'is', null)
    .where('r.change_set_no', '<=', view.known_at_change_set_no)
    .where('r.retired_on', '<=', view.day)
    .select(['r.org_unit_id', 'r.target_id'])
    .distinct()
  return db
    .selectFrom('target as t')
    .leftJoin('source_void as void', (join) =>
      join
        .onRef('void.source_kind', '=', 't.source_kind')
        .onRef('void.source_id', '=', 't.source_id')
        .on('void.change_set_no', '<=', view.known_at_change_set_no),
    )
    .leftJoin(retirements.as('retired'), (join) =>
      join.onRef('retired.org_unit_id', '=', 't.org_unit_id').onRef('retired.target_id', '=', 't.target_id'),
    )
    .where('void.source_id', 'is', null)
    .where('retired.target_id', 'is', null)
    .where('t.change_set_no', '<=', view.known_at_change_set_no)
    .where('t.valid_from', '<=', view.day)
    .selectAll('t')
}

/**
 * The dated state of each org unit on the view's day: at most one row a unit, none while it simply works.
 * A later entry for one first day replaces the earlier one; among states that hold, the one that began last counts.
 */
export function statusesOn(db: ReadExecutor, view: RegistryView) {
  const newest = db
    .selectFrom('org_unit_status as s')
    .leftJoin('source_void as void', (join) =>
      join
        .onRef('void.source_kind', '=', 's.source_kind')
        .onRef('void.source_id', '=', 's.source_id')
        .on('void.change_set_no', '<=', view.known_at_change_set_no),
    )
    .where('void.source_id', 'is', null)
    .where('s.change_set_no', '<=', view.known_at_change_set_no)
    .where('s.valid_from', '<=', view.day)
    .distinctOn(['s.org_unit_id', 's.valid_from'])
    .selectAll('s')
    .orderBy('s.org_unit_id')
    .orderBy('s.valid_from')
    .orderBy('s.change_set_no', 'desc')
  return db
    .selectFrom(newest.as('n'))
    .where((eb) => eb.or([eb('n.valid_to', 'is', null), eb('n.valid_to', '>=', view.day)]))
    .distinctOn('n.org_unit_id')
    .selectAll('n')
    .orderBy('n.org_unit_id')
    .orderBy('n.valid_from', 'desc')
}
