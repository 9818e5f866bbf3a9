import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { figureOf, type Figure, type Tally } from './evaluate.ts'
import type { EvaluationContext, Indicator, UnitValue } from './indicator.ts'
import { unitValues } from './unit-values.ts'

/**
 * Where a counting unit stands in a figure: wholly in the numerator, partly, in the denominator alone, or left out.
 * `counted`: both sums hold a part of it, in different measures.
 */
export const LINEAGE_PARTS = ['numerator', 'partial', 'denominator_only', 'counted', 'excluded'] as const
export type LineagePart = (typeof LINEAGE_PARTS)[number]

export interface LineageUnit extends UnitValue {
  part: LineagePart
}

export interface LineagePage {
  part?: LineagePart | undefined
  limit: number
  offset: number
}

const partOf = ({ unit }: Indicator) => sql<LineagePart>`case
  when unit.excluded_reason is not null then 'excluded'
  when ${unit !== 'ratio'} then 'counted'
  when unit.numerator = unit.denominator then 'numerator'
  when unit.numerator > 0 then 'partial'
  else 'denominator_only' end`

/** Units in one part of a figure, and what they add up to. */
export interface LineageShare {
  part: LineagePart
  units: number
  numerator: number | null
  denominator: number | null
}

export interface Lineage {
  total: Figure
  parts: LineageShare[]
  rows: LineageUnit[]
}

/** As PostgreSQL writes times in JSON. */
type InJson<Row, Times extends keyof Row> = Omit<Row, Times> & Record<Times, string | null>
type TallyInJson = InJson<Tally & { part: LineagePart }, 'newest' | 'oldest'>
type UnitInJson = InJson<LineageUnit, 'observed_at'>

function readTime(time: string | null): Date | null {
  return time === null ? null : new Date(time)
}

function addUp(tallies: readonly TallyInJson[]): LineageShare[] {
  const sum = (parts: readonly (number | null)[]): number | null =>
    parts.reduce((total, part) => (part === null ? total : (total ?? 0) + part), null)
  return LINEAGE_PARTS.toSorted().flatMap((part) => {
    const own = tallies.filter((tally) => tally.part === part)
    if (own.length === 0) return []
    const units = own.reduce((total, tally) => total + tally.units, 0)
    return [
      {
        part,
        units,
        numerator: sum(own.map((tally) => tally.numerator)),
        denominator: sum(own.map((tally) => tally.denominator)),
      },
    ]
  })
}

/**
 * The figure of the territory, how many counting units stand in each part of it, and one page of them, the worst share
 * first, then by name. All are of one statement: the units are judged once.
 */
export async function readLineage(
  db: ReadExecutor,
  indicator: Indicator,
  context: EvaluationContext,
  page: LineagePage,
): Promise<Lineage> {
  const values = await unitValues(db, [{ indicator, context }])
  const worstFirst = indicator.direction === 'more_is_better' ? sql`ASC` : sql`DESC`
  const isAsked = page.part === undefined ? sql`true` : sql`part = ${page.part}`
  const { rows } = await sql<{ tallies: TallyInJson[]; units: UnitInJson[] }>`
    WITH judged AS MATERIALIZED (
      SELECT unit.*, ${partOf(indicator)} AS part FROM ${values} AS unit
    ), tally AS (
      SELECT part, excluded_reason, count(*) AS units, sum(numerator) AS numerator, sum(denominator) AS denominator,
             max(observed_at) AS newest, min(observed_at) AS oldest
        FROM judged GROUP BY part, excluded_reason
    ), page AS (
      SELECT * FROM judged WHERE ${isAsked}
       ORDER BY numerator / nullif(denominator, 0) ${worstFirst} NULLS LAST, short_name COLLATE "ru-x-icu", org_unit_id, target_id
       LIMIT ${page.limit} OFFSET ${page.offset}
    )
    SELECT (SELECT coalesce(json_agg(tally), '[]') FROM tally) AS tallies,
           (SELECT coalesce(json_agg(page), '[]') FROM page) AS units`.execute(db)
  const { tallies = [], units = [] } = rows[0] ?? {}
  const timed = tallies.map((tally) => ({ ...tally, newest: readTime(tally.newest), oldest: readTime(tally.oldest) }))
  return {
    total: figureOf(timed, indicator.coverage_floor),
    parts: addUp(tallies),
    rows: units.map((unit) => ({ ...unit, observed_at: readTime(unit.observed_at) })),
  }
}
