import type { Kysely } from 'kysely'
import type { WriteExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { endLinks, findLink, useLink } from './links.ts'
import { findPasswordFault, hashPassword, type PasswordFault } from './passwords.ts'
import { endSessions } from './sessions.ts'
import { refuseExternal } from './users.ts'
import { openSession, type SignedIn, type SignInPlace } from './sign-in.ts'

const FAULT_TEXTS: Readonly<Record<PasswordFault, string>> = {
  too_short: 'Пароль короче 12 знаков',
  too_long: 'Пароль длиннее 200 знаков',
  too_plain: 'В пароле меньше шести разных знаков',
  keyboard_row: 'В пароле знаки подряд с клавиатуры',
  repeated: 'В пароле повторяется одно и то же',
  common_words: 'Пароль состоит из слов, которые подбирают первыми',
  names_the_person: 'В пароле ваше имя',
}

interface PasswordOwner {
  user_id: number
  login: string
  display_name: string
}

/**
 * Sets a password, ends all other sessions of the person, and links that would set another.
 * @param keep session that goes on; null: none
 * @throws EDU_PASSWORD_REFUSED with the fault, EDU_SIGNS_IN_ELSEWHERE
 */
export async function setPassword(
  tx: WriteExecutor,
  owner: PasswordOwner,
  password: string,
  keep: string | null,
): Promise<void> {
  const fault = findPasswordFault(password, [owner.login, owner.display_name])
  if (fault !== null) throw new CodedError('EDU_PASSWORD_REFUSED', FAULT_TEXTS[fault], { field: 'password', fault })
  const password_hash = await hashPassword(password)
  const user = tx.selectFrom('app_user').where('user_id', '=', owner.user_id).select('external_subject').forUpdate()
  refuseExternal(await user.executeTakeFirstOrThrow())
  await tx.updateTable('app_user').set({ password_hash }).where('user_id', '=', owner.user_id).execute()
  await endSessions(tx, owner.user_id, { all_but: keep })
  await endLinks(tx, owner.user_id)
}

/**
 * Sets a password by a one-time link and signs in.
 * @throws EDU_LINK_NOT_FOUND, EDU_PASSWORD_REFUSED: the link still works then
 */
export async function setPasswordByLink(
  db: Kysely<DB>,
  { link, password }: { link: string; password: string },
  place: SignInPlace,
): Promise<SignedIn> {
  return db.transaction().execute(async (tx) => {
    const owner = await findLink(tx, link)
    if (!(await useLink(tx, link))) throw new CodedError('EDU_LINK_NOT_FOUND', 'Ссылка уже использована')
    await setPassword(tx, owner, password, null)
    const person = { ...owner, has_second_factor: owner.totp_confirmed_at !== null }
    return openSession(tx, person, place, { means: 'link' })
  })
}
