import type { SpeedMethod } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { localHourOf } from '../domain/schedule.ts'
import type { SpeedRow } from './read-speed-row.ts'

export type TestRow = Extract<SpeedRow, { list: 'tests' }>

/** A ticket, and the test that it was used for. */
export interface KnownTicket {
  ticket_id: string
  org_unit_id: number
  method: string
  used_for: string | null
}

function ticketIds(rows: readonly TestRow[]): string[] {
  return [...new Set(rows.flatMap(({ test }) => test.ticket_id ?? []))]
}

/** Tickets that the tests name, by id. One that was never given is not among them. */
export async function findTickets(tx: WriteExecutor, rows: readonly TestRow[]): Promise<Map<string, KnownTicket>> {
  const ids = ticketIds(rows)
  if (ids.length === 0) return new Map()
  const tickets = await tx
    .selectFrom('measurement_ticket as t')
    .leftJoin('measurement_ticket_use as u', 'u.ticket_id', 't.ticket_id')
    .where('t.ticket_id', 'in', ids)
    .select(['t.ticket_id', 't.org_unit_id', 't.method', 'u.test_id as used_for'])
    .execute()
  return new Map(tickets.map((ticket) => [ticket.ticket_id, ticket]))
}

/** Whether a test may say that it was made under its ticket. */
export function isOwnTicket(
  ticket: KnownTicket | undefined,
  test: { id: string; org_unit_id: number; method: SpeedMethod },
): boolean {
  if (ticket?.org_unit_id !== test.org_unit_id || ticket.method !== test.method) return false
  return ticket.used_for === null || ticket.used_for === test.id
}

/**
 * Notes what each ticket is used for, in the order of tickets, so that two senders never deadlock.
 * @returns tests whose ticket another test was the first to use
 */
export async function useTickets(
  tx: WriteExecutor,
  rows: readonly TestRow[],
  { now, time_zone }: { now: number; time_zone: string },
): Promise<TestRow[]> {
  const uses = rows.flatMap((row) => {
    const { ticket_id, id, org_unit_id, started_at } = row.test
    if (ticket_id === null) return []
    const hour = localHourOf(Date.parse(started_at), time_zone)
    return [{ ticket_id, org_unit_id, tested_at: new Date(started_at), test_id: id, ...hour, used_at: new Date(now) }]
  })
  if (uses.length === 0) return []
  uses.sort((a, b) => (a.ticket_id < b.ticket_id ? -1 : 1))
  const inserted = await tx
    .insertInto('measurement_ticket_use')
    .values(uses)
    .onConflict((conflict) => conflict.column('ticket_id').doNothing())
    .returning('test_id')
    .execute()
  const first = new Set(inserted.map(({ test_id }) => test_id))
  return rows.filter(({ test }) => test.ticket_id !== null && !first.has(test.id))
}
