import Type from 'typebox'
import {
  ChecklistQuestion,
  literalUnion,
  nullable,
  SITE_CAUSE_CODES,
  SITE_VERDICTS,
  SVEDEN_SUBSECTIONS,
} from '../../contract/index.ts'

const CauseText = Type.Object({ meaning: Type.String(), remedy: Type.String() })

export const CauseEntry = Type.Object(
  {
    code: literalUnion(SITE_CAUSE_CODES),
    verdict: literalUnion(SITE_VERDICTS),
    is_permanent: Type.Boolean({ description: 'Not retried within a round' }),
    ru: CauseText,
    en: CauseText,
  },
  { $id: 'CauseEntry' },
)

export const SubsectionEntry = Type.Object(
  {
    code: literalUnion(SVEDEN_SUBSECTIONS),
    number: nullable(Type.Integer({ minimum: 1 })),
    title: Type.String({ description: 'Official, Russian' }),
    asks: Type.String(),
    checklist: Type.Array(ChecklistQuestion),
  },
  { $id: 'SubsectionEntry' },
)

export const Dictionaries = Type.Object(
  {
    causes: Type.Array(Type.Ref('CauseEntry')),
    subsections: Type.Array(Type.Ref('SubsectionEntry')),
    rule_sets: Type.Array(Type.String(), { description: 'First days of the rule sets, ascending' }),
  },
  { $id: 'Dictionaries' },
)
