import { sql, type RawBuilder } from 'kysely'
import type { WorkingDayCalendar } from '../contract/index.ts'
import { isCovered } from '../db/access-scope.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { orgUnitsOn, TERRITORY_IDS, type RegistryView } from '../db/registry-as-known.ts'
import { listFileStates, type FileTerm } from '../files/attached-files.ts'
import { describeFileState } from '../files/file-state-schema.ts'
import {
  findTerm,
  proposeDays,
  type FindingKind,
  type ObjectionKind,
  type ObjectionState,
} from '../domain/objections.ts'
import { dayInZone } from '../domain/region-day.ts'
import { isOpenersSide } from './openers-side.ts'
import { findWaiting, listRecheckResults, type RecheckResult, type DisputeRecheckState } from './recheck-results.ts'

/** Whose objections, as known when; the day is that of the asking. */
export interface ObjectionView extends RegistryView, FileTerm {
  readonly calendar: WorkingDayCalendar
  /** The person who asks; null: a program. */
  readonly user_id: number | null
}

export interface ObjectionFilter {
  state?: ObjectionState | undefined
  kind?: ObjectionKind | undefined
  org_unit_id?: number | undefined
  objection_id?: string | undefined
  /** Undecided ones, and those decided in the last 30 days. */
  is_recent?: boolean
  limit: number
}

interface ObjectionFacts {
  objection_id: string
  org_unit_id: number
  org_unit_name: string | null
  municipality_name: string | null
  target_id: string
  host: string | null
  kind: ObjectionKind
  finding: FindingKind
  subsection: string | null
  incident_id: number | null
  seen_from: string
  seen_at: Date | null
  seen_outcome: string | null
  seen_detail: string | null
  seen_measurement_id: string | null
  reason: string
  asked_until: string | null
  file_name: string | null
  opened_at: Date
  opened_by: string
  is_own: boolean
  due_on: string
  outcome: 'granted' | 'rejected' | null
  decision_reason: string | null
  valid_from: string | null
  valid_to: string | null
  decided_at: Date | null
  decided_by: string | null
}

function listConditions(
  { scope, known_at_change_set_no }: ObjectionView,
  filter: ObjectionFilter,
): RawBuilder<unknown> {
  const conditions = [
    sql`o.change_set_no <= ${known_at_change_set_no}`,
    isCovered(scope, sql`o.org_unit_id`),
    ...(filter.kind === undefined ? [] : [sql`o.kind = ${filter.kind}`]),
    ...(filter.org_unit_id === undefined ? [] : [sql`o.org_unit_id = ${filter.org_unit_id}`]),
    ...(filter.objection_id === undefined ? [] : [sql`o.objection_id = ${filter.objection_id}`]),
    ...(filter.state === undefined ? [] : [sql`coalesce(d.outcome, 'open') = ${filter.state}`]),
    ...(filter.is_recent === true
      ? [sql`(d.decided_at IS NULL OR d.decided_at > clock_timestamp() - interval '30 days')`]
      : []),
  ]
  return sql.join(conditions, sql` AND `)
}

/** Undecided ones first, by term; then the newest decisions. */
async function listFacts(db: ReadExecutor, view: ObjectionView, filter: ObjectionFilter): Promise<ObjectionFacts[]> {
  const opener = { user_id: sql`f.opened_by_user_id`, at: sql`f.opened_at` }
  const asker = { user_id: sql`${view.user_id}`, at: sql`clock_timestamp()` }
  const { rows } = await sql<ObjectionFacts>`
    WITH found AS (
      SELECT o.*, d.outcome, d.reason AS decision_reason, d.valid_from, d.valid_to, d.decided_at, d.decided_by
        FROM objection o
        LEFT JOIN objection_decision d ON d.org_unit_id = o.org_unit_id AND d.objection_id = o.objection_id
                                      AND d.change_set_no <= ${view.known_at_change_set_no}
       WHERE ${listConditions(view, filter)}
       ORDER BY d.decided_at IS NOT NULL, CASE WHEN d.decided_at IS NULL THEN o.due_on END, d.decided_at DESC,
                o.opened_at, o.objection_id
       LIMIT ${filter.limit}
    )
    SELECT f.*, u.short_name AS org_unit_name, m.short_name AS municipality_name, t.host,
           ${isOpenersSide(opener, asker, view.time_zone)} AS is_own
      FROM found f
      LEFT JOIN target t ON t.org_unit_id = f.org_unit_id AND t.target_id = f.target_id
      LEFT JOIN ${orgUnitsOn(db, view, sql`(SELECT org_unit_id FROM found)`)} u ON u.org_unit_id = f.org_unit_id
      LEFT JOIN ${orgUnitsOn(db, view, TERRITORY_IDS)} m ON m.org_unit_id = u.municipality_id
     ORDER BY f.decided_at IS NOT NULL, CASE WHEN f.decided_at IS NULL THEN f.due_on END, f.decided_at DESC,
              f.opened_at, f.objection_id`.execute(db)
  return rows
}

function decisionOf(facts: ObjectionFacts, day: string) {
  const { outcome, decision_reason, decided_at, decided_by, valid_from, valid_to } = facts
  if (outcome === null || decided_at === null) return null
  return {
    outcome,
    reason: decision_reason ?? '',
    decided_at: decided_at.toISOString(),
    decided_by: decided_by ?? '',
    valid_from,
    valid_to,
    is_in_force: valid_from !== null && valid_to !== null && valid_from <= day && day <= valid_to,
  }
}

function recheckOf(
  facts: ObjectionFacts,
  result: RecheckResult | undefined,
  waiting: (target_id: string, finding: string) => DisputeRecheckState,
) {
  if (facts.kind !== 'dispute') return null
  if (result === undefined) {
    const nothing = { observed_at: null, outcome: null, detail: null, measurement_id: null }
    return { state: waiting(facts.target_id, facts.finding), ...nothing }
  }
  const { observed_at, outcome, detail, measurement_id } = result
  return { state: 'done' as const, observed_at: observed_at.toISOString(), outcome, detail, measurement_id }
}

function describeObjection(facts: ObjectionFacts, view: ObjectionView) {
  const { objection_id, org_unit_id, org_unit_name, municipality_name, target_id, host, kind, finding } = facts
  const { subsection, incident_id, seen_from, reason, asked_until, file_name, opened_by, due_on } = facts
  const dayOf = (instant: Date): string => dayInZone(instant, view.time_zone)
  const opened_on = dayOf(facts.opened_at)
  const decided_on = facts.decided_at === null ? null : dayOf(facts.decided_at)
  const state: ObjectionState = facts.outcome ?? 'open'
  return {
    ...{ objection_id, org_unit_id, org_unit_name: org_unit_name ?? '', municipality_name, target_id },
    ...{ host: host ?? '', kind, finding, subsection, incident_id, seen_from, reason, asked_until, file_name },
    seen:
      facts.seen_at === null || facts.seen_outcome === null
        ? null
        : { at: facts.seen_at.toISOString(), outcome: facts.seen_outcome, detail: facts.seen_detail },
    opened_at: facts.opened_at.toISOString(),
    opened_by,
    is_own: facts.is_own,
    due_on,
    term: findTerm({ due_on, decided_on }, view.day, view.calendar),
    state,
    proposed: proposeDays({ kind, seen_from, opened_on, asked_until }),
    decision: decisionOf(facts, view.day),
  }
}

/** Objections that the view's scope covers, with where each recheck stands. */
export async function listObjections(db: ReadExecutor, view: ObjectionView, filter: ObjectionFilter) {
  const facts = await listFacts(db, view, filter)
  const disputes = facts.filter((row) => row.kind === 'dispute')
  const results = await listRecheckResults(db, {
    org_unit_ids: [...new Set(disputes.map((row) => row.org_unit_id))],
    objection_ids: disputes.map((row) => row.objection_id),
    known_at_change_set_no: view.known_at_change_set_no,
  })
  const unanswered = disputes.filter((row) => !results.has(row.objection_id))
  const files = await listFileStates(
    db,
    { org_unit_ids: [...new Set(facts.map((row) => row.org_unit_id))], fact_ids: facts.map((row) => row.objection_id) },
    view,
  )
  const waiting = await findWaiting(
    db,
    unanswered.map((row) => row.target_id),
  )
  return facts.map((row) => ({
    ...describeObjection(row, view),
    file_state: describeFileState(files.get(row.objection_id)),
    recheck: recheckOf(row, results.get(row.objection_id), waiting),
    seen_measurement_id: row.seen_measurement_id,
  }))
}
