import { listDatedStatuses } from '../db/dated-statuses.ts'
import type { ReadExecutor } from '../db/executor.ts'
import type { PlaceFact } from '../db/place-facts.ts'
import { contractOn } from '../domain/contract-timeline.ts'
import { findExclusionAlong } from '../domain/dated-status.ts'
import { periodOf } from '../domain/periods.ts'
import { findVerdicts } from '../speed-verdicts/find-verdicts.ts'
import type { Contract, PlaceVerdicts } from '../speed-verdicts/judge-place.ts'
import { readPlaceRecords } from '../speed-verdicts/judge-places.ts'
import { listMeasuredPlaces, type MeasuredPlace } from '../speed-verdicts/measured-places.ts'
import type { Exclusion } from './exclusions.ts'
import type { EvaluationContext, UnitValue } from './indicator.ts'

/** Places of the context's territory and founders, by its structure. */
export async function listContextPlaces(db: ReadExecutor, context: EvaluationContext): Promise<MeasuredPlace[]> {
  const territory_id = context.territory_kind === 'region' ? null : context.territory_id
  const places = await listMeasuredPlaces(db, context, territory_id)
  const { founder_kind } = context
  return founder_kind === null ? places : places.filter((place) => place.founder_kind === founder_kind)
}

export interface PlaceJudgement {
  place: MeasuredPlace
  verdicts: PlaceVerdicts
  /** The contract of the context's day; null when none holds. */
  contract: Contract | null
  /** What was last reported of the speed; null: nothing. */
  self_reported: PlaceFact<'self_reported_speed'> | null
  /** Status that takes the place out of what is expected on the context's day. */
  status: Exclusion | null
}

/** Judgements that are being made, by what they are asked of and for. */
const underway = new WeakMap<ReadExecutor, Map<string, Promise<PlaceJudgement[]>>>()

/**
 * Every place of the context with the verdicts on its period, a month where nothing else is said. The reads of one page
 * come side by side and share the work: what is known at a change set is the same for all of them.
 */
export function judgeContextPlaces(
  db: ReadExecutor,
  context: EvaluationContext,
  kind: 'month' | 'quarter' = 'month',
): Promise<PlaceJudgement[]> {
  const ofSource = underway.get(db) ?? new Map<string, Promise<PlaceJudgement[]>>()
  underway.set(db, ofSource)
  // Moments within one day do not change a verdict.
  const key = JSON.stringify({ ...context, as_of: null, kind })
  const shared = ofSource.get(key)
  if (shared !== undefined) return shared
  const made = judgeAnew(db, context, kind).finally(() => ofSource.delete(key))
  ofSource.set(key, made)
  return made
}

async function judgeAnew(
  db: ReadExecutor,
  context: EvaluationContext,
  kind: 'month' | 'quarter',
): Promise<PlaceJudgement[]> {
  const { day, time_zone, known_at_change_set_no, first_day } = context
  const places = await listContextPlaces(db, context)
  const [records, statuses] = await Promise.all([
    readPlaceRecords(db, places, context),
    listDatedStatuses(db, { known_at_change_set_no }),
  ])
  const question = { period: periodOf(kind, first_day), day, time_zone, known_at_change_set_no }
  const verdicts = await findVerdicts(db, places, records, question)
  return places.flatMap((place) => {
    const own = verdicts.get(place.org_unit_id)
    const status = findExclusionAlong(place.path, statuses, day) as Exclusion | null
    if (own === undefined) return []
    const contract = contractOn(records.contracts.get(place.org_unit_id) ?? [], day)
    const self_reported = records.self_reported.get(place.org_unit_id)?.[0] ?? null
    return [{ place, verdicts: own, contract, self_reported, status }]
  })
}

/** What a place counts as; the numbers are ignored when there is an exclusion. */
export interface PlacePart {
  excluded_reason: Exclusion | null
  numerator: number
  denominator: number
  observed_at: Date | null
}

/** A place as a counting unit: it is named by its organisation too. */
export function valueOfPlace(place: MeasuredPlace, part: PlacePart): UnitValue {
  const { org_unit_id, path, municipality_id, organisation_name, founder_kind } = place
  const own = place.address === null ? place.short_name : place.address
  const isCounted = part.excluded_reason === null
  return {
    ...{ org_unit_id, path, municipality_id, founder_kind, target_id: null, url: null },
    short_name: place.kind === 'building' ? `${organisation_name}: ${own}` : place.short_name,
    numerator: isCounted ? part.numerator : null,
    denominator: isCounted ? part.denominator : null,
    excluded_reason: part.excluded_reason,
    observed_at: part.observed_at,
    ...{ worst_unit_id: null, worst_unit_name: null },
  }
}
