import { sql, type AliasableExpression, type QueryCreator } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { orgUnitsOn, statusesOn, targetsOn, unitIdsEverWithin, unitIdsOfKinds } from '../db/registry-as-known.ts'
import type { DB } from '../db/schema.gen.ts'
import { EXCLUDING_STATUSES, type Exclusion } from './exclusions.ts'
import type { EvaluationContext, SiteIndicator, UnitValue } from './indicator.ts'
import { setAsideOn } from './set-aside.ts'
import type { JudgedSite, SiteQuery, SiteTables, UnitRow } from './site-query.ts'

/** What can be counted at all: of a whole region nothing more need be asked before its versions are read. */
const COUNTED_IDS = unitIdsOfKinds(['organisation', 'branch'])

/**
 * Organisations and branches of the territory that are open on the context's day, by the structure of that day.
 * The test of the path is written so that the planner takes the territory for large: with "= any(path)" it expects
 * two units where there are a thousand, and compares each site with each other.
 */
function countedUnits(db: ReadExecutor, context: EvaluationContext) {
  const only = context.territory_kind === 'region' ? COUNTED_IDS : unitIdsEverWithin([context.territory_id])
  const units = db
    .selectFrom(orgUnitsOn(db, context, only).as('version'))
    .innerJoin('org_unit', 'org_unit.org_unit_id', 'version.org_unit_id')
    .where('org_unit.kind', 'in', ['organisation', 'branch'])
    .where('version.is_closed', '=', false)
    .where(sql<boolean>`array_position(version.path, ${context.territory_id}) is not null`)
    .select([
      'version.org_unit_id',
      'org_unit.kind as unit_kind',
      'version.path',
      'version.municipality_id',
      'version.short_name',
      'version.founder_kind',
      'version.org_kind',
    ])
  return context.founder_kind === null ? units : units.where('version.founder_kind', '=', context.founder_kind)
}

/** Status that excludes each unit on the day; of several that hold above it, the nearest one speaks. */
function excludingStatuses(db: QueryCreator<DB & { unit: UnitRow }>, reads: ReadExecutor, context: EvaluationContext) {
  const above = db
    .selectFrom('unit')
    .select([
      'unit.org_unit_id',
      sql<number>`unnest(unit.path)`.as('above_id'),
      sql<number>`generate_subscripts(unit.path, 1)`.as('depth'),
    ])
  return db
    .selectFrom(above.as('above'))
    .innerJoin(statusesOn(reads, context).as('status'), 'status.org_unit_id', 'above.above_id')
    .distinctOn('above.org_unit_id')
    .select(['above.org_unit_id', 'status.status'])
    .orderBy('above.org_unit_id')
    .orderBy('above.depth', 'desc')
}

/**
 * Starts a query over the sites of the context's territory: `unit` holds organisations and branches, `site` their
 * live addresses. Everything is by the structure of the context's day and as known at its change set.
 */
export function withSites(db: ReadExecutor, context: EvaluationContext): SiteQuery {
  return db
    .with('unit', () => countedUnits(db, context))
    .with('site', (query) =>
      query
        .selectFrom('unit')
        .innerJoin(targetsOn(db, context).as('target'), 'target.org_unit_id', 'unit.org_unit_id')
        .leftJoin(excludingStatuses(query, db, context).as('excluding'), 'excluding.org_unit_id', 'unit.org_unit_id')
        .leftJoin(setAsideOn(db, context).as('aside'), (join) =>
          join.onRef('aside.org_unit_id', '=', 'target.org_unit_id').onRef('aside.target_id', '=', 'target.target_id'),
        )
        .where('target.kind', '=', 'site')
        .selectAll('unit')
        .select(['aside.availability_reason', 'aside.certificate_reason', 'aside.section_reason'])
        .select('aside.set_aside_bits')
        .select([
          'target.target_id',
          'target.url',
          sql<Exclusion | null>`case when excluding.status in (${sql.join([...EXCLUDING_STATUSES])}) then excluding.status end`.as(
            'status_reason',
          ),
        ]),
    )
}

/** An indicator with the context that it is asked in, and its place among those asked, from 0. */
export interface AskedSites {
  indicator: Pick<SiteIndicator, 'code' | 'judge'>
  context: EvaluationContext
  place: number
}

/** A part with the place of its indicator among those asked, from 0. */
export type PlacedUnitValue = UnitValue & { place: number }

/** A site is judged by itself. */
const NO_WORST = [
  sql<number | null>`null::bigint`.as('worst_unit_id'),
  sql<string | null>`null::text`.as('worst_unit_name'),
] as const

/** Parts of the sites that an indicator judges: a site that it excludes has none. */
function judgedParts(db: ReadExecutor, code: string, place: number) {
  const part = (name: string) =>
    sql<number | null>`case when judged.excluded_reason is null then ${sql.ref(`judged.${name}`)}::float8 end`
  return db
    .selectFrom(sql<JudgedSite>`${sql.table(code)}`.as('judged'))
    .select([sql<number>`${sql.lit(place)}`.as('place'), 'judged.org_unit_id'])
    .select([sql<string | null>`judged.target_id`.as('target_id'), 'judged.path', 'judged.municipality_id'])
    .select(['judged.short_name', 'judged.founder_kind', sql<string | null>`judged.url`.as('url')])
    .select([part('numerator').as('numerator'), part('denominator').as('denominator')])
    .select(['judged.excluded_reason', 'judged.observed_at', ...NO_WORST])
}

/** Organisations without a site of their own, as each indicator lists them. A branch without one is no counting unit. */
function partsWithoutSite(db: ReadExecutor, places: readonly number[]) {
  return db
    .$extendTables<SiteTables>()
    .selectFrom('unit')
    .innerJoin(sql<{ place: number }>`unnest(${places}::int[])`.as<'asked'>(sql`asked (place)`), (join) =>
      join.onTrue(),
    )
    .leftJoin('site', 'site.org_unit_id', 'unit.org_unit_id')
    .where('site.target_id', 'is', null)
    .where('unit.unit_kind', '=', 'organisation')
    .select(['asked.place', 'unit.org_unit_id', 'site.target_id', 'unit.path', 'unit.municipality_id'])
    .select(['unit.short_name', 'unit.founder_kind', 'site.url'])
    .select([
      sql<number | null>`null::float8`.as('numerator'),
      sql<number | null>`null::float8`.as('denominator'),
      sql<Exclusion | null>`'no_own_site'`.as('excluded_reason'),
      sql<Date | null>`null::timestamptz`.as('observed_at'),
      ...NO_WORST,
    ])
}

/**
 * Parts of all counting units for each of the indicators, for use as a sub-select. Their contexts share territory and
 * day, so the sites are found once for all of them.
 */
export function siteValues(
  db: ReadExecutor,
  first: AskedSites,
  others: readonly AskedSites[] = [],
): AliasableExpression<PlacedUnitValue> {
  const asked = [first, ...others]
  const judging = asked.reduce<SiteQuery>(
    (query, { indicator, context }) =>
      query.with(indicator.code, (sites) => indicator.judge(db, context, sites)) as unknown as SiteQuery,
    withSites(db, first.context),
  )
  const parts = [
    partsWithoutSite(
      db,
      asked.map(({ place }) => place),
    ),
    ...asked.map(({ indicator, place }) => judgedParts(db, indicator.code, place)),
  ]
  return judging
    .with('part', () => sql<PlacedUnitValue>`(${sql.join(parts, sql` union all `)})`)
    .selectFrom('part')
    .selectAll()
}
