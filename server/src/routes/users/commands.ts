import { sql, type Kysely } from 'kysely'
import { dropSecondFactor } from '../../access/enrol-second-factor.ts'
import { makeLink, type LinkPurpose } from '../../access/links.ts'
import { refuseWrongTerm } from '../../access/refuse-wrong-term.ts'
import type { Role } from '../../access/roles.ts'
import { endSessions } from '../../access/sessions.ts'
import { findCommonUnit, findPersonUnit } from '../../access/person-unit.ts'
import { insertGrant, insertUser, keepAdministrator, refuseExternal } from '../../access/users.ts'
import { holdsJurisdiction, type AccessScope } from '../../db/access-scope.ts'
import type { AuditAction } from '../../db/audit-actions.ts'
import type { AuditAuthor } from '../../db/audit-author.ts'
import type { WriteExecutor } from '../../db/executor.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import type { DB } from '../../db/schema.gen.ts'
import { CodedError } from '../../errors.ts'
import { findSecondFactorRoles } from './queries.ts'
import type { GrantEntry, UserChange, UserEntry } from './schemas.ts'

interface Told {
  detail?: object
  before?: object
  after?: object
  org_unit_id?: number | null
}

/** Who commands, over whom, on which day. */
export interface Manager {
  by: AuditAuthor
  scope: AccessScope
  /** Today in the region's calendar. */
  today: string
}

function audit(
  tx: WriteExecutor,
  by: AuditAuthor,
  action: AuditAction,
  user_id: number,
  told: Told = {},
): Promise<void> {
  return insertAuditEvent(tx, { by, category: 'grant', action, subject: `user ${user_id}`, ...told })
}

/**
 * Holds an account for a command on all of it. Whoever manages a part of the region commands nobody whose rights reach
 * further: a link for such a person would give them away.
 * @throws EDU_USER_NOT_FOUND, EDU_FORBIDDEN
 */
async function requireManagedUser(tx: WriteExecutor, user_id: number, { scope, today }: Manager) {
  const user = await tx
    .selectFrom('app_user')
    .where('user_id', '=', user_id)
    .select(['user_id', 'display_name', 'position', 'is_disabled', 'password_hash', 'external_subject'])
    .forUpdate()
    .executeTakeFirst()
  if (user === undefined) throw new CodedError('EDU_USER_NOT_FOUND', 'Такой учётной записи нет', { user_id })
  const further = await tx
    .selectFrom('user_grant as g')
    .where('g.user_id', '=', user_id)
    .where('g.revoked_at', 'is', null)
    .where((eb) => eb.or([eb('g.valid_to', 'is', null), eb('g.valid_to', '>=', today)]))
    .where(sql<boolean>`NOT ${holdsJurisdiction(scope, sql`g.org_unit_id`, sql`g.founder_kinds`)}`)
    .select('g.grant_id')
    .executeTakeFirst()
  if (further === undefined) return user
  throw new CodedError('EDU_FORBIDDEN', 'У этого человека есть права за пределами вашей территории', { user_id })
}

async function giveGrant(
  tx: WriteExecutor,
  user_id: number,
  entry: GrantEntry,
  { by, scope }: Manager,
): Promise<number> {
  refuseWrongTerm(entry)
  const grant_id = await insertGrant(tx, { ...entry, user_id, origin: 'person', granted_by: by.actor }, scope)
  await audit(tx, by, 'grant.give', user_id, { org_unit_id: entry.org_unit_id, after: { grant_id, ...entry } })
  return grant_id
}

/** Makes an account with its grants and an invitation. @throws EDU_LOGIN_TAKEN, EDU_ORG_UNIT_NOT_FOUND, EDU_PERIOD_INVALID */
export async function inviteUser(db: Kysely<DB>, entry: UserEntry, manager: Manager) {
  const { by } = manager
  return db.transaction().execute(async (tx) => {
    const { grants, ...person } = entry
    const user_id = await insertUser(tx, { ...person, created_by: by.actor })
    const places = grants.map(({ org_unit_id }) => org_unit_id)
    const org_unit_id = await findCommonUnit(tx, places)
    await audit(tx, by, 'user.invite', user_id, { org_unit_id, after: { login: person.login } })
    for (const grant of grants) await giveGrant(tx, user_id, grant, manager)
    return { user_id, ...(await makeLink(tx, { user_id, purpose: 'invitation', created_by: by.actor })) }
  })
}

/**
 * Changes name, post, or whether the account may sign in; a disabled one loses its sessions at once.
 * @throws EDU_FORBIDDEN, EDU_LAST_ADMINISTRATOR
 */
export async function changeUser(db: Kysely<DB>, user_id: number, change: UserChange, manager: Manager): Promise<void> {
  const { by, today } = manager
  await db.transaction().execute(async (tx) => {
    const before = await keepAdministrator(tx, today, async () => {
      const user = await requireManagedUser(tx, user_id, manager)
      await tx.updateTable('app_user').set(change).where('user_id', '=', user_id).execute()
      return user
    })
    if (change.is_disabled) await endSessions(tx, user_id, { all_but: null })
    const { display_name, position, is_disabled } = before
    const org_unit_id = await findPersonUnit(tx, user_id)
    const told = { org_unit_id, before: { display_name, position, is_disabled }, after: change }
    await audit(tx, by, 'user.change', user_id, told)
  })
}

/** Makes a link for whoever has lost the password, or has not set one yet. @throws EDU_SIGNS_IN_ELSEWHERE */
export async function renewLink(db: Kysely<DB>, user_id: number, manager: Manager) {
  const { by } = manager
  return db.transaction().execute(async (tx) => {
    const user = await requireManagedUser(tx, user_id, manager)
    refuseExternal(user)
    const purpose: LinkPurpose = user.password_hash === null ? 'invitation' : 'password_reset'
    await audit(tx, by, 'user.link', user_id, { org_unit_id: await findPersonUnit(tx, user_id), detail: { purpose } })
    return makeLink(tx, { user_id, purpose, created_by: by.actor })
  })
}

/** Takes a lost second factor away and ends the person's sessions. */
export async function resetSecondFactor(db: Kysely<DB>, user_id: number, manager: Manager): Promise<void> {
  const { by } = manager
  await db.transaction().execute(async (tx) => {
    await requireManagedUser(tx, user_id, manager)
    await dropSecondFactor(tx, user_id)
    await endSessions(tx, user_id, { all_but: null })
    await audit(tx, by, 'second_factor.reset', user_id, { org_unit_id: await findPersonUnit(tx, user_id) })
  })
}

/**
 * Gives a right; nobody gives one to himself.
 * @throws EDU_ORG_UNIT_NOT_FOUND also for a unit beyond the manager's own scope, EDU_FORBIDDEN
 */
export async function addGrant(db: Kysely<DB>, user_id: number, entry: GrantEntry, manager: Manager): Promise<void> {
  if (manager.by.user_id === user_id) {
    throw new CodedError('EDU_FORBIDDEN', 'Права самому себе не дают: попросите другого администратора', { user_id })
  }
  await db.transaction().execute((tx) => giveGrant(tx, user_id, entry, manager))
}

/**
 * Takes a grant back at once.
 * @throws EDU_GRANT_NOT_FOUND when it does not hold any more, or lies beyond the manager's scope; EDU_LAST_ADMINISTRATOR
 */
export async function revokeGrant(
  db: Kysely<DB>,
  { user_id, grant_id }: { user_id: number; grant_id: number },
  { by, scope, today }: Manager,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const revoked = await keepAdministrator(tx, today, () =>
      tx
        .updateTable('user_grant')
        .set({ revoked_at: sql<Date>`clock_timestamp()`, revoked_by: by.actor })
        .where('user_id', '=', user_id)
        .where('grant_id', '=', grant_id)
        .where('revoked_at', 'is', null)
        .where(holdsJurisdiction(scope, sql`user_grant.org_unit_id`, sql`user_grant.founder_kinds`))
        .returning(['role', 'org_unit_id'])
        .executeTakeFirst(),
    )
    if (revoked === undefined) throw new CodedError('EDU_GRANT_NOT_FOUND', 'Такого права нет', { user_id, grant_id })
    await audit(tx, by, 'grant.revoke', user_id, { org_unit_id: revoked.org_unit_id, before: { grant_id, ...revoked } })
  })
}

/**
 * Says which roles must have a second factor; sessions without one are asked for it at their next request.
 * @throws EDU_FORBIDDEN for whoever manages a part of the region alone: it holds for all
 */
export async function setSecondFactorRoles(
  db: Kysely<DB>,
  roles: readonly Role[],
  { by, scope }: Manager,
): Promise<void> {
  if (scope.kind === 'jurisdictions') {
    throw new CodedError('EDU_FORBIDDEN', 'Это меняет администратор всего региона')
  }
  await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('setting second_factor_roles', 0))`.execute(tx)
    const before = { roles: await findSecondFactorRoles(tx) }
    const value = JSON.stringify([...new Set(roles)])
    await tx
      .insertInto('setting')
      .values({ name: 'second_factor_roles', value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
    const subject = 'setting second_factor_roles'
    await insertAuditEvent(tx, { by, category: 'setting', action: 'setting.change', subject, before, after: { roles } })
  })
}
