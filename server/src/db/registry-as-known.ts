import type { AccessScope } from './access-scope.ts'
import type { ReadExecutor } from './executor.ts'

/** Whose data, of which day, as known after which change set: what every read of the registry is asked with. */
export interface RegistryView {
  readonly scope: AccessScope
  /** Day of the region's calendar, YYYY-MM-DD. */
  readonly day: string
  readonly known_at_change_set_no: number
}

/** Versions that are known and whose source is not undone, of every day. */
export function knownOrgUnitVersions(db: ReadExecutor, known_at_change_set_no: number) {
  return db
    .selectFrom('org_unit_version as v')
    .leftJoin('source_void as void', (join) =>
      join
        .onRef('void.source_kind', '=', 'v.source_kind')
        .onRef('void.source_id', '=', 'v.source_id')
        .on('void.change_set_no', '<=', known_at_change_set_no),
    )
    .where('void.source_id', 'is', null)
    .where('v.change_set_no', '<=', known_at_change_set_no)
}

/**
 * The version of each org unit on the view's day: one row a unit, none for a unit that is not known yet.
 * Closed units are among them (`is_closed`). Use it as a sub-select: `db.selectFrom(orgUnitsOn(db, view).as('unit'))`.
 */
export function orgUnitsOn(db: ReadExecutor, view: RegistryView) {
  return knownOrgUnitVersions(db, view.known_at_change_set_no)
    .where('v.valid_from', '<=', view.day)
    .distinctOn('v.org_unit_id')
    .selectAll('v')
    .orderBy('v.org_unit_id')
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
