import Type from 'typebox'
import { Day, Instant, nullable, OrgUnitId } from '../../contract/index.ts'

const longText = Type.String({ minLength: 1, maxLength: 4000 })
const appeal = {
  appeal_number: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: 'As registered' }),
  sent_on: Day,
  operator: Type.String({ minLength: 1, maxLength: 300, pattern: '\\S' }),
  subject: longText,
  answer: nullable(longText),
  answered_on: nullable(Day),
}

export const OperatorAppealEntry = Type.Object(appeal, {
  additionalProperties: false,
  $id: 'OperatorAppealEntry',
  description: 'The same number entered again replaces the former entry: so the answer is added when it comes',
})
export type OperatorAppealEntry = Type.Static<typeof OperatorAppealEntry>

const OperatorAppeal = Type.Object(
  {
    org_unit_id: OrgUnitId,
    ...appeal,
    entered_at: Instant,
    entered_by: Type.String(),
    change_set_no: Type.Integer({ minimum: 1 }),
  },
  { $id: 'OperatorAppeal' },
)

const OperatorAppealList = Type.Object(
  { known_at_change_set_no: Type.Integer({ minimum: 0 }), rows: Type.Array(Type.Ref('OperatorAppeal')) },
  { $id: 'OperatorAppealList' },
)

export const OPERATOR_APPEAL_SCHEMAS = [OperatorAppealEntry, OperatorAppeal, OperatorAppealList]

export const AppealParams = Type.Object({ id: OrgUnitId })
export type AppealParams = Type.Static<typeof AppealParams>

export const AppealQuery = Type.Object({
  known_at: Type.Optional(Type.String({ maxLength: 40, description: 'As known on, RFC 3339; absent: known now' })),
})
export type AppealQuery = Type.Static<typeof AppealQuery>
