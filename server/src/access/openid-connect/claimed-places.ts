import type { FounderKind } from '../../contract/index.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import type { Role } from '../roles.ts'
import type { ClaimGrant } from './claim-grants.ts'

/** A right that claims give, with its unit found. */
export interface ClaimedGrant {
  role: Role
  org_unit_id: number
  founder_kinds: FounderKind[] | null
}

/** A territory with the ОКТМО; of several, one that still is, then the newest. */
async function findByOktmo(db: ReadExecutor, oktmo: string): Promise<number | null> {
  const unit = await db
    .selectFrom('org_unit_version as v')
    .innerJoin('org_unit as o', 'o.org_unit_id', 'v.org_unit_id')
    .where('o.kind', 'in', ['region', 'municipality', 'city_district'])
    .where('v.oktmo', '=', oktmo)
    .select('v.org_unit_id')
    .orderBy('v.is_closed')
    .orderBy('v.valid_from', 'desc')
    .executeTakeFirst()
  return unit?.org_unit_id ?? null
}

async function findPlace(db: ReadExecutor, { oktmo, org_unit_id }: ClaimGrant): Promise<number | null> {
  if (oktmo !== null) return findByOktmo(db, oktmo)
  const unit = await db
    .selectFrom('org_unit')
    .where('org_unit_id', '=', org_unit_id)
    .select('org_unit_id')
    .executeTakeFirst()
  return unit?.org_unit_id ?? null
}

/** Grants with their units; those of a unit that is not known give nothing. */
export async function placeClaimGrants(db: ReadExecutor, grants: readonly ClaimGrant[]): Promise<ClaimedGrant[]> {
  const placed: ClaimedGrant[] = []
  for (const grant of grants) {
    const org_unit_id = await findPlace(db, grant)
    if (org_unit_id !== null) placed.push({ role: grant.role, org_unit_id, founder_kinds: grant.founder_kinds })
  }
  return placed
}

/** @throws when the mapping names a unit that is not known, with its place in the file */
export async function requireKnownPlaces(db: ReadExecutor, mapping: readonly ClaimGrant[]): Promise<void> {
  for (const [index, grant] of mapping.entries()) {
    if ((await findPlace(db, grant)) !== null) continue
    const found = grant.oktmo ?? String(grant.org_unit_id)
    throw new Error(`EDUMON_OIDC_GRANTS_FILE, entry ${index + 1}: no territory or organisation "${found}" is known`)
  }
}
