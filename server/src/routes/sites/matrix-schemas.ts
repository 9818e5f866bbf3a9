import Type from 'typebox'
import {
  AUDIT_OUTCOMES,
  FRESHNESS,
  literalUnion,
  MARKUP,
  nullable,
  PRESENCE,
  SVEDEN_SUBSECTIONS,
  Uuid,
} from '../../contract/index.ts'
import { count, instant, knownAt, place, text } from './schema-parts.ts'

export const RuleMatrixCell = Type.Object(
  {
    presence: literalUnion(PRESENCE),
    markup: nullable(literalUnion(MARKUP)),
    freshness: nullable(literalUnion(FRESHNESS)),
    source_grade: literalUnion(['collector', 'person']),
  },
  { $id: 'RuleMatrixCell' },
)

export const RuleMatrixRow = Type.Object(
  {
    ...place,
    target_id: Uuid,
    host: Type.String(),
    outcome: nullable(literalUnion(AUDIT_OUTCOMES, 'Null: not audited yet')),
    audited_at: instant,
    rule_set: text,
    cells: Type.Array(nullable(count), {
      description: 'Places in `cell_kinds`, in the order of `subsections`; null: not judged; empty: none is',
    }),
  },
  { $id: 'RuleMatrixRow' },
)

export const RuleMatrix = Type.Object(
  {
    known_at_change_set_no: knownAt,
    subsections: Type.Array(Type.Object({ code: literalUnion(SVEDEN_SUBSECTIONS), title: Type.String() })),
    cell_kinds: Type.Array(Type.Ref('RuleMatrixCell'), { description: 'Every judgement that a cell can hold' }),
    rows: Type.Array(Type.Ref('RuleMatrixRow')),
  },
  { $id: 'RuleMatrix' },
)

/** Rule matrix: sites by subsections. */
export const MATRIX_SCHEMAS = [RuleMatrixCell, RuleMatrixRow, RuleMatrix]
