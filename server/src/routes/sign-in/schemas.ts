import Type from 'typebox'
import { CAPABILITIES } from '../../access/capabilities.ts'
import { LINK_PURPOSES } from '../../access/links.ts'
import { ROLES } from '../../access/roles.ts'
import {
  DisplayName,
  FOUNDER_KINDS,
  Instant,
  literalUnion,
  Login,
  nullable,
  OrgUnitId,
  Password,
  SecondFactorCode,
} from '../../contract/index.ts'

export const SignInEntry = Type.Object(
  { login: Type.String({ minLength: 1, maxLength: 200 }), password: Password },
  { $id: 'SignInEntry', additionalProperties: false },
)
export type SignInEntry = Type.Static<typeof SignInEntry>

export const SecondFactorEntry = Type.Object(
  { code: SecondFactorCode },
  { $id: 'SecondFactorEntry', additionalProperties: false },
)
export type SecondFactorEntry = Type.Static<typeof SecondFactorEntry>

export const LinkEntry = Type.Object(
  { link: Type.String({ minLength: 1, maxLength: 200, description: 'Secret of a one-time link' }) },
  { $id: 'LinkEntry', additionalProperties: false },
)
export type LinkEntry = Type.Static<typeof LinkEntry>

export const LinkPasswordEntry = Type.Object(
  { ...LinkEntry.properties, password: Password },
  { $id: 'LinkPasswordEntry', additionalProperties: false },
)
export type LinkPasswordEntry = Type.Static<typeof LinkPasswordEntry>

export const LinkView = Type.Object(
  { purpose: literalUnion(LINK_PURPOSES), login: Login, display_name: DisplayName, expires_at: Instant },
  { $id: 'LinkView' },
)

export const SessionGrant = Type.Object(
  {
    role: literalUnion(ROLES),
    org_unit_id: OrgUnitId,
    org_unit_name: nullable(Type.String()),
    org_unit_kind: nullable(Type.String()),
    founder_kinds: nullable(Type.Array(literalUnion(FOUNDER_KINDS), { description: 'Null: all founders' })),
    stand_in_for: nullable(Type.String({ description: 'Name of the person that is stood in for' })),
  },
  { $id: 'SessionGrant' },
)

export const SessionPerson = Type.Object(
  {
    login: Login,
    display_name: DisplayName,
    state: literalUnion(['complete', 'second_factor', 'enrol_second_factor'], 'What the sign-in still lacks'),
    capabilities: Type.Array(literalUnion(CAPABILITIES)),
    grants: Type.Array(Type.Ref('SessionGrant')),
  },
  { $id: 'SessionPerson' },
)

const DemoAccount = Type.Object({
  login: Login,
  display_name: DisplayName,
  role: literalUnion(ROLES),
  password: Type.String(),
})

export const SessionView = Type.Object(
  {
    person: nullable(Type.Ref('SessionPerson')),
    has_openid_connect: Type.Boolean({ description: 'Whether one can sign in through an identity provider' }),
    demo_accounts: Type.Array(DemoAccount, { description: 'Empty outside the demo' }),
  },
  { $id: 'SessionView' },
)

export const SIGN_IN_SCHEMAS = [
  ...[SignInEntry, SecondFactorEntry, LinkEntry, LinkPasswordEntry, LinkView, SessionGrant, SessionPerson],
  SessionView,
]
