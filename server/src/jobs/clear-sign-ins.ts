import { sql, type Kysely } from 'kysely'
import type { DB } from '../db/schema.gen.ts'

const FAILURES_DAYS = 1
const SESSIONS_DAYS = 90
const DEVICES_DAYS = 400

/** Takes away what signing in leaves behind: counted failures, ended sessions, browsers that nobody came back with. */
export async function clearSignIns(db: Kysely<DB>): Promise<{ failures: number; sessions: number; devices: number }> {
  const before = (days: number) => sql<Date>`clock_timestamp() - make_interval(days => ${days})`
  const failures = await db
    .deleteFrom('sign_in_failure')
    .where('failed_at', '<', before(FAILURES_DAYS))
    .returning('failure_id')
    .execute()
  const sessions = await db
    .deleteFrom('user_session')
    .where('expires_at', '<', before(SESSIONS_DAYS))
    .returning('session_id')
    .execute()
  const devices = await db
    .deleteFrom('known_device')
    .where('seen_at', '<', before(DEVICES_DAYS))
    .returning('user_id')
    .execute()
  return { failures: failures.length, sessions: sessions.length, devices: devices.length }
}
