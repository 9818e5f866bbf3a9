import Type from 'typebox'
import {
  Instant,
  literalUnion,
  nullable,
  OrgUnitId,
  SITE_CAUSE_CODES,
  SITE_VERDICTS,
  Uuid,
} from '../../contract/index.ts'

const text = nullable(Type.String())

export const EvidenceParams = Type.Object({ org_unit_id: OrgUnitId, evidence_id: Uuid })
export type EvidenceParams = Type.Static<typeof EvidenceParams>

export const Evidence = Type.Object(
  {
    org_unit_id: OrgUnitId,
    evidence_id: Uuid,
    target_id: Uuid,
    measurement_id: Type.String({ description: 'The check or audit that rests on it' }),
    url: Type.String(),
    fetched_at: Instant,
    vantage: text,
    collector_version: text,
    verdict: nullable(literalUnion(SITE_VERDICTS, 'Of the probe; null: it belongs to a content audit')),
    cause: nullable(literalUnion(SITE_CAUSE_CODES)),
    http_status: nullable(Type.Integer()),
    headers: Type.Array(Type.Tuple([Type.String(), Type.String()])),
    body_sha256: text,
    body_bytes: Type.Integer({ minimum: 0 }),
    body_text: nullable(Type.String({ description: 'Trimmed copy as text: show it as text only' })),
    is_trimmed: Type.Boolean(),
    change_set_no: Type.Integer({ minimum: 1 }),
  },
  { $id: 'Evidence' },
)
