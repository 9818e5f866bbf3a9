import Type from 'typebox'
import {
  Day,
  Instant,
  literalUnion,
  nullable,
  OrgUnitId,
  RecordNo,
  SVEDEN_SUBSECTIONS,
  Uuid,
} from '../../contract/index.ts'
import {
  FINDING_KINDS,
  OBJECTION_KINDS,
  OBJECTION_OUTCOMES,
  OBJECTION_STATES,
  TERM_STATES,
} from '../../domain/objections.ts'
import { FileStateView } from '../../files/file-state-schema.ts'
import { FILE_MAX_CHARACTERS } from '../../objections/attached-file.ts'
import { DISPUTE_RECHECK_STATES } from '../../objections/recheck-results.ts'

const text = nullable(Type.String())
const reason = Type.String({ minLength: 1, maxLength: 4000 })
const knownAt = Type.Integer({ minimum: 0, description: 'Change set up to which the answer is known' })
const outcome = Type.String({
  description: 'Verdict; valid, invalid or none of a certificate; presence of a subsection',
})

export const ObjectionEntry = Type.Object(
  {
    objection_id: Type.Optional(Uuid),
    kind: literalUnion(OBJECTION_KINDS, 'dispute: the finding is wrong; mute: it should not count for a time'),
    target_id: Uuid,
    finding: literalUnion(FINDING_KINDS),
    subsection: nullable(literalUnion(SVEDEN_SUBSECTIONS, 'Of the finding "subsection", else null')),
    incident_id: nullable(RecordNo),
    reason,
    asked_until: nullable(Day),
    file: nullable(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 200 }),
          base64: Type.String({
            minLength: 1,
            maxLength: FILE_MAX_CHARACTERS,
            description: 'PDF, PNG or JPEG, at most 5 MiB',
          }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  {
    additionalProperties: false,
    $id: 'ObjectionEntry',
    description:
      'objection_id is made by the sender: the same, sent again under it, is answered as before and opens nothing; absent: made here',
  },
)
export type ObjectionEntry = Type.Static<typeof ObjectionEntry>

const ObjectionOpened = Type.Object(
  { objection_id: Uuid, due_on: Day, change_set_no: RecordNo },
  { $id: 'ObjectionOpened' },
)

export const DecisionEntry = Type.Object(
  {
    outcome: literalUnion(OBJECTION_OUTCOMES),
    reason,
    valid_from: nullable(Day),
    valid_to: nullable(Day),
  },
  { additionalProperties: false, $id: 'DecisionEntry' },
)
export type DecisionEntry = Type.Static<typeof DecisionEntry>

const DecisionAnswer = Type.Object({ change_set_no: RecordNo }, { $id: 'DecisionAnswer' })

export const ObjectionRow = Type.Object(
  {
    objection_id: Uuid,
    org_unit_id: OrgUnitId,
    org_unit_name: Type.String(),
    municipality_name: text,
    target_id: Uuid,
    host: Type.String(),
    kind: literalUnion(OBJECTION_KINDS),
    finding: literalUnion(FINDING_KINDS),
    subsection: nullable(literalUnion(SVEDEN_SUBSECTIONS)),
    incident_id: nullable(RecordNo),
    seen_from: Type.String({ description: "Region's day since which the finding holds" }),
    seen: nullable(Type.Object({ at: Instant, outcome, detail: text })),
    reason: Type.String(),
    asked_until: nullable(Day),
    file_name: text,
    file_state: nullable(FileStateView),
    opened_at: Instant,
    opened_by: Type.String(),
    is_own: Type.Boolean({
      description: 'The one who asks, or somebody stood in for, opened it: so the one who asks does not decide it',
    }),
    due_on: Type.String({ description: 'Last day to decide it' }),
    term: Type.Object({
      state: literalUnion(TERM_STATES),
      working_days: Type.Integer({ minimum: 0, description: 'Left to the last day, or past it' }),
    }),
    state: literalUnion(OBJECTION_STATES),
    proposed: Type.Object(
      { valid_from: Day, valid_to: Day },
      { description: 'Days of a grant, unless others are set' },
    ),
    recheck: nullable(
      Type.Object({
        state: literalUnion(DISPUTE_RECHECK_STATES),
        observed_at: nullable(Instant),
        outcome: nullable(outcome),
        detail: text,
        measurement_id: nullable(Uuid),
      }),
    ),
    decision: nullable(
      Type.Object({
        outcome: literalUnion(OBJECTION_OUTCOMES),
        reason: Type.String(),
        decided_at: Instant,
        decided_by: Type.String(),
        valid_from: nullable(Day),
        valid_to: nullable(Day),
        is_in_force: Type.Boolean({ description: 'Takes its finding out of the indicators on the day of the answer' }),
      }),
    ),
  },
  { $id: 'ObjectionRow' },
)

const ObjectionList = Type.Object(
  { known_at_change_set_no: knownAt, rows: Type.Array(Type.Ref('ObjectionRow')) },
  { $id: 'ObjectionList' },
)

const ObjectionEvidence = Type.Object(
  {
    url: text,
    findings: Type.Array(Type.Object({ grade: Type.String(), headline: Type.String(), seen: text })),
    pages: Type.Array(Type.Object({ evidence_id: Uuid, url: Type.String() })),
  },
  { $id: 'ObjectionEvidence' },
)

const ObjectionCard = Type.Object(
  {
    known_at_change_set_no: knownAt,
    objection: Type.Ref('ObjectionRow'),
    before: Type.Ref('ObjectionEvidence'),
    after: Type.Ref('ObjectionEvidence'),
  },
  { $id: 'ObjectionCard' },
)

export const OBJECTION_SCHEMAS = [
  ...[ObjectionEntry, ObjectionOpened, DecisionEntry, DecisionAnswer],
  ...[ObjectionRow, ObjectionList, ObjectionEvidence, ObjectionCard],
]

export const UnitParams = Type.Object({ id: OrgUnitId })
export type UnitParams = Type.Static<typeof UnitParams>

export const ObjectionParams = Type.Object({ id: OrgUnitId, objection_id: Uuid })
export type ObjectionParams = Type.Static<typeof ObjectionParams>

const known_at = Type.Optional(Type.String({ maxLength: 40, description: 'As known on, RFC 3339; absent: known now' }))

export const ObjectionQuery = Type.Object({ known_at })
export type ObjectionQuery = Type.Static<typeof ObjectionQuery>

export const ObjectionListQuery = Type.Object({
  known_at,
  state: Type.Optional(literalUnion(OBJECTION_STATES)),
  kind: Type.Optional(literalUnion(OBJECTION_KINDS)),
  org_unit_id: Type.Optional(OrgUnitId),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 200' })),
})
export type ObjectionListQuery = Type.Static<typeof ObjectionListQuery>
