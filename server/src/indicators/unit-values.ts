import { sql, type RawBuilder } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { EvaluationContext, Indicator, UnitValue } from './indicator.ts'
import { siteValues, type AskedSites, type PlacedUnitValue } from './site-units.ts'

/** An indicator with the context that it is asked in. */
export interface AskedIndicator {
  indicator: Indicator
  context: EvaluationContext
}

/** Parts that were judged outside the database, as rows of a query. */
function givenValues(values: readonly UnitValue[], place: number): RawBuilder<PlacedUnitValue> {
  return sql<PlacedUnitValue>`(
    SELECT ${sql.lit(place)}::int AS place, given.* FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS given(
      org_unit_id bigint, target_id text, path bigint[], municipality_id bigint, short_name text, founder_kind text,
      url text, numerator float8, denominator float8, excluded_reason text, observed_at timestamptz,
      worst_unit_id bigint, worst_unit_name text))`
}

/** The columns of a part, in one order for all sorts of counting units. */
const COLUMNS = sql.raw(
  `place, org_unit_id, target_id::text, path, municipality_id, short_name, founder_kind, url, numerator, denominator,
   excluded_reason, observed_at, worst_unit_id, worst_unit_name`,
)

/**
 * Parts of all counting units for each of the indicators, for use as a sub-select. Their contexts share territory and
 * day, so what they count in common is found once for all of them.
 */
export async function unitValues(
  db: ReadExecutor,
  asked: readonly AskedIndicator[],
): Promise<RawBuilder<PlacedUnitValue>> {
  const sites: AskedSites[] = []
  const given: Promise<RawBuilder<PlacedUnitValue>>[] = []
  for (const [place, { indicator, context }] of asked.entries()) {
    if (indicator.counting_unit === 'site') sites.push({ indicator, context, place })
    else given.push(indicator.judgeUnits(db, context).then((values) => givenValues(values, place)))
  }
  const [first, ...others] = sites
  const parts = await Promise.all(given)
  if (first !== undefined) parts.push(sql<PlacedUnitValue>`${siteValues(db, first, others)}`)
  const selects = parts.map((part, index) => sql`SELECT ${COLUMNS} FROM ${part} AS ${sql.ref(`part_${index}`)}`)
  return sql<PlacedUnitValue>`(${sql.join(selects, sql` UNION ALL `)})`
}
