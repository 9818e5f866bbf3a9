import { sql, type Kysely } from 'kysely'
import type { FounderKind } from '../contract/index.ts'
import { isAskable, type AccessScope } from '../db/access-scope.ts'
import { findKnownMoment, type KnownMoment } from '../db/known-moment.ts'
import { orgUnitsOn, TERRITORY_IDS } from '../db/registry-as-known.ts'
import type { DB } from '../db/schema.gen.ts'
import { parsePeriod, periodEdges, shownPeriod, type Period, type PeriodKind } from '../domain/periods.ts'
import { dayInZone } from '../domain/region-day.ts'
import { CodedError } from '../errors.ts'
import type { EvaluationContext, Indicator } from './indicator.ts'

/** What a page asks with. */
export interface EvaluationRequest {
  scope: AccessScope
  time_zone: string
  /** Any org unit; absent: the region, or the first unit that the scope is for. */
  territory_id?: number | undefined
  /** Code of a period; absent: the running one. */
  period?: string | undefined
  /** "As known on", RFC 3339; absent: everything known now. */
  known_at?: string | undefined
  /** Absent: all founders. */
  founder_kind?: FounderKind | undefined
}

/** A request with its moment and territory found: the same for all indicators of one answer. */
export interface Standpoint extends KnownMoment {
  request: EvaluationRequest
  asked: Period | null
  territory: { org_unit_id: number; kind: string; short_name: string }
}

function readPeriod(code: string | undefined): Period | null {
  if (code === undefined) return null
  const period = parsePeriod(code)
  if (period !== null) return period
  throw new CodedError('EDU_PERIOD_INVALID', 'Такого периода нет', {
    field: 'period',
    found: code,
    expected: '2026-09, 2026Q3, 2026 или 2026-27SY',
  })
}

/** The unit to speak of when none is named: null means the region. */
function ownTerritory(scope: AccessScope): number | null {
  return scope.kind === 'jurisdictions' ? (scope.jurisdictions[0]?.org_unit_id ?? 0) : null
}

/**
 * Finds what all indicators of one answer share.
 * @throws EDU_PERIOD_INVALID, EDU_KNOWN_AT_INVALID, EDU_ORG_UNIT_NOT_FOUND (also when no region is known yet)
 */
export async function findStandpoint(db: Kysely<DB>, request: EvaluationRequest): Promise<Standpoint> {
  const asked = readPeriod(request.period)
  const moment = await findKnownMoment(db, request.known_at)
  const today = dayInZone(moment.moment, request.time_zone)
  if (asked !== null && asked.first_day > today) {
    throw new CodedError('EDU_PERIOD_INVALID', 'Период ещё не начался', { field: 'period', found: asked.code })
  }
  const day = asked !== null && asked.last_day < today ? asked.last_day : today
  const view = { scope: request.scope, day, known_at_change_set_no: moment.known_at_change_set_no }
  const territory_id = request.territory_id ?? ownTerritory(request.scope)
  const units = db
    .selectFrom(
      orgUnitsOn(db, view, territory_id === null ? TERRITORY_IDS : sql`(${territory_id}::bigint)`).as('version'),
    )
    .innerJoin('org_unit', 'org_unit.org_unit_id', 'version.org_unit_id')
    .where(isAskable(request.scope, sql`version.org_unit_id`))
    .select(['version.org_unit_id', 'org_unit.kind', 'version.short_name'])
    .orderBy('version.org_unit_id')
    .limit(1)
  const unit = await (
    territory_id === null
      ? units.where('org_unit.kind', '=', 'region')
      : units.where('version.org_unit_id', '=', territory_id)
  ).executeTakeFirst()
  if (unit === undefined) {
    throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'На этот день такая территория или организация не известна', {
      field: 'territory_id',
      found: request.territory_id ?? null,
    })
  }
  return { request, asked, territory: unit, ...moment }
}

/** An indicator at a standpoint, and the period of its own kind that is shown there. */
export interface PlacedIndicator extends PlacedPeriod {
  indicator: Indicator
}

/** A period of one kind as it is shown at a standpoint, with the context of what is asked of it. */
export interface PlacedPeriod {
  context: EvaluationContext
  period: Period
  /** The period has not ended at the standpoint's moment. */
  is_running: boolean
}

export function placeIndicator(indicator: Indicator, standpoint: Standpoint): PlacedIndicator {
  return { indicator, ...placePeriod(indicator.period_kind, standpoint) }
}

export function placePeriod(kind: PeriodKind, standpoint: Standpoint): PlacedPeriod {
  const { request, moment } = standpoint
  const today = dayInZone(moment, request.time_zone)
  const period = shownPeriod(kind, standpoint.asked, today)
  if (period === null) throw new Error('A standpoint never stands before its period')
  const { to } = periodEdges(period, request.time_zone)
  const is_running = to > moment
  const context: EvaluationContext = {
    scope: request.scope,
    time_zone: request.time_zone,
    territory_id: standpoint.territory.org_unit_id,
    territory_kind: standpoint.territory.kind,
    founder_kind: request.founder_kind ?? null,
    known_at_change_set_no: standpoint.known_at_change_set_no,
    day: is_running ? today : period.last_day,
    first_day: period.first_day,
    as_of: is_running ? moment : to,
  }
  return { context, period, is_running }
}
