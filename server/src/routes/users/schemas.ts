import Type from 'typebox'
import { ROLES } from '../../access/roles.ts'
import {
  Day,
  DisplayName,
  FOUNDER_KINDS,
  Instant,
  literalUnion,
  Login,
  nullable,
  OrgUnitId,
  RecordNo,
} from '../../contract/index.ts'

const Position = Type.String({ minLength: 1, maxLength: 300, description: 'Post and organisation, for people' })
const FounderKinds = nullable(
  Type.Array(literalUnion(FOUNDER_KINDS), { minItems: 1, maxItems: 4, description: 'Null: all founders' }),
)

export const GrantEntry = Type.Object(
  {
    role: literalUnion(ROLES),
    org_unit_id: OrgUnitId,
    founder_kinds: FounderKinds,
    valid_from: Day,
    valid_to: nullable(Day),
    stand_in_for_user_id: nullable(RecordNo),
  },
  { $id: 'GrantEntry', additionalProperties: false },
)
export type GrantEntry = Type.Static<typeof GrantEntry>

export const UserEntry = Type.Object(
  {
    login: Login,
    display_name: DisplayName,
    position: nullable(Position),
    grants: Type.Array(Type.Ref('GrantEntry'), { maxItems: 20 }),
  },
  { $id: 'UserEntry', additionalProperties: false },
)
export interface UserEntry {
  login: string
  display_name: string
  position: string | null
  grants: GrantEntry[]
}

export const UserChange = Type.Object(
  { display_name: DisplayName, position: nullable(Position), is_disabled: Type.Boolean() },
  { $id: 'UserChange', additionalProperties: false },
)
export type UserChange = Type.Static<typeof UserChange>

export const Grant = Type.Object(
  {
    grant_id: RecordNo,
    role: literalUnion(ROLES),
    org_unit_id: OrgUnitId,
    org_unit_name: nullable(Type.String()),
    founder_kinds: FounderKinds,
    valid_from: Day,
    valid_to: nullable(Day),
    stand_in_for: nullable(Type.String({ description: 'Name of the person that is stood in for' })),
    origin: literalUnion(['person', 'claims'], 'By a person, or by the claims of an identity provider'),
    granted_by: Type.String(),
    granted_at: Instant,
    revoked_at: nullable(Instant),
    revoked_by: nullable(Type.String()),
  },
  { $id: 'Grant' },
)

export const User = Type.Object(
  {
    user_id: RecordNo,
    login: Login,
    display_name: DisplayName,
    position: nullable(Type.String()),
    is_disabled: Type.Boolean(),
    has_password: Type.Boolean(),
    has_second_factor: Type.Boolean(),
    signs_in_elsewhere: Type.Boolean({ description: 'Through an identity provider' }),
    last_sign_in_at: nullable(Instant),
    created_at: Instant,
    grants: Type.Array(Type.Ref('Grant')),
  },
  { $id: 'User' },
)

export const UserList = Type.Object(
  {
    rows: Type.Array(Type.Ref('User')),
    second_factor_roles: Type.Array(literalUnion(ROLES), { description: 'Roles that must have a second factor' }),
  },
  { $id: 'UserList' },
)

export const OneTimeLink = Type.Object(
  { link: Type.String({ description: 'Address to hand over; shown once' }), expires_at: Instant },
  { $id: 'OneTimeLink' },
)

export const UserMade = Type.Object({ user: Type.Ref('User'), link: Type.Ref('OneTimeLink') }, { $id: 'UserMade' })

export const SecondFactorRoles = Type.Object(
  { roles: Type.Array(literalUnion(ROLES), { maxItems: ROLES.length }) },
  { $id: 'SecondFactorRoles', additionalProperties: false },
)
export type SecondFactorRoles = Type.Static<typeof SecondFactorRoles>

export const UserParams = Type.Object({ user_id: RecordNo })
export type UserParams = Type.Static<typeof UserParams>
export const GrantParams = Type.Object({ user_id: RecordNo, grant_id: RecordNo })
export type GrantParams = Type.Static<typeof GrantParams>

export const USER_SCHEMAS = [
  ...[GrantEntry, UserEntry, UserChange, Grant, User, UserList, OneTimeLink, UserMade, SecondFactorRoles],
]
