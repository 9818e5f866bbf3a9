import { sql } from 'kysely'
import { isRole, ROLES, type Role } from '../../access/roles.ts'
import type { FounderKind } from '../../contract/index.ts'
import { holdsJurisdiction, type AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'

interface GrantRow {
  user_id: number
  grant_id: number
  role: string
  org_unit_id: number
  org_unit_name: string | null
  founder_kinds: FounderKind[] | null
  valid_from: string
  valid_to: string | null
  stand_in_for: string | null
  origin: 'person' | 'claims'
  granted_by: string
  granted_at: Date
  revoked_at: Date | null
  revoked_by: string | null
}

async function listGrants(db: ReadExecutor, scope: AccessScope, user_ids: number[]) {
  const { rows } = await sql<GrantRow>`
    SELECT g.user_id, g.grant_id, g.role, g.org_unit_id, u.short_name AS org_unit_name, g.founder_kinds, g.valid_from,
           g.valid_to, absent.display_name AS stand_in_for, g.origin, g.granted_by, g.granted_at, g.revoked_at, g.revoked_by
      FROM user_grant g
      LEFT JOIN app_user absent ON absent.user_id = g.stand_in_for_user_id
      LEFT JOIN (SELECT DISTINCT ON (org_unit_id) org_unit_id, short_name FROM org_unit_version
                  WHERE org_unit_id IN (SELECT org_unit_id FROM user_grant)
                  ORDER BY org_unit_id, valid_from DESC, change_set_no DESC) u ON u.org_unit_id = g.org_unit_id
     WHERE g.user_id = ANY(${user_ids}::bigint[])
       AND ${holdsJurisdiction(scope, sql`g.org_unit_id`, sql`g.founder_kinds`)}
     ORDER BY g.revoked_at IS NOT NULL, g.valid_from DESC, g.grant_id DESC`.execute(db)
  return Map.groupBy(rows, (row) => row.user_id)
}

/**
 * Accounts by name with their grants. Whoever manages a part of the region sees the people who have a grant within that
 * part, and those grants alone.
 * @param user_id one account alone
 */
export async function listUsers(db: ReadExecutor, scope: AccessScope, user_id?: number) {
  const { rows } = await sql<{
    user_id: number
    login: string
    display_name: string
    position: string | null
    is_disabled: boolean
    has_password: boolean
    has_second_factor: boolean
    signs_in_elsewhere: boolean
    last_sign_in_at: Date | null
    created_at: Date
  }>`
    SELECT u.user_id, u.login, u.display_name, u.position, u.is_disabled, u.password_hash IS NOT NULL AS has_password,
           u.totp_confirmed_at IS NOT NULL AS has_second_factor, u.external_subject IS NOT NULL AS signs_in_elsewhere,
           s.last_sign_in_at, u.created_at
      FROM app_user u
      LEFT JOIN (SELECT user_id, max(started_at) AS last_sign_in_at FROM user_session GROUP BY user_id) s
        ON s.user_id = u.user_id
     WHERE (${user_id ?? null}::bigint IS NULL OR u.user_id = ${user_id ?? null}::bigint)
       AND (${scope.kind !== 'jurisdictions'} OR u.user_id IN
            (SELECT g.user_id FROM user_grant g WHERE ${holdsJurisdiction(scope, sql`g.org_unit_id`, sql`g.founder_kinds`)}))
     ORDER BY u.display_name COLLATE "ru-x-icu", u.user_id`.execute(db)
  const grants = await listGrants(
    db,
    scope,
    rows.map((row) => row.user_id),
  )
  return rows.map((row) => ({
    ...row,
    last_sign_in_at: row.last_sign_in_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    grants: (grants.get(row.user_id) ?? []).map((grant) => ({
      ...grant,
      granted_at: grant.granted_at.toISOString(),
      revoked_at: grant.revoked_at?.toISOString() ?? null,
    })),
  }))
}

/** Roles that must have a second factor; none until somebody sets it. */
export async function findSecondFactorRoles(db: ReadExecutor): Promise<Role[]> {
  const row = await db
    .selectFrom('setting')
    .where('name', '=', 'second_factor_roles')
    .select('value')
    .executeTakeFirst()
  const named = Array.isArray(row?.value) ? row.value.filter((role) => typeof role === 'string') : []
  return ROLES.filter((role) => named.some((text) => isRole(text) && text === role))
}
