import { sql } from 'kysely'
import type { SiteAudit } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { isVote, needsRetry } from '../domain/round-verdict.ts'
import type { AdmittedCheck } from './store-measurements.ts'

const RETRY_PRIORITY = 1
const AUDIT_PRIORITY = -1
/** A site that could not be reached for its audit is tried again this soon at most. */
const UNREACHABLE_AUDIT_DELAY_S = 3600

/** A row of work with its place in the rounds of a target. */
export interface WorkRow {
  work_id: number
  kind: string
  org_unit_id: number
  target_id: string
  due_at: Date
  priority: number
  round_no: number
  attempt: number
  lease_id: string | null
  leased_until: Date | null
  full_handshake_at: Date | null
}

/** Rows that wait for the next round's time, which depends on what the round says. */
export interface AdvancedWork {
  rows: WorkRow[]
  finished: WorkRow[]
}

/** Locks all work of the targets, in one order. */
export async function lockWork(tx: WriteExecutor, targetIds: readonly string[]): Promise<WorkRow[]> {
  const { rows } = await sql<WorkRow>`
    SELECT work_id, kind, org_unit_id, target_id, due_at, priority, round_no, attempt, lease_id, leased_until, full_handshake_at
      FROM due_work WHERE target_id = ANY(${targetIds}::uuid[]) ORDER BY work_id FOR UPDATE`.execute(tx)
  return rows
}

function release(row: WorkRow): void {
  row.lease_id = null
  row.leased_until = null
}

/** Without an own link the same attempt is made again; a temporary failure gets the next one; else the round is over. */
function advanceCheck(row: WorkRow, { check }: AdmittedCheck, timing: WorkTiming): boolean {
  const isOver = isVote(check) && !needsRetry(check.cause, row.attempt, timing.attempts_per_round)
  release(row)
  if (isOver) {
    row.round_no += 1
    row.attempt = 1
    row.priority = 0
  } else {
    if (isVote(check)) row.attempt += 1
    row.priority = RETRY_PRIORITY
    row.due_at = new Date(timing.now + timing.retry_delay_s * 1000)
  }
  return isOver
}

export interface WorkTiming {
  now: number
  retry_delay_s: number
  attempts_per_round: number
  audit_interval_s: number
}

/**
 * Moves the work on by its results. A result counts only for the very round and attempt that the row stands at: late
 * and repeated ones change nothing. A vantage that fell behind catches up with the round of the others.
 */
export function advanceChecks(
  work: readonly WorkRow[],
  checks: readonly AdmittedCheck[],
  timing: WorkTiming,
): AdvancedWork {
  const byId = new Map(work.map((row) => [row.work_id, row]))
  const newestRound = new Map<string, number>()
  for (const row of work) {
    if (row.kind !== 'site_check') continue
    newestRound.set(row.target_id, Math.max(row.round_no, newestRound.get(row.target_id) ?? 0))
  }
  const finished = new Set<WorkRow>()
  const changed = new Set<WorkRow>()
  for (const item of checks) {
    const row = item.order.work_id === null ? undefined : byId.get(item.order.work_id)
    if (row === undefined) continue
    const { check, order } = item
    if (check.tls_resumed === false && check.certificate !== null) row.full_handshake_at = new Date(check.started_at)
    changed.add(row)
    if (row.round_no !== order.round_no || row.attempt !== order.attempt) continue
    if (!advanceCheck(row, item, timing)) continue
    row.round_no = Math.max(row.round_no, newestRound.get(row.target_id) ?? 0)
    finished.add(row)
  }
  return { rows: [...changed], finished: [...finished] }
}

export function advanceAudits(work: readonly WorkRow[], audits: readonly SiteAudit[], timing: WorkTiming): WorkRow[] {
  const byTarget = new Map(work.filter((row) => row.kind === 'site_audit').map((row) => [row.target_id, row]))
  return audits.flatMap((audit) => {
    const row = byTarget.get(audit.target_id)
    if (row === undefined) return []
    const { audit_interval_s } = timing
    const wait_s =
      audit.outcome === 'unreachable' ? Math.min(audit_interval_s, UNREACHABLE_AUDIT_DELAY_S) : audit_interval_s
    release(row)
    row.round_no += 1
    row.priority = AUDIT_PRIORITY
    row.due_at = new Date(timing.now + wait_s * 1000)
    return [row]
  })
}

/** Writes changed rows back in one statement. */
export async function updateWork(tx: WriteExecutor, rows: readonly WorkRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map((row) => ({ ...row, due_at: row.due_at.toISOString() }))
  await sql`
    UPDATE due_work w
       SET due_at = v.due_at, priority = v.priority, round_no = v.round_no, attempt = v.attempt,
           lease_id = v.lease_id, leased_until = v.leased_until, full_handshake_at = v.full_handshake_at
      FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
           AS v (work_id bigint, due_at timestamptz, priority smallint, round_no bigint, attempt smallint,
                 lease_id uuid, leased_until timestamptz, full_handshake_at timestamptz)
     WHERE w.work_id = v.work_id`.execute(tx)
}
