import { sql, type Kysely } from 'kysely'
import type { FounderKind } from '../contract/index.ts'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { makeLink } from './links.ts'
import type { Role } from './roles.ts'

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

/** Gives a person a role somewhere. @throws EDU_ORG_UNIT_NOT_FOUND, EDU_USER_NOT_FOUND */
export async function insertGrant(tx: WriteExecutor, grant: NewGrant): Promise<number> {
  const unit = await tx
    .selectFrom('org_unit')
    .where('org_unit_id', '=', grant.org_unit_id)
    .select('kind')
    .executeTakeFirst()
  if (unit === undefined) {
    const details = { field: 'org_unit_id', found: grant.org_unit_id }
    throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'Такой территории или организации нет', details)
  }
  const people = [grant.user_id, ...(grant.stand_in_for_user_id === null ? [] : [grant.stand_in_for_user_id])]
  const known = await tx.selectFrom('app_user').where('user_id', 'in', people).select('user_id').execute()
  if (known.length < new Set(people).size) throw new CodedError('EDU_USER_NOT_FOUND', 'Такой учётной записи нет')
  const { grant_id } = await tx.insertInto('user_grant').values(grant).returning('grant_id').executeTakeFirstOrThrow()
  return grant_id
}

async function hasAdministrator(db: ReadExecutor): Promise<boolean> {
  const row = await db
    .selectFrom('user_grant as g')
    .innerJoin('app_user as u', 'u.user_id', 'g.user_id')
    .where('g.role', '=', 'administrator')
    .where('g.revoked_at', 'is', null)
    .where('u.is_disabled', '=', false)
    .where((eb) => eb.or([eb('u.password_hash', 'is not', null), eb('u.external_subject', 'is not', null)]))
    .select('g.grant_id')
    .executeTakeFirst()
  return row !== undefined
}

/** The one region. @throws EDU_ORG_UNIT_NOT_FOUND while the reference data are not loaded */
export async function findRegionId(db: ReadExecutor): Promise<number> {
  const region = await db.selectFrom('org_unit').where('kind', '=', 'region').select('org_unit_id').executeTakeFirst()
  if (region === undefined) throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'Регион ещё не загружен')
  return region.org_unit_id
}

const FIRST_LOGIN = 'administrator'

/**
 * Makes sure that somebody can begin: while no administrator can sign in, a fresh one-time link is made.
 * @returns the link's secret, to be shown to whoever started the program; null when there is an administrator
 * @throws EDU_ORG_UNIT_NOT_FOUND while the region is not known
 */
export async function ensureFirstAdministrator(db: Kysely<DB>, today: string): Promise<string | null> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('first administrator', 0))`.execute(tx)
    if (await hasAdministrator(tx)) return null
    return (await makeAdministratorLink(tx, { login: FIRST_LOGIN, display_name: 'Администратор' }, today)).secret
  })
}

/** Makes an administrator of the region, or takes the account of that login, with a fresh link to set a password. */
export async function makeAdministratorLink(
  tx: WriteExecutor,
  person: { login: string; display_name: string },
  today: string,
): Promise<{ secret: string; expires_at: Date }> {
  const known = await tx.selectFrom('app_user').where('login', '=', person.login).select('user_id').executeTakeFirst()
  const created_by = 'command line'
  const user_id = known?.user_id ?? (await insertUser(tx, { ...person, position: null, created_by }))
  const granted = await tx
    .selectFrom('user_grant')
    .where('user_id', '=', user_id)
    .where('role', '=', 'administrator')
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>=', today)]))
    .select('grant_id')
    .executeTakeFirst()
  if (granted === undefined) {
    await insertGrant(tx, {
      user_id,
      role: 'administrator',
      org_unit_id: await findRegionId(tx),
      founder_kinds: null,
      valid_from: today,
      valid_to: null,
      stand_in_for_user_id: null,
      origin: 'person',
      granted_by: created_by,
    })
  }
  return makeLink(tx, { user_id, purpose: 'first_administrator', created_by })
}
