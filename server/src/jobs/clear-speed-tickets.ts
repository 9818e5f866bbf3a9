import { sql, type Kysely } from 'kysely'
import type { DB } from '../db/schema.gen.ts'

/** Longer than any test may be handed in late: without its ticket and record it would stay unconfirmed. */
const KEPT_DAYS = 90

/** Takes away tickets and records whose tests cannot come in any more. */
export async function clearSpeedTickets(db: Kysely<DB>): Promise<{ tickets: number; records: number }> {
  const before = sql<Date>`clock_timestamp() - make_interval(days => ${KEPT_DAYS})`
  const tickets = await db.deleteFrom('measurement_ticket').where('issued_at', '<', before).executeTakeFirst()
  const records = await db.deleteFrom('measurement_record').where('received_at', '<', before).executeTakeFirst()
  return { tickets: Number(tickets.numDeletedRows), records: Number(records.numDeletedRows) }
}
