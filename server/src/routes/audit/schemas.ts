import Type from 'typebox'
import { Instant, literalUnion, nullable, OrgUnitId, RecordNo } from '../../contract/index.ts'
import { AUDIT_CATEGORIES } from '../../db/insert-audit-event.ts'

const text = nullable(Type.String())
const json = Type.Record(Type.String(), Type.Unknown())

const filter = {
  from: Type.Optional({ ...Instant, description: 'Not before this instant' }),
  to: Type.Optional({ ...Instant, description: 'Before this instant' }),
  actor: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of who acted' })),
  category: Type.Optional(
    Type.Array(literalUnion(AUDIT_CATEGORIES), { maxItems: AUDIT_CATEGORIES.length, description: 'Default: all' }),
  ),
  action: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Exactly this action' })),
  org_unit_id: Type.Optional({ ...OrgUnitId, description: 'The unit or one below it' }),
}

export const AuditExportQuery = Type.Object(filter)

export const AuditQuery = Type.Object({
  ...filter,
  before_id: Type.Optional({ ...RecordNo, description: 'Older than this event: the next page' }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100' })),
})

export const AuditEvent = Type.Object(
  {
    audit_event_id: RecordNo,
    occurred_at: Instant,
    actor: Type.String(),
    user_id: nullable(RecordNo),
    remote_address: text,
    category: literalUnion(AUDIT_CATEGORIES),
    action: Type.String(),
    subject: Type.String(),
    org_unit_id: nullable(OrgUnitId),
    org_unit_name: text,
    change_set_no: nullable(RecordNo),
    request_id: text,
    detail: json,
    before: nullable(json),
    after: nullable(json),
  },
  { $id: 'AuditEvent' },
)

export const AuditEventList = Type.Object(
  {
    rows: Type.Array(Type.Ref('AuditEvent'), { description: 'Newest first' }),
    next_before_id: nullable({ ...RecordNo, description: 'Of the next page; null: this is the last' }),
  },
  { $id: 'AuditEventList' },
)

export type AuditExportQuery = Type.Static<typeof AuditExportQuery>
export type AuditQuery = Type.Static<typeof AuditQuery>
