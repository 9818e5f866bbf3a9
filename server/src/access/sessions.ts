import { sql, type Kysely } from 'kysely'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import { hashSecret, makeSecret } from './secrets.ts'

/** A session that nobody used for this long has ended. */
export const SESSION_IDLE_MINUTES = 60 * 4
/** However busy, a session ends a working day after the sign-in. */
export const SESSION_HOURS = 12
const USER_AGENT_CHARACTERS = 300

/** From where a browser speaks. */
export interface SessionPlace {
  remote_address: string
  user_agent: string
}

/** How the identity was proved. */
export const SESSION_MEANS = ['password', 'openid_connect', 'link'] as const
export type SessionMeans = (typeof SESSION_MEANS)[number]

/** Begins a session. @returns the secret for the cookie, which is kept nowhere */
export async function startSession(
  tx: WriteExecutor,
  user_id: number,
  { remote_address, user_agent }: SessionPlace,
  { means, is_second_factor_shown = false }: { means: SessionMeans; is_second_factor_shown?: boolean },
): Promise<string> {
  const secret = makeSecret()
  await tx
    .insertInto('user_session')
    .values({
      session_id: crypto.randomUUID(),
      secret_sha256: hashSecret(secret),
      user_id,
      expires_at: sql<Date>`clock_timestamp() + make_interval(hours => ${SESSION_HOURS})`,
      means,
      second_factor_at: is_second_factor_shown ? sql<Date>`clock_timestamp()` : null,
      remote_address,
      user_agent: user_agent.slice(0, USER_AGENT_CHARACTERS),
    })
    .execute()
  return secret
}

/** Notes that the session is in use; called once a minute at most. */
export async function touchSession(db: Kysely<DB>, session_id: string): Promise<void> {
  await db
    .updateTable('user_session')
    .set({ last_seen_at: sql<Date>`clock_timestamp()` })
    .where('session_id', '=', session_id)
    .execute()
}

/** The second factor was shown: a new secret stands for the session from now on. @returns that secret */
export async function completeSession(tx: WriteExecutor, session_id: string): Promise<string> {
  const secret = makeSecret()
  await tx
    .updateTable('user_session')
    .set({ second_factor_at: sql<Date>`clock_timestamp()`, secret_sha256: hashSecret(secret) })
    .where('session_id', '=', session_id)
    .execute()
  return secret
}

/** Ends sessions of one person: the named one, or all but the named one. @returns how many were running */
export async function endSessions(
  tx: WriteExecutor,
  user_id: number,
  which: { only: string } | { all_but: string | null },
): Promise<number> {
  let query = tx
    .updateTable('user_session')
    .set({ ended_at: sql<Date>`clock_timestamp()` })
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
  if ('only' in which) query = query.where('session_id', '=', which.only)
  else if (which.all_but !== null) query = query.where('session_id', '<>', which.all_but)
  return (await query.returning('session_id').execute()).length
}

/** Sessions of a person that still hold, the newest use first. */
export async function listSessions(db: ReadExecutor, user_id: number) {
  return db
    .selectFrom('user_session')
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .where('last_seen_at', '>', sql<Date>`clock_timestamp() - make_interval(mins => ${SESSION_IDLE_MINUTES})`)
    .select(['session_id', 'started_at', 'last_seen_at', 'expires_at', 'remote_address', 'user_agent'])
    .orderBy('last_seen_at', 'desc')
    .execute()
}
