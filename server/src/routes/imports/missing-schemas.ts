import Type from 'typebox'
import { literalUnion, nullable, OrgUnitId } from '../../contract/index.ts'

const OUTCOMES = ['keep', 'withdraw'] as const
const count = Type.Integer({ minimum: 0 })
const text = nullable(Type.String())

export const ImportMissingCounts = Type.Object(
  {
    undecided: Type.Integer({ minimum: 0, description: 'Nobody has decided: they are kept, and asked about again' }),
    keep: count,
    withdraw: count,
  },
  { $id: 'ImportMissingCounts', description: 'Units that an earlier file of the same scope had and this one lacks' },
)

export const MissingOrgUnit = Type.Object(
  {
    org_unit_id: OrgUnitId,
    kind: Type.String(),
    full_name: Type.String({ description: 'Newest name' }),
    earlier_import_id: Type.Integer({ minimum: 1 }),
    earlier_file_name: Type.String(),
    earlier_valid_on: Type.String({ description: 'The day that the earlier file speaks of' }),
    earlier_sheet_name: text,
    earlier_row_no: Type.Integer({ minimum: 1 }),
    outcome: nullable(literalUnion(OUTCOMES)),
    reason: text,
    decided_by: text,
    is_remembered: Type.Boolean({ description: 'It was decided for an earlier file of the same sender' }),
  },
  { $id: 'MissingOrgUnit' },
)

export const MissingOrgUnitList = Type.Object(
  { total: count, rows: Type.Array(Type.Ref('MissingOrgUnit')) },
  { $id: 'MissingOrgUnitList' },
)

export const MissingDecision = Type.Object(
  {
    outcome: literalUnion(OUTCOMES),
    org_unit_ids: nullable(
      Type.Array(OrgUnitId, { minItems: 1, maxItems: 10_000, description: 'Null: all that nobody has decided about' }),
    ),
    reason: Type.String({ minLength: 1, maxLength: 500 }),
  },
  { additionalProperties: false, $id: 'MissingDecision' },
)

export type MissingDecision = Type.Static<typeof MissingDecision>
