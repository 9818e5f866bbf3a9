import { sql, type Insertable } from 'kysely'
import type { SiteCause } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import {
  countPopulation,
  planIncidents,
  type FailingTarget,
  type IncidentChange,
  type OpenIncident,
} from '../domain/incident-rules.ts'
import { appendIncidentEvents, closeEmptyIncidents, type IncidentEvent } from './incident-events.ts'
import type { SiteState } from './site-state-row.ts'

export interface IncidentRules {
  rounds_to_open: number
  rounds_to_close: number
  change_set_no: number
  /** When the batch arrived, milliseconds since the epoch. */
  now: number
  isExcluded: (orgUnitId: number) => boolean
}

type MemberRow = Insertable<DB['incident_member']>

function member(
  target: { org_unit_id: number; target_id: string; cause: SiteCause | null },
  incident_id: number,
  event: 'joined' | 'left' | 'moved',
  at: number,
  change_set_no: number,
): MemberRow {
  const { org_unit_id, target_id, cause } = target
  return { org_unit_id, target_id, incident_id, event, cause, occurred_at: new Date(at), change_set_no }
}

/** Targets that are well again, or whose unit is excluded by a dated status now, leave their incidents. */
async function letRecoveredLeave(
  tx: WriteExecutor,
  states: readonly SiteState[],
  rules: IncidentRules,
): Promise<number[]> {
  const left: MemberRow[] = []
  const touched = new Set<number>()
  for (const state of states) {
    if (state.incident_id === null) continue
    if (state.good_rounds < rules.rounds_to_close && !rules.isExcluded(state.org_unit_id)) continue
    const at = state.last_verdict_at ?? rules.now
    left.push(member(state, state.incident_id, 'left', at, rules.change_set_no))
    touched.add(state.incident_id)
    state.incident_id = null
  }
  if (left.length === 0) return []
  await insertRows(tx, 'incident_member', left)
  await setIncident(
    tx,
    left.map((row) => row.target_id),
    null,
  )
  return [...touched]
}

async function setIncident(tx: WriteExecutor, targetIds: readonly string[], incident_id: number | null): Promise<void> {
  await tx.updateTable('site_state').set({ incident_id }).where('target_id', 'in', targetIds).execute()
}

async function findFailing(tx: WriteExecutor, rounds_to_open: number): Promise<FailingTarget[]> {
  const { rows } = await sql<Omit<FailingTarget, 'failed_at'> & { failed_at: Date }>`
    SELECT s.org_unit_id, s.target_id, u.municipality_id, s.remote_address AS address, s.cause,
           s.verdict_since AS failed_at, s.incident_id
      FROM site_state s JOIN org_unit u ON u.org_unit_id = s.org_unit_id
     WHERE s.verdict = 'does_not_work' AND s.failed_rounds >= ${rounds_to_open}
     ORDER BY s.org_unit_id, s.target_id`.execute(tx)
  return rows.map((row) => ({ ...row, failed_at: row.failed_at.getTime() }))
}

async function findPopulation(tx: WriteExecutor): Promise<Map<string, number>> {
  const { rows } = await sql<Pick<FailingTarget, 'target_id' | 'municipality_id' | 'address'>>`
    SELECT s.target_id, u.municipality_id, s.remote_address AS address
      FROM site_state s JOIN org_unit u ON u.org_unit_id = s.org_unit_id
     WHERE s.verdict IS NOT NULL`.execute(tx)
  return countPopulation(rows)
}

/** Incidents that have members, as their newest event describes them. */
async function findOpenIncidents(tx: WriteExecutor): Promise<OpenIncident[]> {
  const { rows } = await sql<OpenIncident>`
    SELECT DISTINCT ON (e.incident_id) e.incident_id, e.scope, e.scope_key, e.cause
      FROM incident_event e
      JOIN (SELECT DISTINCT incident_id FROM site_state WHERE incident_id IS NOT NULL) o ON o.incident_id = e.incident_id
     ORDER BY e.incident_id, e.event_no DESC`.execute(tx)
  return rows
}

async function openIncident(tx: WriteExecutor, opened_at: number, change_set_no: number): Promise<number> {
  const row = await tx
    .insertInto('incident')
    .values({ opened_at: new Date(opened_at), change_set_no })
    .returning('incident_id')
    .executeTakeFirstOrThrow()
  return row.incident_id
}

/** Carries out one planned change. @returns its event, and the incidents that members were taken from */
async function applyChange(
  tx: WriteExecutor,
  change: IncidentChange,
  rules: IncidentRules,
): Promise<{ event: IncidentEvent; left: number[] }> {
  const { kind, scope, scope_key, cause, members } = change
  const began = Math.min(...members.map((target) => target.failed_at))
  const incident_id = change.incident_id ?? (await openIncident(tx, began, rules.change_set_no))
  const newcomers = members.filter((target) => target.incident_id !== incident_id)
  const rows = newcomers.flatMap((target) => [
    ...(target.incident_id === null
      ? []
      : [member(target, target.incident_id, 'moved', rules.now, rules.change_set_no)]),
    member(target, incident_id, 'joined', target.failed_at, rules.change_set_no),
  ])
  await insertRows(tx, 'incident_member', rows)
  if (newcomers.length > 0) {
    await setIncident(
      tx,
      newcomers.map((target) => target.target_id),
      incident_id,
    )
  }
  const occurred_at = kind === 'opened' ? began : rules.now
  const left = newcomers.flatMap((target) => (target.incident_id === null ? [] : [target.incident_id]))
  return { event: { incident_id, kind, scope, scope_key, cause, occurred_at, note: null }, left }
}

async function openAndWiden(
  tx: WriteExecutor,
  rules: IncidentRules,
): Promise<{ events: IncidentEvent[]; left: number[] }> {
  const failing = await findFailing(tx, rules.rounds_to_open)
  const counted = failing.filter((target) => target.incident_id !== null || !rules.isExcluded(target.org_unit_id))
  const plan = planIncidents(counted, await findOpenIncidents(tx), await findPopulation(tx))
  const events: IncidentEvent[] = []
  const left: number[] = []
  for (const change of plan) {
    const applied = await applyChange(tx, change, rules)
    events.push(applied.event)
    left.push(...applied.left)
  }
  return { events, left }
}

/**
 * Brings the incidents up to date after states have changed and were written. Runs under the order lock, so that
 * failures which arrive in batches at one time are seen together. Only states of this batch can open or leave.
 */
export async function updateIncidents(
  tx: WriteExecutor,
  states: readonly SiteState[],
  rules: IncidentRules,
): Promise<void> {
  const emptied = await letRecoveredLeave(tx, states, rules)
  const isNew = (state: SiteState): boolean =>
    state.incident_id === null &&
    state.verdict === 'does_not_work' &&
    state.failed_rounds >= rules.rounds_to_open &&
    !rules.isExcluded(state.org_unit_id)
  const { events, left } = states.some(isNew) ? await openAndWiden(tx, rules) : { events: [], left: [] }
  await appendIncidentEvents(tx, events, rules.change_set_no)
  await closeEmptyIncidents(tx, { recovered: emptied, merged: left }, rules)
}
