import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { EVERYTHING } from '../../db/access-scope.ts'
import type { AuditAction } from '../../db/audit-actions.ts'
import type { WriteExecutor } from '../../db/executor.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import type { DB } from '../../db/schema.gen.ts'
import { CodedError } from '../../errors.ts'
import { listHeldGrants } from '../find-subject.ts'
import { openSession, type SignedIn, type SignInPlace } from '../sign-in.ts'
import { insertGrant, insertUser } from '../users.ts'
import { grantsOfClaims, type ClaimGrant } from './claim-grants.ts'
import { placeClaimGrants, type ClaimedGrant } from './claimed-places.ts'
import type { ProvedIdentity } from './provider.ts'

/** Who gives and takes the grants that follow claims, for the audit. */
const BY_CLAIMS = 'openid connect'

interface Mapping {
  grants: readonly ClaimGrant[]
  /** Today in the region's calendar. */
  today: string
}

function audit(
  tx: WriteExecutor,
  place: SignInPlace,
  action: AuditAction,
  user_id: number,
  { org_unit_id = null, ...detail }: { org_unit_id?: number | null; [field: string]: unknown },
): Promise<void> {
  const { remote_address, request_id } = place
  const by = { actor: BY_CLAIMS, user_id, remote_address, request_id }
  const category = action === 'sign_in_refused' ? 'sign_in' : 'grant'
  return insertAuditEvent(tx, { by, category, action, subject: `user ${user_id}`, org_unit_id, detail })
}

/** A login that nobody has: the provider's name for the person, or one that its subject makes certain. */
async function findFreeLogin(tx: WriteExecutor, { issuer, subject, claims }: ProvedIdentity): Promise<string> {
  const mark = createHash('sha256').update(`${issuer} ${subject}`).digest('hex').slice(0, 12)
  const named = [claims['preferred_username'], claims['email']].find((name) => typeof name === 'string')
  const wanted = typeof named === 'string' ? named.toLowerCase() : ''
  if (!/^[a-z0-9][a-z0-9._@-]{2,59}$/.test(wanted)) return `oidc-${mark}`
  const taken = await tx.selectFrom('app_user').where('login', '=', wanted).select('user_id').executeTakeFirst()
  // Never the account of that name: who owns it there need not own it here.
  return taken === undefined ? wanted : `${wanted}-${mark}`
}

async function insertClaimedUser(tx: WriteExecutor, identity: ProvedIdentity, place: SignInPlace) {
  const login = await findFreeLogin(tx, identity)
  const named = identity.claims['name']
  const display_name = typeof named === 'string' && named.trim() !== '' ? named.trim().slice(0, 200) : login
  const user_id = await insertUser(tx, { login, display_name, position: null, created_by: BY_CLAIMS })
  const external = { external_issuer: identity.issuer, external_subject: identity.subject }
  await tx.updateTable('app_user').set(external).where('user_id', '=', user_id).execute()
  await audit(tx, place, 'user.make', user_id, { login })
  return { user_id, display_name, is_disabled: false, totp_confirmed_at: null }
}

async function findClaimedUser(tx: WriteExecutor, { issuer, subject }: ProvedIdentity) {
  // Two first sign-ins at once make one account.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`identity ${issuer} ${subject}`}, 0))`.execute(tx)
  return tx
    .selectFrom('app_user')
    .where('external_issuer', '=', issuer)
    .where('external_subject', '=', subject)
    .select(['user_id', 'display_name', 'is_disabled', 'totp_confirmed_at'])
    .executeTakeFirst()
}

function keyOf({ role, org_unit_id, founder_kinds }: { role: string } & Omit<ClaimedGrant, 'role'>): string {
  return JSON.stringify([role, org_unit_id, founder_kinds === null ? null : [...founder_kinds].sort()])
}

/**
 * Gives and takes back what the claims gave and no longer give; what people gave stays as it is. The last administrator
 * is never at stake: who administers by claims does not count as one (see `keepAdministrator`).
 */
async function alignGrants(
  tx: WriteExecutor,
  user_id: number,
  claimed: readonly ClaimedGrant[],
  { today, place }: { today: string; place: SignInPlace },
): Promise<void> {
  const held = await tx
    .selectFrom('user_grant')
    .where('user_id', '=', user_id)
    .where('origin', '=', 'claims')
    .where('revoked_at', 'is', null)
    .select(['grant_id', 'role', 'org_unit_id', 'founder_kinds'])
    .execute()
  const wanted = new Map(claimed.map((grant) => [keyOf(grant), grant]))
  for (const { grant_id, ...grant } of held) {
    if (wanted.delete(keyOf(grant as ClaimedGrant))) continue
    const revoked = { revoked_at: sql<Date>`clock_timestamp()`, revoked_by: BY_CLAIMS }
    await tx.updateTable('user_grant').set(revoked).where('grant_id', '=', grant_id).execute()
    await audit(tx, place, 'grant.revoke', user_id, { grant_id, ...grant })
  }
  for (const grant of wanted.values()) {
    const term = { valid_from: today, valid_to: null, stand_in_for_user_id: null }
    const given = { ...grant, ...term, user_id, origin: 'claims', granted_by: BY_CLAIMS } as const
    const grant_id = await insertGrant(tx, given, EVERYTHING)
    await audit(tx, place, 'grant.give', user_id, { grant_id, ...grant })
  }
}

/** The provider says that more than one factor was shown (RFC 8176). */
function hasShownSecondFactor({ amr }: ProvedIdentity['claims']): boolean {
  return Array.isArray(amr) && amr.includes('mfa')
}

/**
 * Signs in whoever the provider vouches for. At the first sign-in an account is made, if the claims give a right; at
 * every one the grants that follow claims are brought in line.
 * @throws EDU_OPENID_CONNECT_NO_RIGHTS, EDU_OPENID_CONNECT_DISABLED
 */
export async function signInByClaims(
  db: Kysely<DB>,
  identity: ProvedIdentity,
  { grants, today }: Mapping,
  place: SignInPlace,
): Promise<SignedIn> {
  const outcome = await db.transaction().execute(async (tx) => {
    const known = await findClaimedUser(tx, identity)
    if (known?.is_disabled === true) {
      await audit(tx, place, 'sign_in_refused', known.user_id, { means: 'openid_connect' })
      return 'EDU_OPENID_CONNECT_DISABLED'
    }
    const claimed = await placeClaimGrants(tx, grantsOfClaims(grants, identity.claims))
    if (known === undefined && claimed.length === 0) return 'EDU_OPENID_CONNECT_NO_RIGHTS'
    const user = known ?? (await insertClaimedUser(tx, identity, place))
    await alignGrants(tx, user.user_id, claimed, { today, place })
    // What was taken back stays so, also when nothing is left to sign in for.
    const held = await listHeldGrants(tx, { user_id: user.user_id, means: 'openid_connect' }, today)
    if (held.length === 0) return 'EDU_OPENID_CONNECT_NO_RIGHTS'
    const is_second_factor_shown = hasShownSecondFactor(identity.claims)
    const person = { ...user, has_second_factor: user.totp_confirmed_at !== null }
    return openSession(tx, person, place, { means: 'openid_connect', is_second_factor_shown })
  })
  if (typeof outcome !== 'string') return outcome
  const message =
    outcome === 'EDU_OPENID_CONNECT_DISABLED'
      ? 'Учётная запись отключена: обратитесь к администратору'
      : 'Вы вошли у поставщика удостоверений, но прав в этой системе у вас нет: обратитесь к администратору'
  throw new CodedError(outcome, message)
}
