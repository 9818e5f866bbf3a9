import Type from 'typebox'
import { TOKEN_KINDS } from '../../access/roles.ts'
import {
  Day,
  FOUNDER_KINDS,
  Instant,
  literalUnion,
  nullable,
  OrgUnitId,
  RecordNo,
  WORK_KINDS,
} from '../../contract/index.ts'

const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,59}$' })
const FounderKinds = nullable(Type.Array(literalUnion(FOUNDER_KINDS), { minItems: 1, maxItems: 4 }))
const WorkKinds = Type.Array(literalUnion(WORK_KINDS), {
  minItems: 1,
  maxItems: WORK_KINDS.length,
  description: 'Work that the collector may take',
})

export const TokenEntry = Type.Object(
  {
    kind: literalUnion(TOKEN_KINDS),
    label: Type.String({ minLength: 1, maxLength: 200 }),
    collector: nullable(
      Type.Object({ name: Name, vantage: Name, work_kinds: WorkKinds }, { additionalProperties: false }),
    ),
    org_unit_id: nullable(OrgUnitId),
    founder_kinds: FounderKinds,
    valid_from: Day,
    valid_to: nullable(Day),
  },
  {
    $id: 'TokenEntry',
    additionalProperties: false,
    description: 'A collector has "collector", all others "org_unit_id"',
  },
)
export type TokenEntry = Type.Static<typeof TokenEntry>

export const ApiToken = Type.Object(
  {
    token_id: RecordNo,
    kind: literalUnion(TOKEN_KINDS),
    label: Type.String(),
    prefix: Type.String({ description: 'First characters, to recognise it by' }),
    collector: nullable(Type.String()),
    vantage: nullable(Type.String()),
    work_kinds: nullable(WorkKinds),
    org_unit_id: nullable(OrgUnitId),
    org_unit_name: nullable(Type.String()),
    founder_kinds: FounderKinds,
    valid_from: Day,
    valid_to: nullable(Day),
    replaces_token_id: nullable(RecordNo),
    created_at: Instant,
    created_by: Type.String(),
    last_used_at: nullable(Instant),
    last_used_from: nullable(Type.String()),
    revoked_at: nullable(Instant),
    revoked_by: nullable(Type.String()),
  },
  { $id: 'ApiToken' },
)

export const ApiTokenList = Type.Object({ rows: Type.Array(Type.Ref('ApiToken')) }, { $id: 'ApiTokenList' })

export const TokenMade = Type.Object(
  { token_id: RecordNo, token: Type.String({ description: 'The token itself; shown once' }), prefix: Type.String() },
  { $id: 'TokenMade' },
)

export const TokenRotation = Type.Object(
  { overlap_days: Type.Integer({ minimum: 0, maximum: 30, description: 'Days that the old token goes on working' }) },
  { $id: 'TokenRotation', additionalProperties: false },
)
export type TokenRotation = Type.Static<typeof TokenRotation>

export const TokenParams = Type.Object({ token_id: RecordNo })
export type TokenParams = Type.Static<typeof TokenParams>

export const TOKEN_SCHEMAS = [TokenEntry, ApiToken, ApiTokenList, TokenMade, TokenRotation]
