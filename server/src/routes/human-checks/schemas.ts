import Type from 'typebox'
import {
  Day,
  FRESHNESS,
  literalUnion,
  MARKUP,
  nullable,
  PRESENCE,
  SVEDEN_SUBSECTIONS,
  Uuid,
  OrgUnitId,
} from '../../contract/index.ts'

/** 5 MiB of picture as base64. */
const PICTURE_MAX_CHARACTERS = 4 * Math.ceil((5 * 1024 * 1024) / 3)

const Judgement = Type.Object(
  {
    subsection: literalUnion(SVEDEN_SUBSECTIONS),
    presence: literalUnion(PRESENCE),
    markup: nullable(literalUnion(MARKUP)),
    freshness: nullable(literalUnion(FRESHNESS)),
    url: nullable(Type.String({ minLength: 1, maxLength: 2048 })),
    dated_on: nullable(Day),
  },
  { additionalProperties: false },
)

export const HumanCheckEntry = Type.Object(
  {
    checked_on: Day,
    person: Type.String({ minLength: 2, maxLength: 200 }),
    note: nullable(Type.String({ minLength: 1, maxLength: 2000 })),
    judgements: Type.Array(Judgement, { minItems: 1, maxItems: SVEDEN_SUBSECTIONS.length }),
    picture_base64: nullable(
      Type.String({ minLength: 1, maxLength: PICTURE_MAX_CHARACTERS, description: 'PNG or JPEG, at most 5 MiB' }),
    ),
  },
  { additionalProperties: false, $id: 'HumanCheckEntry' },
)
export type HumanCheckEntry = Type.Static<typeof HumanCheckEntry>

export const HumanCheckAnswer = Type.Object(
  { human_check_id: Uuid, change_set_no: Type.Integer({ minimum: 1 }) },
  { $id: 'HumanCheckAnswer' },
)

export const HumanCheckParams = Type.Object({ id: OrgUnitId, target_id: Uuid })
export type HumanCheckParams = Type.Static<typeof HumanCheckParams>

export const PictureParams = Type.Object({ ...HumanCheckParams.properties, human_check_id: Uuid })
export type PictureParams = Type.Static<typeof PictureParams>
