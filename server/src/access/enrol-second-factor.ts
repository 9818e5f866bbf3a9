import { sql, type Kysely } from 'kysely'
import type { AuditAction } from '../db/audit-actions.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { isPassword } from './passwords.ts'
import { findTotpStep, makeRecoveryCodes, makeTotpSecret, totpAddress } from './second-factor.ts'
import { hashSecret } from './secrets.ts'
import { completeSession } from './sessions.ts'
import { beginAttempt, forgiveAttempt } from './sign-in-limits.ts'
import { takeCode } from './sign-in.ts'
import type { Person } from './subject.ts'

function audit(tx: WriteExecutor, by: AuditAuthor, action: AuditAction): Promise<void> {
  return insertAuditEvent(tx, { by, category: 'sign_in', action, subject: `user ${by.user_id ?? 0}` })
}

/** Makes a secret that counts only once it is confirmed. @throws EDU_FORBIDDEN while another one is in force */
export async function offerSecondFactor(
  db: Kysely<DB>,
  person: Person,
): Promise<{ secret: string; address: string; asks_password: boolean }> {
  const secret = makeTotpSecret()
  const offered = await db
    .updateTable('app_user')
    .set({ totp_secret: secret, totp_last_step: null })
    .where('user_id', '=', person.user_id)
    .where('totp_confirmed_at', 'is', null)
    .returning('password_hash')
    .executeTakeFirst()
  if (offered === undefined) throw new CodedError('EDU_FORBIDDEN', 'Второй фактор уже подключён, сначала отключите его')
  return { secret, address: totpAddress(secret, person.login), asks_password: offered.password_hash !== null }
}

/** What a person shows to change the second factor. */
export interface OwnProof {
  /** Null for whoever has none, because an identity provider vouches for the person. */
  password: string | null
  code: string
}

/** Puts the offered secret in force, if a code of it is shown. @returns whether it was */
async function confirmOffer(tx: WriteExecutor, user_id: number, code: string): Promise<boolean> {
  const user = await tx
    .selectFrom('app_user')
    .where('user_id', '=', user_id)
    .where('totp_confirmed_at', 'is', null)
    .select('totp_secret')
    .forUpdate()
    .executeTakeFirst()
  const step = user?.totp_secret == null ? null : findTotpStep(user.totp_secret, code, null)
  if (step === null) return false
  await tx
    .updateTable('app_user')
    .set({ totp_confirmed_at: sql<Date>`clock_timestamp()`, totp_last_step: step })
    .where('user_id', '=', user_id)
    .execute()
  return true
}

async function replaceRecoveryCodes(tx: WriteExecutor, user_id: number): Promise<string[]> {
  const codes = makeRecoveryCodes()
  await tx.deleteFrom('recovery_code').where('user_id', '=', user_id).execute()
  await tx
    .insertInto('recovery_code')
    .values(codes.map((text) => ({ user_id, code_sha256: hashSecret(text) })))
    .execute()
  return codes
}

function refuseCode(): never {
  throw new CodedError('EDU_SECOND_FACTOR_WRONG', 'Код не подходит', { field: 'code' })
}

/**
 * Puts the offered secret in force, because a code of it was shown, with the password: whoever finds a browser open must
 * not shut its owner out. The session is complete then and gets a new secret.
 * @returns fresh recovery codes, kept as hashes only, and the session's secret for the cookie
 * @throws EDU_SIGN_IN_REFUSED for a wrong password, EDU_SECOND_FACTOR_WRONG, EDU_RATE_LIMITED
 */
export async function confirmSecondFactor(
  db: Kysely<DB>,
  person: Person,
  proof: OwnProof,
  by: AuditAuthor,
): Promise<{ codes: string[]; session_secret: string }> {
  const failure_ids = await requirePassword(db, person, proof.password, by)
  const confirmed = await db.transaction().execute(async (tx) => {
    if (!(await confirmOffer(tx, person.user_id, proof.code))) {
      await audit(tx, by, 'second_factor_refused')
      return null
    }
    await forgiveAttempt(tx, failure_ids)
    const codes = await replaceRecoveryCodes(tx, person.user_id)
    const session_secret = await completeSession(tx, person.session_id)
    await audit(tx, by, 'second_factor.confirm')
    return { codes, session_secret }
  })
  return confirmed ?? refuseCode()
}

/**
 * Removes the second factor.
 * @throws EDU_SIGN_IN_REFUSED for a wrong password, EDU_SECOND_FACTOR_WRONG, EDU_RATE_LIMITED
 */
export async function removeSecondFactor(
  db: Kysely<DB>,
  person: Person,
  proof: OwnProof,
  by: AuditAuthor,
): Promise<void> {
  const failure_ids = await requirePassword(db, person, proof.password, by)
  const isRemoved = await db.transaction().execute(async (tx) => {
    if ((await takeCode(tx, person.user_id, proof.code)) === null) {
      await audit(tx, by, 'second_factor_refused')
      return false
    }
    await forgiveAttempt(tx, failure_ids)
    await dropSecondFactor(tx, person.user_id)
    await audit(tx, by, 'second_factor.remove')
    return true
  })
  if (!isRemoved) refuseCode()
}

/**
 * Takes the second factor from an account: at the person's own wish, or by an administrator when it is lost. Sessions
 * that were complete by it are so no more where the role demands one.
 */
export async function dropSecondFactor(tx: WriteExecutor, user_id: number): Promise<void> {
  const none = { totp_secret: null, totp_confirmed_at: null, totp_last_step: null }
  await tx.updateTable('app_user').set(none).where('user_id', '=', user_id).execute()
  await tx.deleteFrom('recovery_code').where('user_id', '=', user_id).execute()
  await tx.updateTable('user_session').set({ second_factor_at: null }).where('user_id', '=', user_id).execute()
}

/**
 * Asks the person of a session for the password again, if there is one: whoever found the browser open does not know it.
 * Guesses count against the session alone.
 * @returns what `forgiveAttempt` needs once the command is done
 * @throws EDU_SIGN_IN_REFUSED when it is not the person's password, EDU_RATE_LIMITED
 */
export async function requirePassword(
  db: Kysely<DB>,
  person: Person,
  password: string | null,
  by: AuditAuthor,
): Promise<number[]> {
  const { user_id, session_id } = person
  const place = { remote_address: '', known_place: `session ${session_id}`, counts_everywhere: false }
  const failure_ids = await beginAttempt(db, { subject: `own account ${user_id}`, ...place, by })
  const user = await db.selectFrom('app_user').where('user_id', '=', user_id).select('password_hash').executeTakeFirst()
  const password_hash = user?.password_hash ?? null
  if (password_hash === null || (await isPassword(password_hash, password ?? ''))) return failure_ids
  await db.transaction().execute((tx) => audit(tx, by, 'password_refused'))
  throw new CodedError('EDU_SIGN_IN_REFUSED', 'Пароль не подходит', { field: 'password' })
}
