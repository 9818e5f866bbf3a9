import { sql, type RawBuilder } from 'kysely'
import type { SpeedCause } from '../contract/speed-causes.ts'
import type { ReadExecutor } from '../db/executor.ts'

/** What was last heard of a place. */
export interface LastSign {
  org_unit_id: number
  /** Start of the newest test or hour of pings. */
  heard_at: Date
  /** Why the newest test came to no result; null: it did, or there is none. */
  cause: SpeedCause | null
  /** Of the newest hour of pings; null without one. */
  were_pings_answered: boolean | null
}

export interface SignsAsked {
  org_unit_ids: readonly number[]
  /** Signs at it or later are out. */
  as_of: Date
  known_at_change_set_no: number
}

/** Nearly every place that lives was heard of within this time; only the others are looked for further back. */
const RECENT_DAYS = 14
const DAY_MS = 86_400_000

async function listSigns(
  db: ReadExecutor,
  { org_unit_ids, as_of, known_at_change_set_no }: SignsAsked,
  isInTime: (time: RawBuilder<unknown>) => RawBuilder<boolean>,
): Promise<LastSign[]> {
  if (org_unit_ids.length === 0) return []
  const { rows } = await sql<LastSign>`
    WITH tested AS (
      SELECT DISTINCT ON (t.org_unit_id) t.org_unit_id, t.tested_at, t.cause FROM speed_test t
       WHERE t.org_unit_id = ANY(${org_unit_ids}::bigint[]) AND t.tested_at < ${as_of} AND ${isInTime(sql`t.tested_at`)}
         AND t.change_set_no <= ${known_at_change_set_no} AND t.method = 'agent'
       ORDER BY t.org_unit_id, t.tested_at DESC
    ), pinged AS (
      SELECT DISTINCT ON (h.org_unit_id) h.org_unit_id, h.hour_at, h.answered > 0 AS were_pings_answered FROM agent_hour h
       WHERE h.org_unit_id = ANY(${org_unit_ids}::bigint[]) AND h.hour_at < ${as_of} AND ${isInTime(sql`h.hour_at`)}
         AND h.change_set_no <= ${known_at_change_set_no}
       ORDER BY h.org_unit_id, h.hour_at DESC
    )
    SELECT org_unit_id, greatest(tested.tested_at, pinged.hour_at) AS heard_at, tested.cause, pinged.were_pings_answered
      FROM tested FULL JOIN pinged USING (org_unit_id)`.execute(db)
  return rows
}

/** The last sign of each place; places that were never heard of have none. */
export async function findLastSigns(db: ReadExecutor, asked: SignsAsked): Promise<ReadonlyMap<number, LastSign>> {
  const turn = new Date(asked.as_of.getTime() - RECENT_DAYS * DAY_MS)
  const recent = await listSigns(db, asked, (time) => sql`${time} >= ${turn}`)
  const found = new Set(recent.map(({ org_unit_id }) => org_unit_id))
  const rest = asked.org_unit_ids.filter((org_unit_id) => !found.has(org_unit_id))
  const older = await listSigns(db, { ...asked, org_unit_ids: rest }, (time) => sql`${time} < ${turn}`)
  return new Map([...recent, ...older].map((sign) => [sign.org_unit_id, sign]))
}
