import { randomUUID } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import type { SpeedMethod, Ticket } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import { networkOf } from '../domain/address-network.ts'
import { CodedError } from '../errors.ts'
import { findSigningKey } from './ticket-key.ts'
import { signTicket } from './ticket-token.ts'

/** Who asks to test what. */
export interface TicketWish {
  org_unit_id: number
  method: SpeedMethod
  remote_address: string
  /** Token or school code, without anybody's name. */
  issued_to: string
}

export interface TicketTerms {
  /** Address of the measurement server. */
  server_url: string
  /** Tests at one time of callers behind one public address. */
  tests_per_network: number
}

/** The test has to begin within this time; long enough to wait for a place at the measurement server. */
const VALID_S = 120
/** A test that began at the last moment is over by then. */
const LONGEST_TEST_S = 55
/** Most tests are over much earlier than their tickets: it is worth while to ask again after this time. */
const ASK_AGAIN_S = 30

interface LiveTickets {
  of_unit: number
  of_network: number
  over_in_s: number
}

/** Tickets whose test may still run: no record of the measurement server has ended them yet. */
async function countLive(tx: WriteExecutor, org_unit_id: number, network: string, now: Date): Promise<LiveTickets> {
  const since = new Date(now.getTime() - (VALID_S + LONGEST_TEST_S) * 1000)
  const { rows } = await sql<{ of_unit: number; of_network: number; first_issued_at: Date | null }>`
    SELECT count(*) FILTER (WHERE t.org_unit_id = ${org_unit_id})::int AS of_unit,
           count(*) FILTER (WHERE t.client_network = ${network})::int AS of_network,
           min(t.issued_at) AS first_issued_at
      FROM measurement_ticket t
      LEFT JOIN measurement_record r ON r.ticket_id = t.ticket_id
     WHERE t.issued_at > ${since} AND (t.org_unit_id = ${org_unit_id} OR t.client_network = ${network})
       AND r.ticket_id IS NULL`.execute(tx)
  const { of_unit = 0, of_network = 0, first_issued_at = null } = rows[0] ?? {}
  const over_in_s = first_issued_at === null ? 1 : Math.ceil((first_issued_at.getTime() - since.getTime()) / 1000)
  return { of_unit, of_network, over_in_s: Math.max(1, over_in_s) }
}

function refuse(code: 'EDU_SPEED_TEST_RUNNING' | 'EDU_SPEED_TESTS_LIMITED', message: string, over_in_s: number): never {
  throw new CodedError(code, message, { retry_after_s: Math.min(over_in_s, ASK_AGAIN_S) })
}

/**
 * Gives leave for one test: one at a time of each building, and only so many behind one public address, for they would
 * measure each other.
 * @throws EDU_SPEED_TEST_RUNNING, EDU_SPEED_TESTS_LIMITED, both with `retry_after_s`
 */
export async function issueTicket(db: Kysely<DB>, wish: TicketWish, terms: TicketTerms): Promise<Ticket> {
  const { org_unit_id, method, issued_to } = wish
  const client_network = networkOf(wish.remote_address)
  const ticket_id = randomUUID()
  const issued_at = new Date()
  const expires_at = new Date(issued_at.getTime() + VALID_S * 1000)
  const key = await findSigningKey(db)
  await db.transaction().execute(async (tx) => {
    for (const name of [`network ${client_network}`, `unit ${org_unit_id}`]) {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`speed ticket ${name}`}, 0))`.execute(tx)
    }
    const live = await countLive(tx, org_unit_id, client_network, issued_at)
    if (live.of_unit > 0) refuse('EDU_SPEED_TEST_RUNNING', 'В этом здании уже идёт измерение', live.over_in_s)
    if (live.of_network >= terms.tests_per_network) {
      refuse('EDU_SPEED_TESTS_LIMITED', 'С этого адреса уже идёт наибольшее число измерений', live.over_in_s)
    }
    await tx
      .insertInto('measurement_ticket')
      .values({ ticket_id, org_unit_id, method, issued_at, expires_at, client_network, issued_to })
      .execute()
  })
  const { server_url } = terms
  const access_token = await signTicket(key, { ticket_id, server_url, issued_at, expires_at })
  return { ticket_id, access_token, server_url, expires_at: expires_at.toISOString() }
}
