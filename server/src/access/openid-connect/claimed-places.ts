import type { FounderKind } from '../../contract/index.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { isRoleOf, type Role } from '../roles.ts'
import type { ClaimGrant } from './claim-grants.ts'

/** A right that claims give, with its unit found. */
export interface ClaimedGrant {
  role: Role
  org_unit_id: number
  founder_kinds: FounderKind[] | null
}

interface Place {
  org_unit_id: number
  kind: string
}

/** A territory with the ОКТМО; of several, one that still is, then the newest. */
async function findByOktmo(db: ReadExecutor, oktmo: string): Promise<Place | null> {
  const unit = await db
    .selectFrom('org_unit_version as v')
    .innerJoin('org_unit as o', 'o.org_unit_id', 'v.org_unit_id')
    .where('o.kind', 'in', ['region', 'municipality', 'city_district'])
    .where('v.oktmo', '=', oktmo)
    .select(['v.org_unit_id', 'o.kind'])
    .orderBy('v.is_closed')
    .orderBy('v.valid_from', 'desc')
    .executeTakeFirst()
  return unit ?? null
}

async function findPlace(db: ReadExecutor, { oktmo, org_unit_id }: ClaimGrant): Promise<Place | null> {
  if (oktmo !== null) return findByOktmo(db, oktmo)
  const unit = await db
    .selectFrom('org_unit')
    .where('org_unit_id', '=', org_unit_id)
    .select(['org_unit_id', 'kind'])
    .executeTakeFirst()
  return unit ?? null
}

/** Grants with their units; those of a unit that is not known, or of a role that is not given there, give nothing. */
export async function placeClaimGrants(db: ReadExecutor, grants: readonly ClaimGrant[]): Promise<ClaimedGrant[]> {
  const placed: ClaimedGrant[] = []
  for (const grant of grants) {
    const { role, founder_kinds } = grant
    const place = await findPlace(db, grant)
    if (place === null || !isRoleOf(role, place.kind)) continue
    placed.push({ role, org_unit_id: place.org_unit_id, founder_kinds })
  }
  return placed
}

/** @throws when the mapping names a unit that is not known, or a role that is not given there, with its place in the file */
export async function requireKnownPlaces(db: ReadExecutor, mapping: readonly ClaimGrant[]): Promise<void> {
  for (const [index, grant] of mapping.entries()) {
    const place = await findPlace(db, grant)
    if (place !== null && isRoleOf(grant.role, place.kind)) continue
    const found = grant.oktmo ?? String(grant.org_unit_id)
    const fault =
      place === null
        ? `no territory or organisation "${found}" is known`
        : `the role ${grant.role} is given on the whole region alone`
    throw new Error(`EDUMON_OIDC_GRANTS_FILE, entry ${index + 1}: ${fault}`)
  }
}
