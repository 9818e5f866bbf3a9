import type { Role } from '../../api/schemas.ts'

/** Every role, in the order in which they are offered: the commonest first. */
const ORDER = {
  municipal_specialist: 1,
  municipal_head: 2,
  school_operator: 3,
  institute_staff: 4,
  ministry_analyst: 5,
  auditor: 6,
  administrator: 7,
} as const satisfies Record<Role, number>

export const ROLES = Object.keys(ORDER) as readonly Role[]

/** Roles that are given on the whole region alone: the API refuses them elsewhere. */
const REGION_ROLES: ReadonlySet<Role> = new Set<Role>(['ministry_analyst', 'institute_staff'])

/** @param unit_kind of the chosen unit; undefined: none is chosen yet, so all may be */
export function rolesFor(unit_kind: string | undefined): readonly Role[] {
  return unit_kind === undefined || unit_kind === 'region' ? ROLES : ROLES.filter((role) => !REGION_ROLES.has(role))
}
