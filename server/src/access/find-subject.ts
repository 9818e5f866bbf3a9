import { sql } from 'kysely'
import type { FounderKind, WorkKind } from '../contract/index.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { isRole, type Role, type TokenKind } from './roles.ts'
import { hashSecret } from './secrets.ts'
import { SESSION_IDLE_MINUTES, type SessionMeans } from './sessions.ts'
import type { HeldGrant, Person, Program, SessionState } from './subject.ts'

interface PersonRow {
  user_id: number
  login: string
  display_name: string
  session_id: string
  means: SessionMeans
  has_second_factor: boolean
  second_factor_at: Date | null
  is_stale: boolean
  required_for: string[] | null
}

interface GrantRow {
  grant_id: number
  role: string
  org_unit_id: number
  founder_kinds: FounderKind[] | null
  is_region: boolean
  stand_in_for: string | null
}

/**
 * Grants of a person that hold on the region's day, own ones and those of people that are stood in for. A stand-in's
 * grant holds no longer and no further than the absent person's own one.
 * @param means of the session: what follows the claims of an identity provider holds only where that provider vouched for
 * the person, for it alone knows when they end
 */
export async function listHeldGrants(
  db: ReadExecutor,
  { user_id, means }: { user_id: number; means: SessionMeans },
  today: string,
): Promise<HeldGrant[]> {
  const { rows } = await sql<GrantRow>`
    SELECT g.grant_id, g.role, g.org_unit_id, g.founder_kinds, coalesce(u.kind = 'region', false) AS is_region,
           absent.display_name AS stand_in_for
      FROM user_grant g
      LEFT JOIN org_unit u ON u.org_unit_id = g.org_unit_id
      LEFT JOIN app_user absent ON absent.user_id = g.stand_in_for_user_id
     WHERE g.user_id = ${user_id} AND g.revoked_at IS NULL
       AND (g.origin = 'person' OR ${means === 'openid_connect'})
       AND g.valid_from <= ${today}::date AND (g.valid_to IS NULL OR g.valid_to >= ${today}::date)
       AND (g.stand_in_for_user_id IS NULL OR NOT absent.is_disabled AND g.grant_id IN (
            SELECT taken.grant_id
              FROM user_grant taken
              JOIN org_unit place ON place.org_unit_id = taken.org_unit_id
              JOIN user_grant own ON own.user_id = taken.stand_in_for_user_id AND own.role = taken.role
             WHERE taken.user_id = ${user_id} AND own.stand_in_for_user_id IS NULL AND own.revoked_at IS NULL
               AND own.valid_from <= ${today}::date AND (own.valid_to IS NULL OR own.valid_to >= ${today}::date)
               AND place.path @> ARRAY[own.org_unit_id]
               AND (own.founder_kinds IS NULL OR taken.founder_kinds <@ own.founder_kinds)))
     ORDER BY g.grant_id`.execute(db)
  return rows.flatMap(({ role, ...grant }) => (isRole(role) ? [{ ...grant, role }] : []))
}

function stateOf(row: PersonRow, grants: readonly { role: Role }[]): SessionState {
  if (row.second_factor_at !== null) return 'complete'
  if (row.has_second_factor) return 'second_factor'
  const isRequired = grants.some(({ role }) => row.required_for?.includes(role) === true)
  return isRequired ? 'enrol_second_factor' : 'complete'
}

/** What the session's cookie stands for; null when it has ended or never was. `is_stale`: note that it was seen. */
export async function findPerson(
  db: ReadExecutor,
  secret: string,
  today: string,
): Promise<{ person: Person; is_stale: boolean } | null> {
  const { rows } = await sql<PersonRow>`
    SELECT u.user_id, u.login, u.display_name, s.session_id, s.means, u.totp_confirmed_at IS NOT NULL AS has_second_factor,
           s.second_factor_at, s.last_seen_at < clock_timestamp() - interval '1 minute' AS is_stale,
           (SELECT ARRAY(SELECT jsonb_array_elements_text(value)) FROM setting WHERE name = 'second_factor_roles') AS required_for
      FROM user_session s
      JOIN app_user u ON u.user_id = s.user_id
     WHERE s.secret_sha256 = ${hashSecret(secret)} AND s.ended_at IS NULL AND NOT u.is_disabled
       AND s.expires_at > clock_timestamp()
       AND s.last_seen_at > clock_timestamp() - make_interval(mins => ${SESSION_IDLE_MINUTES})`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const { user_id, login, display_name, session_id, is_stale } = row
  const grants = await listHeldGrants(db, row, today)
  return {
    person: { kind: 'person', user_id, login, display_name, session_id, state: stateOf(row, grants), grants },
    is_stale,
  }
}

interface TokenRow {
  token_id: number
  kind: TokenKind
  label: string
  collector: string | null
  vantage: string | null
  work_kinds: WorkKind[] | null
  org_unit_id: number | null
  founder_kinds: FounderKind[] | null
  is_region: boolean
  is_stale: boolean
}

/** What a bearer token stands for; null when it does not hold on the region's day. */
export async function findProgram(
  db: ReadExecutor,
  token: string,
  today: string,
): Promise<{ program: Program; is_stale: boolean } | null> {
  const { rows } = await sql<TokenRow>`
    SELECT t.token_id, t.kind, t.label, t.collector, t.vantage, t.work_kinds, t.org_unit_id, t.founder_kinds,
           coalesce(u.kind = 'region', false) AS is_region,
           t.last_used_at IS NULL OR t.last_used_at < clock_timestamp() - interval '1 minute' AS is_stale
      FROM api_token t
      LEFT JOIN org_unit u ON u.org_unit_id = t.org_unit_id
     WHERE t.secret_sha256 = ${hashSecret(token)} AND t.revoked_at IS NULL
       AND t.valid_from <= ${today}::date AND (t.valid_to IS NULL OR t.valid_to >= ${today}::date)`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const { collector, vantage, work_kinds, org_unit_id, founder_kinds, is_region } = row
  const program: Program = {
    kind: 'program',
    token_id: row.token_id,
    token_kind: row.kind,
    label: row.label,
    collector:
      collector === null || vantage === null ? null : { name: collector, vantage, work_kinds: work_kinds ?? [] },
    jurisdiction: org_unit_id === null ? null : { org_unit_id, founder_kinds, is_region },
  }
  return { program, is_stale: row.is_stale }
}
