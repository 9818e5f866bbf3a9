import type { SessionPerson } from '../api/schemas.ts'

/** The unit that a person's pages start with. */
export interface HomeUnit {
  org_unit_id: number
  name: string | null
}

/** Null for whoever answers for the whole region (and for nobody): their pages start with the region. */
export function findHomeUnit(grants: SessionPerson['grants']): HomeUnit | null {
  const [first] = grants
  if (first === undefined || grants.some((grant) => grant.org_unit_kind === 'region')) return null
  return { org_unit_id: first.org_unit_id, name: first.org_unit_name }
}
