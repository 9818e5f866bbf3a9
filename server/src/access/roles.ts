import type { Capability } from './capabilities.ts'

/** Roles of people; a person may hold several, each somewhere. */
export const ROLES = [
  'administrator',
  'ministry_analyst',
  'municipal_head',
  'municipal_specialist',
  'institute_staff',
  'school_operator',
  'auditor',
] as const
export type Role = (typeof ROLES)[number]

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

/** Roles of the region's own bodies. Held over a part alone they would let that part judge itself. */
const REGION_ROLES: ReadonlySet<Role> = new Set<Role>(['ministry_analyst', 'institute_staff'])

/** Whether a role may be given on a unit of that kind. */
export function isRoleOf(role: Role, unit_kind: string): boolean {
  return unit_kind === 'region' || !REGION_ROLES.has(role)
}

const READ_OWN = ['registry:read', 'sites:read', 'internet:read', 'indicators:read'] as const
/** What everybody with a role may read of their own; programs do not see who objects to what. */
const SEE_OWN = [...READ_OWN, 'objections:read'] as const

/**
 * What each role may do. Who manages accounts enters no data; a municipality asks for an exclusion and the institute
 * decides it; programs have no role.
 */
export const ROLE_CAPABILITIES: Readonly<Record<Role, readonly Capability[]>> = {
  administrator: [...SEE_OWN, 'imports:read', 'collectors:read', 'users:manage', 'tokens:manage', 'audit:read'],
  ministry_analyst: [
    ...SEE_OWN,
    ...(['registry:write', 'sites:recheck', 'sites:check', 'pictures:read', 'objections:open'] as const),
    ...(['imports:read', 'imports:write', 'collectors:read', 'audit:read'] as const),
  ],
  municipal_head: [
    ...SEE_OWN,
    ...(['sites:recheck', 'pictures:read', 'objections:open', 'imports:read', 'audit:read'] as const),
  ],
  municipal_specialist: [
    ...SEE_OWN,
    ...(['sites:recheck', 'sites:check', 'pictures:read', 'objections:open', 'imports:read', 'imports:write'] as const),
  ],
  institute_staff: [
    ...SEE_OWN,
    ...(['registry:write', 'sites:recheck', 'sites:check', 'pictures:read'] as const),
    ...(['objections:open', 'objections:decide', 'imports:read', 'imports:write', 'collectors:read'] as const),
  ],
  school_operator: [...SEE_OWN, 'sites:recheck', 'pictures:read', 'objections:open'],
  auditor: [...SEE_OWN, 'imports:read', 'collectors:read', 'audit:read'],
}

/** Programs that a token can stand for. */
export const TOKEN_KINDS = ['collector', 'school', 'upload', 'export'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

/** What a token of each kind may do. */
export const TOKEN_CAPABILITIES: Readonly<Record<TokenKind, readonly Capability[]>> = {
  collector: ['collect'],
  school: ['sites:read', 'internet:read', 'speed:submit'],
  upload: ['imports:read', 'imports:write'],
  export: [...READ_OWN],
}
