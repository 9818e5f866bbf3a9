import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { ObjectionKind } from '../domain/objections.ts'
import type { EvaluationContext, Indicator, SiteIndicator, UnitValue } from './indicator.ts'

/** An objection that a reader of a figure has to know of: undecided, so that it changes nothing yet, or granted. */
export interface UnitObjection {
  objection_id: string
  kind: ObjectionKind
  state: 'open' | 'granted'
}

interface PlacedObjection extends UnitObjection {
  org_unit_id: number
  target_id: string
}

type Unit = Pick<UnitValue, 'org_unit_id' | 'target_id'>

/** Objections to the findings of the units' sites that concern the indicator on its days; of several a granted one. */
async function listObjectionsTo(
  db: ReadExecutor,
  indicator: Pick<SiteIndicator, 'finding' | 'accumulation'>,
  context: EvaluationContext,
  units: readonly Unit[],
): Promise<PlacedObjection[]> {
  const known = context.known_at_change_set_no
  const first_day = indicator.accumulation === 'flow' ? context.first_day : context.day
  const { rows } = await sql<PlacedObjection>`
    SELECT DISTINCT ON (o.org_unit_id, o.target_id) o.org_unit_id, o.target_id, o.objection_id, o.kind,
           coalesce(d.outcome, 'open') AS state
      FROM objection o
      LEFT JOIN objection_decision d ON d.org_unit_id = o.org_unit_id AND d.objection_id = o.objection_id
                                    AND d.change_set_no <= ${known}
     WHERE o.org_unit_id = ANY(${units.map((unit) => unit.org_unit_id)}::bigint[]) AND o.finding = ${indicator.finding}
       AND o.change_set_no <= ${known}
       AND (d.outcome IS NULL
            OR d.outcome = 'granted' AND d.valid_from <= ${context.day} AND d.valid_to >= ${first_day})
     ORDER BY o.org_unit_id, o.target_id, d.outcome = 'granted' DESC NULLS LAST, o.kind, o.opened_at DESC`.execute(db)
  return rows
}

/** Adds to each unit the objection that concerns the indicator; only findings of sites can be objected to. */
export async function withObjections<T extends Unit>(
  db: ReadExecutor,
  indicator: Indicator,
  context: EvaluationContext,
  units: readonly T[],
): Promise<(T & { objection: UnitObjection | null })[]> {
  const rows = indicator.counting_unit === 'site' ? await listObjectionsTo(db, indicator, context, units) : []
  return units.map((unit) => {
    const found = rows.find((row) => row.org_unit_id === unit.org_unit_id && row.target_id === unit.target_id)
    if (found === undefined) return { ...unit, objection: null }
    const { objection_id, kind, state } = found
    return { ...unit, objection: { objection_id, kind, state } }
  })
}
