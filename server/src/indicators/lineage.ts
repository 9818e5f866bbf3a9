import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { EvaluationContext, Indicator, UnitValue } from './indicator.ts'

/** Where a counting unit stands in a figure: wholly in the numerator, partly, in the denominator alone, or left out. */
export const LINEAGE_PARTS = ['numerator', 'partial', 'denominator_only', 'excluded'] as const
export type LineagePart = (typeof LINEAGE_PARTS)[number]

export interface LineageUnit extends UnitValue {
  part: LineagePart
}

export interface LineagePage {
  part?: LineagePart | undefined
  limit: number
  offset: number
}

const PART = sql<LineagePart>`case
  when unit.excluded_reason is not null then 'excluded'
  when unit.numerator = unit.denominator then 'numerator'
  when unit.numerator > 0 then 'partial'
  else 'denominator_only' end`

function lineageUnits(db: ReadExecutor, indicator: Indicator, context: EvaluationContext) {
  return db.selectFrom(indicator.values(db, context).as('unit')).selectAll('unit').select(PART.as('part')).as('unit')
}

/** How many counting units stand in each part of the figure, and what they add up to. */
export function countLineageParts(
  db: ReadExecutor,
  indicator: Indicator,
  context: EvaluationContext,
): Promise<{ part: LineagePart; units: number; numerator: number | null; denominator: number | null }[]> {
  return db
    .selectFrom(lineageUnits(db, indicator, context))
    .groupBy('unit.part')
    .select((eb) => [
      'unit.part',
      eb.fn.countAll<number>().as('units'),
      eb.fn.sum<number | null>('unit.numerator').as('numerator'),
      eb.fn.sum<number | null>('unit.denominator').as('denominator'),
    ])
    .orderBy('unit.part')
    .execute()
}

/** One page of the counting units behind a figure, the worst share first, then by name. */
export function listLineageUnits(
  db: ReadExecutor,
  indicator: Indicator,
  context: EvaluationContext,
  page: LineagePage,
): Promise<LineageUnit[]> {
  const units = db.selectFrom(lineageUnits(db, indicator, context)).selectAll('unit')
  return (page.part === undefined ? units : units.where('unit.part', '=', page.part))
    .orderBy(sql`unit.numerator / nullif(unit.denominator, 0) asc nulls last`)
    .orderBy(sql`unit.short_name collate "ru-x-icu"`)
    .orderBy('unit.org_unit_id')
    .orderBy('unit.target_id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}
