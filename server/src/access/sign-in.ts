import { sql, type Kysely } from 'kysely'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { isPassword } from './passwords.ts'
import { hashSecret, makeSecret } from './secrets.ts'
import { findTotpStep } from './second-factor.ts'
import { completeSession, startSession, type SessionPlace } from './sessions.ts'
import { insertFailure, refuseTooManyFailures, type Attempt } from './sign-in-limits.ts'
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
  user_id: number,
  device_secret: string | null,
): Promise<string | null> {
  if (device_secret === null) return null
  const row = await db
    .selectFrom('known_device')
    .where('device_sha256', '=', hashSecret(device_secret))
    .where('user_id', '=', user_id)
    .select('device_sha256')
    .executeTakeFirst()
  return row?.device_sha256 ?? null
}

/** Remembers the browser, so that guesses made elsewhere never lock it out. */
async function keepDevice(tx: WriteExecutor, user_id: number, device_secret: string | null): Promise<string> {
  const secret = device_secret ?? makeSecret()
  await tx
    .insertInto('known_device')
    .values({ device_sha256: hashSecret(secret), user_id })
    .onConflict((conflict) =>
      conflict.columns(['device_sha256', 'user_id']).doUpdateSet({ seen_at: sql<Date>`clock_timestamp()` }),
    )
    .execute()
  return secret
}

function authorOf(person: { user_id: number; display_name: string }, place: SignInPlace): AuditAuthor {
  const { remote_address, request_id } = place
  return { actor: person.display_name, user_id: person.user_id, remote_address, request_id }
}

function auditSignIn(tx: WriteExecutor, by: AuditAuthor, action: string, detail: object): Promise<void> {
  return insertAuditEvent(tx, { by, category: 'sign_in', action, subject: `user ${by.user_id ?? 0}`, detail })
}

/** Begins a session for somebody whose identity is proved, by a password or by an identity provider. */
export async function openSession(
  tx: WriteExecutor,
  person: { user_id: number; display_name: string; has_second_factor: boolean },
  place: SignInPlace,
  means: 'password' | 'openid_connect' | 'link',
): Promise<SignedIn> {
  const isTrusted = means === 'openid_connect'
  const session_secret = await startSession(tx, person.user_id, place, isTrusted)
  await auditSignIn(tx, authorOf(person, place), 'sign_in', { means })
  const isComplete = isTrusted || !person.has_second_factor
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
  const device_sha256 = user === undefined ? null : await findKnownDevice(db, user.user_id, place.device_secret)
  const attempt: Attempt = { subject: `password ${login}`, remote_address: place.remote_address, device_sha256 }
  await refuseTooManyFailures(db, attempt)
  const isRight = await isPassword(user?.password_hash ?? null, credentials.password)
  if (user === undefined || !isRight || user.is_disabled) {
    await insertFailure(db, attempt)
    if (user !== undefined) {
      await db.transaction().execute((tx) => auditSignIn(tx, authorOf(user, place), 'sign_in_refused', {}))
    }
    throw new CodedError('EDU_SIGN_IN_REFUSED', 'Имя или пароль не подходит')
  }
  const person = { ...user, has_second_factor: user.totp_confirmed_at !== null }
  return db.transaction().execute((tx) => openSession(tx, person, place, 'password'))
}

/** Uses up a code of the authenticator or a recovery code. @returns what it was; null when it is neither */
export async function takeCode(tx: WriteExecutor, user_id: number, code: string): Promise<'totp' | 'recovery' | null> {
  const user = await tx
    .selectFrom('app_user')
    .where('user_id', '=', user_id)
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
  const device_sha256 = await findKnownDevice(db, person.user_id, place.device_secret)
  const attempt: Attempt = {
    subject: `second factor ${person.user_id}`,
    remote_address: place.remote_address,
    device_sha256,
  }
  await refuseTooManyFailures(db, attempt)
  const signedIn = await db.transaction().execute(async (tx) => {
    const means = await takeCode(tx, person.user_id, code)
    if (means === null) return null
    await auditSignIn(tx, authorOf(person, place), 'second_factor', { means })
    return {
      session_secret: await completeSession(tx, person.session_id),
      device_secret: await keepDevice(tx, person.user_id, place.device_secret),
    }
  })
  if (signedIn !== null) return signedIn
  await insertFailure(db, attempt)
  throw new CodedError('EDU_SECOND_FACTOR_WRONG', 'Код не подходит')
}
