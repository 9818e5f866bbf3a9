import { sql } from 'kysely'
import type { Provenance, RejectionCode } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import type { ReadRow, RowFault } from './read-row.ts'
import { giveReceipts, sortByReceipts } from './receipts.ts'

const FUTURE_TOLERANCE_MS = 5 * 60_000
const DAY_MS = 86_400_000
/** Modelled rounds lie below zero in the order of their time, so that they never mix with probed ones. */
const MODELLED_ROUND_OFFSET_S = 2 ** 32

/** What the server itself knows of the work that a row is the result of. */
export interface WorkOrder {
  /** Null for modelled history: nobody was sent. */
  work_id: number | null
  round_no: number
  attempt: number
}

export interface AdmittedRow extends ReadRow {
  order: WorkOrder
}

export interface Rejection {
  index: number
  id: string | null
  code: RejectionCode
  message: string
}

export interface Admission {
  admitted: AdmittedRow[]
  duplicate: number
  rejected: Rejection[]
}

export interface AdmissionRules {
  now: number
  accept_days: number
  /** Who hands the rows in. */
  collector: string
  vantage: string
  provenance: Provenance
}

function reject(row: ReadRow, code: RejectionCode, message: string): Rejection {
  return { index: row.index, id: row.id, code, message }
}

function rejectReused(rows: readonly ReadRow[]): Rejection[] {
  return rows.map((row) => reject(row, 'EDU_ID_REUSED', 'Под этим id уже принято другое измерение'))
}

async function findTargets(tx: WriteExecutor, rows: readonly ReadRow[]): Promise<Set<string>> {
  const { rows: targets } = await sql<{ org_unit_id: number; target_id: string }>`
    SELECT t.org_unit_id, t.target_id FROM target t
      JOIN (SELECT DISTINCT * FROM unnest(${rows.map((row) => row.measurement.org_unit_id)}::bigint[],
                                          ${rows.map((row) => row.measurement.target_id)}::uuid[]) AS a (org_unit_id, target_id)) asked
        ON asked.org_unit_id = t.org_unit_id AND asked.target_id = t.target_id`.execute(tx)
  return new Set(targets.map((target) => `${target.org_unit_id}/${target.target_id}`))
}

async function findLeases(tx: WriteExecutor, rows: readonly ReadRow[]) {
  const leases = await tx
    .selectFrom('lease')
    .select(['lease_id', 'work_id', 'kind', 'org_unit_id', 'target_id', 'collector', 'vantage', 'round_no', 'attempt'])
    .where('lease_id', 'in', [...new Set(rows.map((row) => row.measurement.lease_id))])
    .execute()
  return new Map(leases.map((lease) => [lease.lease_id, lease]))
}

function isInWindow(row: ReadRow, rules: AdmissionRules): boolean {
  const at = Date.parse(row.measurement.started_at)
  return at >= rules.now - rules.accept_days * DAY_MS && at <= rules.now + FUTURE_TOLERANCE_MS
}

/** Finds the order behind each row; a row without one is refused. */
async function matchOrders(
  tx: WriteExecutor,
  rows: readonly ReadRow[],
  rules: AdmissionRules,
): Promise<{ admitted: AdmittedRow[]; rejected: Rejection[] }> {
  const admitted: AdmittedRow[] = []
  const rejected: Rejection[] = []
  if (rows.length === 0) return { admitted, rejected }
  const targets = await findTargets(tx, rows)
  const leases = await findLeases(tx, rows)
  for (const row of rows) {
    const { measurement } = row
    const lease = leases.get(measurement.lease_id)
    const isLeased =
      lease?.kind === measurement.kind &&
      lease.target_id === measurement.target_id &&
      lease.org_unit_id === measurement.org_unit_id &&
      lease.collector === rules.collector &&
      lease.vantage === rules.vantage &&
      lease.attempt === measurement.attempt
    if (!isInWindow(row, rules)) {
      const message = `Время измерения вне окна приёма: не старше ${rules.accept_days} дней и не позже чем через 5 минут`
      rejected.push(reject(row, 'EDU_TIME_OUT_OF_WINDOW', message))
    } else if (!targets.has(`${measurement.org_unit_id}/${measurement.target_id}`)) {
      rejected.push(reject(row, 'EDU_TARGET_UNKNOWN', 'У организации нет такого адреса'))
    } else if (rules.provenance === 'modelled' && measurement.kind === 'site_audit') {
      rejected.push(reject(row, 'EDU_ROW_INVALID', '/kind: modelled history holds availability checks only'))
    } else if (rules.provenance === 'modelled') {
      const round_no = Math.floor(Date.parse(measurement.started_at) / 1000) - MODELLED_ROUND_OFFSET_S
      admitted.push({ ...row, order: { work_id: null, round_no, attempt: measurement.attempt } })
    } else if (lease !== undefined && isLeased) {
      const { work_id, round_no, attempt } = lease
      admitted.push({ ...row, order: { work_id, round_no, attempt } })
    } else {
      rejected.push(reject(row, 'EDU_LEASE_UNKNOWN', 'Такое задание этому коллектору не выдавалось'))
    }
  }
  return { admitted, rejected }
}

/**
 * Decides row by row what is taken in, and gives a receipt for it within the transaction. Duplicates are found before
 * anything else is asked: a resent row stays a duplicate when its time has left the window.
 */
export async function admitRows(
  tx: WriteExecutor,
  read: readonly (ReadRow | RowFault)[],
  rules: AdmissionRules,
): Promise<Admission> {
  const rejected: Rejection[] = read.flatMap((row) =>
    'fault' in row
      ? [{ index: row.index, id: row.id, code: 'EDU_ROW_INVALID', message: `${row.place}: ${row.fault}` }]
      : [],
  )
  const known = await sortByReceipts(
    tx,
    read.filter((row): row is ReadRow => !('fault' in row)),
  )
  const matched = await matchOrders(tx, known.fresh, rules)
  const given = await giveReceipts(tx, matched.admitted, rules.now)
  const reused = rejectReused([...known.reused, ...given.reused])
  return {
    admitted: given.fresh,
    duplicate: known.duplicate + given.duplicate,
    rejected: [...rejected, ...matched.rejected, ...reused].sort((a, b) => a.index - b.index),
  }
}
