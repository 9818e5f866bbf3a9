import { sql, type Kysely } from 'kysely'
import type { AuditAction } from '../db/audit-actions.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { isPassword } from './passwords.ts'
import { hashSecret, makeSecret } from './secrets.ts'
import { findTotpStep } from './second-factor.ts'
import { completeSession, startSession, type SessionMeans, type SessionPlace } from './sessions.ts'
import { beginAttempt, forgiveAttempt, type Attempt } from './sign-in-limits.ts'
import type { Person } from './subject.ts'

/** From where somebody signs in: besides the browser's own words, the device cookie of an earlier sign-in. */
export interface SignInPlace extends SessionPlace {
  device_secret: string | null
  request_id: string
}

/** Secrets for cookies. A device secret is null while the second factor is still to be shown. */
export interface SignedIn {
  session_secret: string
  device_secret: string | null
}

async function findKnownDevice(
  db: ReadExecutor,
  user_id: number | null,
  device_secret: string | null,
): Promise<string | null> {
  if (device_secret === null) return null
  // Asked also for a login that nobody has: the answer takes the same time.
  const row = await db
    .selectFrom('known_device')
    .where('device_sha256', '=', hashSecret(device_secret))
    .where('user_id', '=', user_id ?? 0)
    .select('device_sha256')
    .executeTakeFirst()
  return row?.device_sha256 ?? null
}

/** A secret that we made for this browser; null for none, and for one that somebody else put there. */
async function findOwnSecret(tx: WriteExecutor, device_secret: string | null): Promise<string | null> {
  if (device_secret === null) return null
  const row = await tx
    .selectFrom('known_device')
    .where('device_sha256', '=', hashSecret(device_secret))
    .select('device_sha256')
    .executeTakeFirst()
  return row === undefined ? null : device_secret
}

/** Remembers the browser, so that guesses made elsewhere never lock it out. */
async function keepDevice(tx: WriteExecutor, user_id: number, device_secret: string | null): Promise<string> {
  const secret = (await findOwnSecret(tx, device_secret)) ?? makeSecret()
  await tx
    .insertInto('known_device')
    .values({ device_sha256: hashSecret(secret), user_id })
    .onConflict((conflict) =>
      conflict.columns(['device_sha256', 'user_id']).doUpdateSet({ seen_at: sql<Date>`clock_timestamp()` }),
    )
    .execute()
  return secret
}

function authorOf(person: { user_id: number | null; display_name: string }, place: SignInPlace): AuditAuthor {
  const { remote_address, request_id } = place
  return { actor: person.display_name, user_id: person.user_id, remote_address, request_id }
}

function auditSignIn(tx: WriteExecutor, by: AuditAuthor, action: AuditAction, detail: object): Promise<void> {
  return insertAuditEvent(tx, { by, category: 'sign_in', action, subject: `user ${by.user_id ?? 0}`, detail })
}

/** How the identity was proved. */
interface SignInMeans {
  means: SessionMeans
  /** The identity provider vouches for a second factor too. */
  is_second_factor_shown?: boolean
}

/** Begins a session for somebody whose identity is proved, by a password or by an identity provider. */
export async function openSession(
  tx: WriteExecutor,
  person: { user_id: number; display_name: string; has_second_factor: boolean },
  place: SignInPlace,
  { means, is_second_factor_shown = false }: SignInMeans,
): Promise<SignedIn> {
  const session_secret = await startSession(tx, person.user_id, place, { means, is_second_factor_shown })
  await auditSignIn(tx, authorOf(person, place), 'sign_in', { means })
  const isComplete = is_second_factor_shown || !person.has_second_factor
  return {
    session_secret,
    device_secret: isComplete ? await keepDevice(tx, person.user_id, place.device_secret) : null,
  }
}

/**
 * Signs in with a password. A wrong login and a wrong password get the same answer after the same time.
 * @throws EDU_SIGN_IN_REFUSED, EDU_RATE_LIMITED
 */
export async function signIn(
  db: Kysely<DB>,
  credentials: { login: string; password: string },
  place: SignInPlace,
): Promise<SignedIn> {
  const login = credentials.login.trim().toLowerCase()
  const user = await db
    .selectFrom('app_user')
    .where('login', '=', login)
    .select(['user_id', 'display_name', 'password_hash', 'totp_confirmed_at', 'is_disabled'])
    .executeTakeFirst()
  const known_place = await findKnownDevice(db, user?.user_id ?? null, place.device_secret)
  const by = authorOf(user ?? { user_id: null, display_name: 'nobody' }, place)
  const { remote_address } = place
  const attempt: Attempt = { subject: `password ${login}`, remote_address, known_place, counts_everywhere: false, by }
  const failure_ids = await beginAttempt(db, attempt)
  const isRight = await isPassword(user?.password_hash ?? null, credentials.password)
  const signedIn = await db.transaction().execute(async (tx) => {
    if (user === undefined || !isRight || !(await isUnchanged(tx, user))) {
      await auditSignIn(tx, by, 'sign_in_refused', {})
      return null
    }
    await forgiveAttempt(tx, failure_ids)
    const person = { ...user, has_second_factor: user.totp_confirmed_at !== null }
    return openSession(tx, person, place, { means: 'password' })
  })
  if (signedIn === null) throw new CodedError('EDU_SIGN_IN_REFUSED', 'Имя или пароль не подходит')
  return signedIn
}

/** Whether the account may sign in, and its password is still the one that was judged: judging takes a while. */
async function isUnchanged(
  tx: WriteExecutor,
  judged: { user_id: number; password_hash: string | null },
): Promise<boolean> {
  const user = await tx
    .selectFrom('app_user')
    .where('user_id', '=', judged.user_id)
    .where('is_disabled', '=', false)
    .where('password_hash', '=', judged.password_hash)
    .select('user_id')
    .forShare()
    .executeTakeFirst()
  return user !== undefined
}

/**
 * Uses up a code of the authenticator or a recovery code. A secret that was offered and not confirmed gives no codes.
 * @returns what it was; null when it is neither
 */
export async function takeCode(tx: WriteExecutor, user_id: number, code: string): Promise<'totp' | 'recovery' | null> {
  const user = await tx
    .selectFrom('app_user')
    .where('user_id', '=', user_id)
    .where('totp_confirmed_at', 'is not', null)
    .select(['totp_secret', 'totp_last_step'])
    .forUpdate()
    .executeTakeFirst()
  if (user?.totp_secret == null) return null
  const step = findTotpStep(user.totp_secret, code, user.totp_last_step)
  if (step !== null) {
    await tx.updateTable('app_user').set({ totp_last_step: step }).where('user_id', '=', user_id).execute()
    return 'totp'
  }
  const used = await tx
    .updateTable('recovery_code')
    .set({ used_at: sql<Date>`clock_timestamp()` })
    .where('user_id', '=', user_id)
    .where('code_sha256', '=', hashSecret(code.trim().toLowerCase()))
    .where('used_at', 'is', null)
    .returning('code_sha256')
    .executeTakeFirst()
  return used === undefined ? null : 'recovery'
}

/**
 * Shows the second factor: the session gets a new secret and all rights.
 * @throws EDU_SECOND_FACTOR_WRONG, EDU_RATE_LIMITED
 */
export async function showSecondFactor(
  db: Kysely<DB>,
  person: Person,
  code: string,
  place: SignInPlace,
): Promise<SignedIn> {
  const known_place = await findKnownDevice(db, person.user_id, place.device_secret)
  const by = authorOf(person, place)
  const subject = `second factor ${person.user_id}`
  const { remote_address } = place
  const failure_ids = await beginAttempt(db, { subject, remote_address, known_place, counts_everywhere: true, by })
  const signedIn = await db.transaction().execute(async (tx) => {
    const means = await takeCode(tx, person.user_id, code)
    if (means === null) {
      await auditSignIn(tx, by, 'second_factor_refused', {})
      return null
    }
    await forgiveAttempt(tx, failure_ids)
    await auditSignIn(tx, by, 'second_factor', { means })
    return {
      session_secret: await completeSession(tx, person.session_id),
      device_secret: await keepDevice(tx, person.user_id, place.device_secret),
    }
  })
  if (signedIn !== null) return signedIn
  throw new CodedError('EDU_SECOND_FACTOR_WRONG', 'Код не подходит')
}
