import { sql, type Kysely } from 'kysely'
import pg from 'pg'
import type { WriteExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import { digestEvents, hashSeal, NO_SEAL_SHA256, type SealContent } from './audit-chain.ts'
import { formatHead, type AuditHead } from './audit-head.ts'

/** Every writer of events holds this in share, from taking a number to the end of its transaction: migration 0020. */
const EVENT_NUMBER_LOCK_KEY = 20_200_614
const SEAL_LOCK_KEY = 20_200_615
const EVENTS_PER_SEAL = 1000
/** Writers that come after the sealer wait behind it, so it gives up soon and comes back at its next turn. */
const WAIT_FOR_WRITERS_MS = 1000
const LOCK_NOT_AVAILABLE = '55P03'

/** What one run of the sealer did. */
export interface SealingCounts {
  events: number
  /** Newest seal, `seal:event:hash`; null before the first. This is the line that leaves the database with the log. */
  head: string | null
  /** A writer took too long: what it holds back is sealed at the next run. */
  is_postponed: boolean
}

/** Newest seal; null before the first. */
export async function findHead(db: Kysely<DB>): Promise<AuditHead | null> {
  const row = await db
    .selectFrom('audit_seal')
    .select(['seal_no', 'to_event_id', 'sha256'])
    .orderBy('seal_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/**
 * The greatest event number up to which nothing is uncommitted: with the lock held by nobody else, every number given
 * out so far belongs to a transaction that has ended, and every later one will be greater.
 * @returns null when writers did not end in time
 */
async function findSettledThrough(db: Kysely<DB>): Promise<number | null> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`SELECT set_config('lock_timeout', ${String(WAIT_FOR_WRITERS_MS)}, true)`.execute(tx)
      await sql`SELECT pg_advisory_xact_lock(${EVENT_NUMBER_LOCK_KEY})`.execute(tx)
      const { rows } = await sql<{ through: number | null }>`
        SELECT max(audit_event_id) AS through FROM audit_event`.execute(tx)
      return rows[0]?.through ?? 0
    })
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE) return null
    throw error
  }
}

async function writeSeal(tx: WriteExecutor, through: number): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(${SEAL_LOCK_KEY})`.execute(tx)
  const head = await findHead(tx)
  const events = await digestEvents(tx, { after: head?.to_event_id ?? 0, through, limit: EVENTS_PER_SEAL })
  const [first] = events
  const last = events.at(-1)
  if (first === undefined || last === undefined) return 0
  const seal: SealContent = {
    seal_no: (head?.seal_no ?? 0) + 1,
    from_event_id: first.audit_event_id,
    to_event_id: last.audit_event_id,
    event_count: events.length,
    event_ids: events.map((event) => event.audit_event_id),
    event_sha256: events.map((event) => event.sha256),
    previous_sha256: head?.sha256 ?? NO_SEAL_SHA256,
    sealed_at: new Date(),
  }
  await tx
    .insertInto('audit_seal')
    .values({ ...seal, sha256: hashSeal(seal) })
    .execute()
  return events.length
}

/**
 * Chains all committed events that are not sealed yet, in the order of their numbers. Several processes may do it at
 * once: each seal is made under a lock and read again what is the newest one.
 */
export async function sealEvents(db: Kysely<DB>): Promise<SealingCounts> {
  const through = await findSettledThrough(db)
  let events = 0
  for (;;) {
    const sealed = through === null ? 0 : await db.transaction().execute((tx) => writeSeal(tx, through))
    events += sealed
    if (sealed < EVENTS_PER_SEAL) break
  }
  const head = await findHead(db)
  return { events, head: head === null ? null : formatHead(head), is_postponed: through === null }
}
