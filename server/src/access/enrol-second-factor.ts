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
import { beginAttempt, forgiveAttempt } from './sign-in-limits.ts'
import { takeCode } from './sign-in.ts'
import type { Person } from './subject.ts'

function audit(tx: WriteExecutor, by: AuditAuthor, action: AuditAction): Promise<void> {
  return insertAuditEvent(tx, { by, category: 'sign_in', action, subject: `user ${by.user_id ?? 0}` })
}

/** Makes a secret that counts only once it is confirmed. @throws EDU_FORBIDDEN while another one is in force */
export async function offerSecondFactor(db: Kysely<DB>, person: Person): Promise<{ secret: string; address: string }> {
  const secret = makeTotpSecret()
  const offered = await db
    .updateTable('app_user')
    .set({ totp_secret: secret, totp_last_step: null })
    .where('user_id', '=', person.user_id)
    .where('totp_confirmed_at', 'is', null)
    .returning('user_id')
    .executeTakeFirst()
  if (offered === undefined) throw new CodedError('EDU_FORBIDDEN', 'Второй фактор уже подключён, сначала отключите его')
  return { secret, address: totpAddress(secret, person.login) }
}

/**
 * Puts the offered secret in force, because a code of it was shown. @returns fresh recovery codes, kept as hashes only
 * @throws EDU_SECOND_FACTOR_WRONG
 */
export async function confirmSecondFactor(
  db: Kysely<DB>,
  person: Person,
  code: string,
  by: AuditAuthor,
): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    const user = await tx
      .selectFrom('app_user')
      .where('user_id', '=', person.user_id)
      .where('totp_confirmed_at', 'is', null)
      .select('totp_secret')
      .forUpdate()
      .executeTakeFirst()
    const step = user?.totp_secret == null ? null : findTotpStep(user.totp_secret, code, null)
    if (step === null) throw new CodedError('EDU_SECOND_FACTOR_WRONG', 'Код не подходит', { field: 'code' })
    await tx
      .updateTable('app_user')
      .set({ totp_confirmed_at: sql<Date>`clock_timestamp()`, totp_last_step: step })
      .where('user_id', '=', person.user_id)
      .execute()
    await tx
      .updateTable('user_session')
      .set({ second_factor_at: sql<Date>`clock_timestamp()` })
      .where('session_id', '=', person.session_id)
      .execute()
    const codes = makeRecoveryCodes()
    await tx.deleteFrom('recovery_code').where('user_id', '=', person.user_id).execute()
    await tx
      .insertInto('recovery_code')
      .values(codes.map((text) => ({ user_id: person.user_id, code_sha256: hashSecret(text) })))
      .execute()
    await audit(tx, by, 'second_factor.confirm')
    return codes
  })
}

/** Removes the second factor. @throws EDU_SIGN_IN_REFUSED for a wrong password, EDU_SECOND_FACTOR_WRONG, EDU_RATE_LIMITED */
export async function removeSecondFactor(
  db: Kysely<DB>,
  person: Person,
  proof: { password: string; code: string },
  by: AuditAuthor,
): Promise<void> {
  const failure_ids = await requirePassword(db, person, proof.password)
  await db.transaction().execute(async (tx) => {
    if ((await takeCode(tx, person.user_id, proof.code)) === null) {
      throw new CodedError('EDU_SECOND_FACTOR_WRONG', 'Код не подходит', { field: 'code' })
    }
    await forgiveAttempt(tx, failure_ids)
    await dropSecondFactor(tx, person.user_id)
    await audit(tx, by, 'second_factor.remove')
  })
}

/** Takes the second factor from an account: at the person's own wish, or by an administrator when it is lost. */
export async function dropSecondFactor(tx: WriteExecutor, user_id: number): Promise<void> {
  const none = { totp_secret: null, totp_confirmed_at: null, totp_last_step: null }
  await tx.updateTable('app_user').set(none).where('user_id', '=', user_id).execute()
  await tx.deleteFrom('recovery_code').where('user_id', '=', user_id).execute()
}

/**
 * Asks the person of a session for the password again: whoever found the browser open does not know it. Guesses count
 * against the session alone.
 * @returns what `forgiveAttempt` needs once the command is done
 * @throws EDU_SIGN_IN_REFUSED when it is not the person's password, EDU_RATE_LIMITED
 */
export async function requirePassword(db: Kysely<DB>, person: Person, password: string): Promise<number[]> {
  const { user_id, session_id } = person
  const attempt = { subject: `own account ${user_id}`, remote_address: '', known_place: `session ${session_id}` }
  const failure_ids = await beginAttempt(db, attempt)
  const user = await db.selectFrom('app_user').where('user_id', '=', user_id).select('password_hash').executeTakeFirst()
  if (await isPassword(user?.password_hash ?? null, password)) return failure_ids
  throw new CodedError('EDU_SIGN_IN_REFUSED', 'Пароль не подходит', { field: 'password' })
}
