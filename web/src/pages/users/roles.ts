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
