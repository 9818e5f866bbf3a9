import { sql, type Kysely } from 'kysely'
import type { FounderKind } from '../contract/index.ts'
import { EVERYTHING, holdsJurisdiction, type AccessScope } from '../db/access-scope.ts'
import { systemAuthor, type AuditAuthor } from '../db/audit-author.ts'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { makeLink } from './links.ts'
import { isRoleOf, type Role } from './roles.ts'

export interface NewUser {
  /** Lower case. */
  login: string
  display_name: string
  position: string | null
  created_by: string
}

/** Makes an account without a password: a link lets the person set one. @throws EDU_LOGIN_TAKEN */
export async function insertUser(tx: WriteExecutor, user: NewUser): Promise<number> {
  const row = await tx
    .insertInto('app_user')
    .values({ ...user, is_disabled: false })
    .onConflict((conflict) => conflict.column('login').doNothing())
    .returning('user_id')
    .executeTakeFirst()
  if (row === undefined) {
    throw new CodedError('EDU_LOGIN_TAKEN', 'Учётная запись с таким именем уже есть', {
      field: 'login',
      found: user.login,
    })
  }
  return row.user_id
}

/**
 * Whoever signs in through an identity provider gets no password here: it would go on working when the provider lets the
 * person in no more.
 * @throws EDU_SIGNS_IN_ELSEWHERE
 */
export function refuseExternal({ external_subject }: { external_subject: string | null }): void {
  if (external_subject === null) return
  throw new CodedError(
    'EDU_SIGNS_IN_ELSEWHERE',
    'Этот человек входит через поставщика удостоверений, пароля здесь у него нет',
  )
}

export interface NewGrant {
  user_id: number
  role: Role
  org_unit_id: number
  founder_kinds: FounderKind[] | null
  valid_from: string
  valid_to: string | null
  stand_in_for_user_id: number | null
  origin: 'person' | 'claims'
  granted_by: string
}

/**
 * A stand-in does what the absent person does, not more: the absent one has the same role by an own grant that holds all
 * of it, on some day of the leave at least. Whether that grant still holds is asked again at every request.
 */
async function requireRepresented(tx: WriteExecutor, grant: NewGrant, absent_id: number): Promise<void> {
  const { rows } = await sql`
    SELECT 1 FROM user_grant own
      JOIN org_unit unit ON unit.org_unit_id = ${grant.org_unit_id}
     WHERE own.user_id = ${absent_id} AND own.user_id <> ${grant.user_id} AND own.role = ${grant.role}
       AND own.stand_in_for_user_id IS NULL AND own.revoked_at IS NULL
       AND (own.valid_to IS NULL OR own.valid_to >= ${grant.valid_from}::date)
       AND (${grant.valid_to}::date IS NULL OR own.valid_from <= ${grant.valid_to}::date)
       AND unit.path @> ARRAY[own.org_unit_id]
       AND (own.founder_kinds IS NULL OR ${grant.founder_kinds}::text[] <@ own.founder_kinds)`.execute(tx)
  if (rows.length > 0) return
  const details = { field: 'stand_in_for_user_id', found: absent_id }
  throw new CodedError('EDU_BAD_REQUEST', 'У замещаемого нет этой роли на этой территории в эти дни', details)
}

/**
 * Gives a person a role somewhere.
 * @param scope of whoever gives it: nobody hands on more than lies in it
 * @throws EDU_ORG_UNIT_NOT_FOUND, EDU_USER_NOT_FOUND, EDU_BAD_REQUEST for a role that is not given there and for a
 * stand-in of somebody without that right
 */
export async function insertGrant(tx: WriteExecutor, grant: NewGrant, scope: AccessScope): Promise<number> {
  const unit = await tx
    .selectFrom('org_unit')
    .where('org_unit_id', '=', grant.org_unit_id)
    .where(holdsJurisdiction(scope, sql`org_unit.org_unit_id`, sql`${grant.founder_kinds}::text[]`))
    .select('kind')
    .executeTakeFirst()
  if (unit === undefined) {
    const details = { field: 'org_unit_id', found: grant.org_unit_id }
    throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'Такой территории или организации нет', details)
  }
  if (!isRoleOf(grant.role, unit.kind)) {
    const details = { field: 'role', found: grant.role }
    throw new CodedError('EDU_BAD_REQUEST', 'Эта роль даётся только на весь регион', details)
  }
  const user = await tx.selectFrom('app_user').where('user_id', '=', grant.user_id).select('user_id').executeTakeFirst()
  if (user === undefined) throw new CodedError('EDU_USER_NOT_FOUND', 'Такой учётной записи нет')
  if (grant.stand_in_for_user_id !== null) await requireRepresented(tx, grant, grant.stand_in_for_user_id)
  const { grant_id } = await tx.insertInto('user_grant').values(grant).returning('grant_id').executeTakeFirstOrThrow()
  return grant_id
}

/**
 * Own rights to administer the whole region that hold on that day. Those that follow claims do not count: the identity
 * provider may have taken them away without our knowing, and nobody could give them back here.
 */
function selectAdministrators(db: ReadExecutor, today: string) {
  return db
    .selectFrom('user_grant as g')
    .innerJoin('app_user as u', 'u.user_id', 'g.user_id')
    .innerJoin('org_unit as o', 'o.org_unit_id', 'g.org_unit_id')
    .where('o.kind', '=', 'region')
    .where('g.founder_kinds', 'is', null)
    .where('g.role', '=', 'administrator')
    .where('g.origin', '=', 'person')
    .where('g.revoked_at', 'is', null)
    .where('g.stand_in_for_user_id', 'is', null)
    .where('g.valid_from', '<=', today)
    .where((eb) => eb.or([eb('g.valid_to', 'is', null), eb('g.valid_to', '>=', today)]))
}

/** Whether somebody who can sign in administers the whole region on that day. */
async function hasAdministrator(db: ReadExecutor, today: string): Promise<boolean> {
  const row = await selectAdministrators(db, today)
    .where('u.is_disabled', '=', false)
    .where((eb) => eb.or([eb('u.password_hash', 'is not', null), eb('u.external_subject', 'is not', null)]))
    .select('g.grant_id')
    .executeTakeFirst()
  return row !== undefined
}

const ADMINISTRATORS_LOCK = sql`SELECT pg_advisory_xact_lock(hashtextextended('administrators', 0))`

/**
 * Does what might take the last administrator of the region away, and refuses it then. Two that would do so to one
 * another go one after the other.
 * @throws EDU_LAST_ADMINISTRATOR
 */
export async function keepAdministrator<T>(tx: WriteExecutor, today: string, work: () => Promise<T>): Promise<T> {
  await ADMINISTRATORS_LOCK.execute(tx)
  const hadOne = await hasAdministrator(tx, today)
  const result = await work()
  if (!hadOne || (await hasAdministrator(tx, today))) return result
  throw new CodedError('EDU_LAST_ADMINISTRATOR', 'Это последний администратор системы: сначала назначьте другого')
}

/** The one region. @throws EDU_ORG_UNIT_NOT_FOUND while the reference data are not loaded */
export async function findRegionId(db: ReadExecutor): Promise<number> {
  const region = await db.selectFrom('org_unit').where('kind', '=', 'region').select('org_unit_id').executeTakeFirst()
  if (region === undefined) throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'Регион ещё не загружен')
  return region.org_unit_id
}

const FIRST_LOGIN = 'administrator'

/** A login for the first administrator that nobody has who signs in through an identity provider. */
async function findFirstLogin(db: ReadExecutor): Promise<string> {
  const rows = await db.selectFrom('app_user').where('external_subject', 'is not', null).select('login').execute()
  const taken = new Set(rows.map((row) => row.login))
  let login = FIRST_LOGIN
  for (let number = 2; taken.has(login); number += 1) login = `${FIRST_LOGIN}-${number}`
  return login
}

/**
 * Makes sure that somebody can begin: while no administrator can sign in, a fresh one-time link is made.
 * @returns the link's secret, to be shown to whoever started the program; null when there is an administrator
 * @throws EDU_ORG_UNIT_NOT_FOUND while the region is not known
 */
export async function ensureFirstAdministrator(db: Kysely<DB>, today: string): Promise<string | null> {
  return db.transaction().execute(async (tx) => {
    await ADMINISTRATORS_LOCK.execute(tx)
    if (await hasAdministrator(tx, today)) return null
    const person = { login: await findFirstLogin(tx), display_name: 'Администратор' }
    return (await makeAdministratorLink(tx, person, today, systemAuthor('start'))).secret
  })
}

/** The person's own right to administer the whole region that holds today; null when there is none. */
async function findRegionGrant(db: ReadExecutor, user_id: number, today: string): Promise<number | null> {
  const granted = await selectAdministrators(db, today)
    .where('g.user_id', '=', user_id)
    .select('g.grant_id')
    .executeTakeFirst()
  return granted?.grant_id ?? null
}

/**
 * Makes an administrator of the region, or takes the account of that login, also a disabled one, with a fresh link to set
 * a password.
 * @throws EDU_ORG_UNIT_NOT_FOUND, EDU_SIGNS_IN_ELSEWHERE
 */
export async function makeAdministratorLink(
  tx: WriteExecutor,
  person: { login: string; display_name: string },
  today: string,
  by: AuditAuthor,
): Promise<{ secret: string; expires_at: Date }> {
  const { login } = person
  const known = await tx
    .selectFrom('app_user')
    .where('login', '=', login)
    .select(['user_id', 'is_disabled', 'external_subject'])
    .forUpdate()
    .executeTakeFirst()
  if (known !== undefined) refuseExternal(known)
  const created_by = by.actor
  const user_id = known?.user_id ?? (await insertUser(tx, { ...person, position: null, created_by }))
  const org_unit_id = await findRegionId(tx)
  await tx.updateTable('app_user').set({ is_disabled: false }).where('user_id', '=', user_id).execute()
  const held = await findRegionGrant(tx, user_id, today)
  const grant = { user_id, role: 'administrator', org_unit_id, founder_kinds: null, origin: 'person' } as const
  const term = { valid_from: today, valid_to: null, stand_in_for_user_id: null }
  const grant_id = held ?? (await insertGrant(tx, { ...grant, ...term, granted_by: created_by }, EVERYTHING))
  const link = await makeLink(tx, { user_id, purpose: 'first_administrator', created_by })
  await insertAuditEvent(tx, {
    by,
    category: 'grant',
    action: 'user.administrator_link',
    subject: `user ${user_id}`,
    org_unit_id,
    before: known === undefined ? null : { is_disabled: known.is_disabled, grant_id: held },
    after: { login, is_disabled: false, grant_id },
  })
  return link
}
