import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { orgUnitsOn, unitIdsEverBelow } from '../db/registry-as-known.ts'
import { ratioOfSums, type Ratio, type RatioSums } from '../domain/ratio.ts'
import { EXCLUSIONS, type Exclusion } from './exclusions.ts'
import type { EvaluationContext, Indicator } from './indicator.ts'
import { unitValues, type AskedIndicator } from './unit-values.ts'

/** One figure with everything that it has to be read with. */
export interface Figure extends Ratio, RatioSums {
  /** Units left out, by reason, most first; empty when none is. */
  excluded: { reason: Exclusion; units: number }[]
  /** Newest and oldest of the units' own newest facts; null when there is none. */
  observed_at: Date | null
  oldest_observed_at: Date | null
}

/** A figure of one unit right below the territory; the territory itself when it has none below. */
export interface FigureRow {
  org_unit_id: number
  kind: string
  short_name: string
  figure: Figure
}

export interface Evaluation {
  total: Figure
  rows: FigureRow[]
}

/** Counting units that share a fate. */
export interface Tally {
  excluded_reason: Exclusion | null
  units: number
  numerator: number | null
  denominator: number | null
  newest: Date | null
  oldest: Date | null
}

function pickDate(tallies: readonly Tally[], field: 'newest' | 'oldest', pick: (...times: number[]) => number) {
  const times = tallies.flatMap((tally) => (tally[field] === null ? [] : [tally[field].getTime()]))
  return times.length === 0 ? null : new Date(pick(...times))
}

function sumOf(tallies: readonly Tally[], field: 'numerator' | 'denominator'): number | null {
  const parts = tallies.flatMap((tally) => tally[field] ?? [])
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0)
}

function countExcluded(tallies: readonly Tally[]): Figure['excluded'] {
  const units = new Map<Exclusion, number>()
  for (const tally of tallies) {
    if (tally.excluded_reason === null) continue
    units.set(tally.excluded_reason, (units.get(tally.excluded_reason) ?? 0) + tally.units)
  }
  return [...units]
    .map(([reason, count]) => ({ reason, units: count }))
    .sort((a, b) => b.units - a.units || a.reason.localeCompare(b.reason))
}

/** What tallies add up to. */
export function figureOf(tallies: readonly Tally[], coverage_floor: number): Figure {
  let expected = 0
  let reported = 0
  for (const { excluded_reason, units } of tallies) {
    const effect = excluded_reason === null ? 'reported' : EXCLUSIONS[excluded_reason].effect
    if (effect !== 'not_expected') expected += units
    if (effect === 'reported') reported += units
  }
  const sums = {
    numerator: sumOf(tallies, 'numerator'),
    denominator: sumOf(tallies, 'denominator'),
    expected,
    reported,
  }
  return {
    ...sums,
    ...ratioOfSums(sums, coverage_floor),
    excluded: countExcluded(tallies),
    observed_at: pickDate(tallies, 'newest', Math.max),
    oldest_observed_at: pickDate(tallies, 'oldest', Math.min),
  }
}

/** Adds the parts of each indicator up by the unit right below the territory on the path of each counting unit. */
async function listTallies(db: ReadExecutor, first: AskedIndicator, others: readonly AskedIndicator[]) {
  const { territory_id } = first.context
  const values = await unitValues(db, [first, ...others])
  const below = sql<number>`coalesce(part.path[array_position(part.path, ${territory_id}) + 1], ${territory_id})`
  return db
    .selectFrom(values.as('part'))
    .select((eb) => [
      'part.place',
      below.as('part_id'),
      'part.excluded_reason',
      eb.fn.countAll<number>().as('units'),
      eb.fn.sum<number | null>('part.numerator').as('numerator'),
      eb.fn.sum<number | null>('part.denominator').as('denominator'),
      eb.fn.max('part.observed_at').as('newest'),
      eb.fn.min('part.observed_at').as('oldest'),
    ])
    .groupBy(['part_id', 'part.place', 'part.excluded_reason'])
    .execute()
}

/** Units right below the territory on the context's day, in the order of the Russian alphabet. */
function listParts(db: ReadExecutor, context: EvaluationContext) {
  const { territory_id } = context
  const below = unitIdsEverBelow(sql`(${territory_id}::bigint)`)
  return db
    .selectFrom(orgUnitsOn(db, context, sql`(${below} UNION ALL SELECT ${territory_id}::bigint)`).as('version'))
    .innerJoin('org_unit', 'org_unit.org_unit_id', 'version.org_unit_id')
    .where('version.is_closed', '=', false)
    .where((eb) => eb.or([eb('version.parent_id', '=', territory_id), eb('version.org_unit_id', '=', territory_id)]))
    .select(['version.org_unit_id', 'org_unit.kind', 'version.short_name'])
    .orderBy(sql`version.short_name collate "ru-x-icu"`)
    .orderBy('version.org_unit_id')
    .execute()
}

const TERRITORIES: readonly string[] = ['municipality', 'city_district']

/**
 * Evaluates indicators for a territory and for each unit right below it, in their order. Their contexts share territory
 * and day. Territories below are always listed, also those where nothing reported: their value is null with a reason,
 * never 0.
 */
export async function evaluateTogether(
  db: ReadExecutor,
  first: AskedIndicator,
  others: readonly AskedIndicator[] = [],
): Promise<Evaluation[]> {
  const [tallies, parts] = await Promise.all([listTallies(db, first, others), listParts(db, first.context)])
  const byPlace = Map.groupBy(tallies, (tally) => tally.place)
  return [first, ...others].map(({ indicator, context }, place) => {
    const own = byPlace.get(place) ?? []
    const byPart = Map.groupBy(own, (tally) => tally.part_id)
    const rows = parts.flatMap((part) => {
      const ofPart = byPart.get(part.org_unit_id)
      const isListed =
        ofPart !== undefined || (TERRITORIES.includes(part.kind) && part.org_unit_id !== context.territory_id)
      return isListed ? [{ ...part, figure: figureOf(ofPart ?? [], indicator.coverage_floor) }] : []
    })
    return { total: figureOf(own, indicator.coverage_floor), rows }
  })
}

/** Evaluates one indicator. */
export async function evaluate(
  db: ReadExecutor,
  indicator: Indicator,
  context: EvaluationContext,
): Promise<Evaluation> {
  const [evaluation] = await evaluateTogether(db, { indicator, context })
  if (evaluation === undefined) throw new Error('An indicator that was asked for was not evaluated')
  return evaluation
}
