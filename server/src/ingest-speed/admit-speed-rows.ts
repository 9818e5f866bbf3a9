import { sql } from 'kysely'
import type { Provenance, SpeedBatchAnswer, SpeedRejectionCode } from '../contract/index.ts'
import { isCovered, type AccessScope } from '../db/access-scope.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { giveReceipts, sortByReceipts } from '../ingest/receipts.ts'
import { findTickets, isOwnTicket, useTickets, type KnownTicket, type TestRow } from './find-tickets.ts'
import type { SpeedRow, SpeedRowFault } from './read-speed-row.ts'

const DAY_MS = 86_400_000
const FUTURE_TOLERANCE_MS = 5 * 60_000

type SpeedRejection = SpeedBatchAnswer['rejected'][number]
type PlacedRow = Pick<SpeedRow, 'list' | 'index' | 'id'>

export interface SpeedAdmission {
  admitted: SpeedRow[]
  duplicate: number
  rejected: SpeedRejection[]
}

export interface SpeedAdmissionRules {
  /** Milliseconds since the epoch. */
  now: number
  accept_days: number
  time_zone: string
  /** Units that the sender may speak for. */
  scope: AccessScope
  provenance: Provenance
}

const MESSAGES: Readonly<Record<Exclude<SpeedRejectionCode, 'EDU_ROW_INVALID'>, string>> = {
  EDU_ID_REUSED: 'Под этим id уже принята другая запись',
  EDU_TIME_OUT_OF_WINDOW: 'Время вне окна приёма',
  EDU_UNIT_FOREIGN: 'Здание не относится к организации, которой выдан токен',
  EDU_TICKET_FOREIGN: 'Разрешение на измерение выдано для другого здания или другого измерения',
}

function reject({ list, index, id }: PlacedRow, code: keyof typeof MESSAGES): SpeedRejection {
  return { list, index, id, code, message: MESSAGES[code] }
}

function unitOf(row: SpeedRow): number {
  return row.list === 'tests' ? row.test.org_unit_id : row.ping.org_unit_id
}

function isInWindow(row: SpeedRow, { now, accept_days }: SpeedAdmissionRules): boolean {
  const at = Date.parse(row.list === 'tests' ? row.test.started_at : row.ping.hour_at)
  return at >= now - accept_days * DAY_MS && at <= now + FUTURE_TOLERANCE_MS
}

/** Organisations, branches and buildings among the rows' units that the sender answers for. */
async function findOwnUnits(tx: WriteExecutor, rows: readonly SpeedRow[], scope: AccessScope): Promise<Set<number>> {
  if (rows.length === 0) return new Set()
  const units = await tx
    .selectFrom('org_unit')
    .where('org_unit_id', 'in', [...new Set(rows.map(unitOf))])
    .where('kind', 'in', ['organisation', 'branch', 'building'])
    .where(isCovered(scope, sql`org_unit.org_unit_id`))
    .select('org_unit_id')
    .execute()
  return new Set(units.map(({ org_unit_id }) => org_unit_id))
}

interface Known {
  units: ReadonlySet<number>
  tickets: ReadonlyMap<string, KnownTicket>
  /** Tickets of rows that stand before in the batch. */
  taken: Set<string>
}

function findObjection(row: SpeedRow, known: Known, rules: SpeedAdmissionRules): keyof typeof MESSAGES | null {
  if (!known.units.has(unitOf(row))) return 'EDU_UNIT_FOREIGN'
  if (!isInWindow(row, rules)) return 'EDU_TIME_OUT_OF_WINDOW'
  if (row.list === 'pings' || row.test.ticket_id === null) return null
  const { ticket_id } = row.test
  if (known.taken.has(ticket_id) || !isOwnTicket(known.tickets.get(ticket_id), row.test)) return 'EDU_TICKET_FOREIGN'
  known.taken.add(ticket_id)
  return null
}

function isTest(row: SpeedRow): row is TestRow {
  return row.list === 'tests'
}

/** A test under a ticket that another one was quicker to use is not taken in, and its receipt not given. */
async function dropBeaten(
  tx: WriteExecutor,
  rows: readonly SpeedRow[],
  rules: SpeedAdmissionRules,
): Promise<{ admitted: SpeedRow[]; beaten: SpeedRow[] }> {
  const beaten: readonly SpeedRow[] = await useTickets(tx, rows.filter(isTest), rules)
  if (beaten.length === 0) return { admitted: [...rows], beaten: [] }
  const ids = beaten.map(({ id }) => id)
  await tx.deleteFrom('receipt').where('measurement_id', 'in', ids).execute()
  return { admitted: rows.filter((row) => !beaten.includes(row)), beaten: [...beaten] }
}

/**
 * Decides row by row what is taken in, and gives a receipt for it within the transaction. Duplicates are found before
 * anything else is asked: a resent row stays a duplicate when its time has left the window.
 */
export async function admitSpeedRows(
  tx: WriteExecutor,
  read: readonly (SpeedRow | SpeedRowFault)[],
  rules: SpeedAdmissionRules,
): Promise<SpeedAdmission> {
  const rejected: SpeedRejection[] = []
  const rows: SpeedRow[] = []
  for (const row of read) {
    if (!('fault' in row)) rows.push(row)
    else {
      const { list, index, id, place, fault } = row
      rejected.push({ list, index, id, code: 'EDU_ROW_INVALID', message: `${place}: ${fault}` })
    }
  }
  const known = await sortByReceipts(tx, rows)
  const units = await findOwnUnits(tx, known.fresh, rules.scope)
  const tickets = await findTickets(tx, known.fresh.filter(isTest))
  const taken = new Set<string>()
  const own = known.fresh.filter((row) => {
    const code = findObjection(row, { units, tickets, taken }, rules)
    if (code !== null) rejected.push(reject(row, code))
    return code === null
  })
  const given = await giveReceipts(tx, own, rules.now)
  const { admitted, beaten } = await dropBeaten(tx, given.fresh, rules)
  rejected.push(...beaten.map((row) => reject(row, 'EDU_TICKET_FOREIGN')))
  rejected.push(...[...known.reused, ...given.reused].map((row) => reject(row, 'EDU_ID_REUSED')))
  rejected.sort((a, b) => (a.list === b.list ? a.index - b.index : a.list === 'tests' ? -1 : 1))
  return { admitted, duplicate: known.duplicate + given.duplicate, rejected }
}
