import { sql, type RawBuilder } from 'kysely'
import type { FounderKind } from '../contract/index.ts'

/** Units that somebody answers for: a subtree of today's structure, of some founders or of all (null). */
export interface Jurisdiction {
  readonly org_unit_id: number
  readonly founder_kinds: readonly FounderKind[] | null
}

/**
 * Whose data a read may see. Every read query takes one as a required parameter, so that a query without it does
 * not compile. A scope says what may be seen, never who asks: equal scopes get equal answers.
 */
export type AccessScope =
  /** The whole region, all founders. */
  | { readonly kind: 'everything' }
  /** What these jurisdictions cover together; nothing when there is none. */
  | { readonly kind: 'jurisdictions'; readonly jurisdictions: readonly Jurisdiction[] }
  /** A job of the system itself; the name says which, for the log. */
  | { readonly kind: 'system'; readonly job: string }

export const EVERYTHING: AccessScope = { kind: 'everything' }
export const NOTHING: AccessScope = { kind: 'jurisdictions', jurisdictions: [] }

const TERRITORY_KINDS = sql`('region', 'municipality', 'city_district')`

/** Scope of a job of the system itself. */
export function systemScope(job: string): AccessScope {
  return { kind: 'system', job }
}

function coveredBy({ org_unit_id, founder_kinds }: Jurisdiction): RawBuilder<boolean> {
  const isBelow = sql<boolean>`path @> ARRAY[${org_unit_id}::bigint]`
  return founder_kinds === null ? isBelow : sql<boolean>`(${isBelow} AND founder_kind = ANY(${founder_kinds}::text[]))`
}

function isCoveredRow(jurisdictions: readonly Jurisdiction[]): RawBuilder<boolean> {
  return jurisdictions.length === 0
    ? sql<boolean>`false`
    : sql<boolean>`(${sql.join(jurisdictions.map(coveredBy), sql` OR `)})`
}

/**
 * Whether the scope covers the unit: what a command needs. By today's structure and founders; `org_unit_id` is a column
 * or a value of the query that it stands in.
 */
export function isCovered(scope: AccessScope, org_unit_id: RawBuilder<unknown>): RawBuilder<boolean> {
  if (scope.kind !== 'jurisdictions') return sql<boolean>`true`
  return sql<boolean>`${org_unit_id} IN (SELECT org_unit_id FROM org_unit WHERE ${isCoveredRow(scope.jurisdictions)})`
}

/**
 * Whether somebody with this scope may see what belongs to the unit: it is covered, or it is a territory, whose name,
 * place and portals are no secret.
 */
export function isVisible(scope: AccessScope, org_unit_id: RawBuilder<unknown>): RawBuilder<boolean> {
  if (scope.kind !== 'jurisdictions') return sql<boolean>`true`
  return sql<boolean>`${org_unit_id} IN
    (SELECT org_unit_id FROM org_unit WHERE kind IN ${TERRITORY_KINDS} OR ${isCoveredRow(scope.jurisdictions)})`
}

/**
 * Whether one of the scope's jurisdictions holds all of another one, whose unit is the row `unit`. A single organisation
 * has one founder: its jurisdiction is held without naming that founder again.
 */
function holdsUnit(jurisdictions: readonly Jurisdiction[], founder_kinds: RawBuilder<unknown>): RawBuilder<boolean> {
  const within = jurisdictions.map((own) => {
    const isBelow = sql<boolean>`unit.path @> ARRAY[${own.org_unit_id}::bigint]`
    if (own.founder_kinds === null) return isBelow
    return sql<boolean>`(${isBelow} AND coalesce(${founder_kinds} <@ ${own.founder_kinds}::text[],
      unit.kind NOT IN ${TERRITORY_KINDS} AND unit.founder_kind = ANY(${own.founder_kinds}::text[])))`
  })
  return within.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(within, sql` OR `)})`
}

/**
 * Whether the scope holds all of a jurisdiction: what its holder may hand on, to a person or a program. The unit and the
 * founders are columns or values of the query that it stands in.
 */
export function holdsJurisdiction(
  scope: AccessScope,
  org_unit_id: RawBuilder<unknown>,
  founder_kinds: RawBuilder<unknown>,
): RawBuilder<boolean> {
  if (scope.kind !== 'jurisdictions') return sql<boolean>`true`
  return sql<boolean>`${org_unit_id} IN
    (SELECT unit.org_unit_id FROM org_unit unit WHERE ${holdsUnit(scope.jurisdictions, founder_kinds)})`
}

/** Jurisdictions of a scope as they are kept with what somebody sends in; null: the whole region. */
export function jurisdictionsOf(scope: AccessScope): readonly Jurisdiction[] | null {
  return scope.kind === 'jurisdictions' ? scope.jurisdictions : null
}

/**
 * Whether the scope covers all that kept jurisdictions cover, so that its holder may see what was sent in under them.
 * @param kept a jsonb column as `jurisdictionsOf` made it
 */
export function coversKept(scope: AccessScope, kept: RawBuilder<unknown>): RawBuilder<boolean> {
  if (scope.kind !== 'jurisdictions') return sql<boolean>`true`
  return sql<boolean>`coalesce((
    SELECT bool_and(coalesce(${holdsUnit(scope.jurisdictions, sql`kept.founder_kinds`)}, false))
      FROM jsonb_to_recordset(${kept}) AS kept(org_unit_id bigint, founder_kinds text[])
      LEFT JOIN org_unit unit ON unit.org_unit_id = kept.org_unit_id), false)`
}

/**
 * Whether somebody with this scope may ask for figures of the unit: it lies in a jurisdiction, for whatever founders;
 * the figures count the covered organisations alone.
 */
export function isAskable(scope: AccessScope, org_unit_id: RawBuilder<unknown>): RawBuilder<boolean> {
  if (scope.kind !== 'jurisdictions') return sql<boolean>`true`
  const roots = scope.jurisdictions.map((jurisdiction) => jurisdiction.org_unit_id)
  return sql<boolean>`${org_unit_id} IN
    (SELECT org_unit_id FROM org_unit
      WHERE (kind IN ${TERRITORY_KINDS} AND path && ${roots}::bigint[]) OR ${isCoveredRow(scope.jurisdictions)})`
}
