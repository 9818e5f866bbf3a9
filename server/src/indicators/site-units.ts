import { sql, type AliasableExpression, type Expression, type QueryCreator } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { orgUnitsOn, statusesOn, targetsOn, unitIdsEverWithin } from '../db/registry-as-known.ts'
import type { DB } from '../db/schema.gen.ts'
import { EXCLUDING_STATUSES, type Exclusion } from './exclusions.ts'
import type { EvaluationContext, UnitValue } from './indicator.ts'
import { setAsideOn } from './set-aside.ts'

interface UnitRow {
  org_unit_id: number
  unit_kind: string
  path: number[]
  municipality_id: number | null
  short_name: string
  founder_kind: string | null
  org_kind: string | null
}

/** A live site with its unit and the dated status, if any, that excludes it on the context's day. */
export interface SiteRow extends UnitRow {
  target_id: string
  url: string
  status_reason: Exclusion | null
  /** Why its verdicts, its certificate or its section do not count on that day; null: no granted objection. */
  availability_reason: Exclusion | null
  certificate_reason: Exclusion | null
  section_reason: Exclusion | null
  /** Subsections that do not count on that day; null: none. */
  set_aside_subsections: string[] | null
}

/** What an indicator says of one site. Parts of an excluded site are ignored. */
export interface JudgedSite {
  org_unit_id: number
  target_id: string
  numerator: number | null
  denominator: number | null
  excluded_reason: Exclusion | null
  observed_at: Date | null
}

/** What `withSites` adds to the tables of the database. */
export type SiteTables = { unit: UnitRow; site: SiteRow }

/** Query over `unit` and `site`. */
export type SiteQuery = QueryCreator<DB & SiteTables>

/**
 * Organisations and branches of the territory that are open on the context's day, by the structure of that day.
 * The test of the path is written so that the planner takes the territory for large: with "= any(path)" it expects
 * two units where there are a thousand, and compares each site with each other.
 */
function countedUnits(db: ReadExecutor, context: EvaluationContext) {
  const units = db
    .selectFrom(orgUnitsOn(db, context, unitIdsEverWithin([context.territory_id])).as('version'))
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
        .select('aside.set_aside_subsections')
        .select([
          'target.target_id',
          'target.url',
          sql<Exclusion | null>`case when excluding.status in (${sql.join([...EXCLUDING_STATUSES])}) then excluding.status end`.as(
            'status_reason',
          ),
        ]),
    )
}

/**
 * Parts of all counting units from what an indicator says of each site: excluded sites have no part, and an
 * organisation without a site of its own is listed as excluded. A branch without one is no counting unit.
 */
export function siteValues(
  db: ReadExecutor,
  context: EvaluationContext,
  judge: (query: SiteQuery) => Expression<JudgedSite>,
): AliasableExpression<UnitValue> {
  const withoutSite = db
    .$extendTables<SiteTables>()
    .selectFrom('unit')
    .leftJoin('site', 'site.org_unit_id', 'unit.org_unit_id')
    .where('site.target_id', 'is', null)
    .where('unit.unit_kind', '=', 'organisation')
    .select(['unit.org_unit_id', 'site.target_id', 'unit.path', 'unit.municipality_id'])
    .select(['unit.short_name', 'unit.founder_kind', 'site.url'])
    .select([
      sql<number | null>`null::float8`.as('numerator'),
      sql<number | null>`null::float8`.as('denominator'),
      sql<Exclusion | null>`'no_own_site'`.as('excluded_reason'),
      sql<Date | null>`null::timestamptz`.as('observed_at'),
    ])
  return withSites(db, context)
    .with('judged', judge)
    .selectFrom('judged')
    .innerJoin('site', (join) =>
      join.onRef('site.org_unit_id', '=', 'judged.org_unit_id').onRef('site.target_id', '=', 'judged.target_id'),
    )
    .select([
      'site.org_unit_id',
      sql<string | null>`site.target_id`.as('target_id'),
      'site.path',
      'site.municipality_id',
    ])
    .select(['site.short_name', 'site.founder_kind', sql<string | null>`site.url`.as('url')])
    .select([
      sql<number | null>`case when judged.excluded_reason is null then judged.numerator::float8 end`.as('numerator'),
      sql<number | null>`case when judged.excluded_reason is null then judged.denominator::float8 end`.as(
        'denominator',
      ),
      'judged.excluded_reason',
      'judged.observed_at',
    ])
    .unionAll(withoutSite)
}
