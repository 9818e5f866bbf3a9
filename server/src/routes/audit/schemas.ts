import Type from 'typebox'
import { Instant, literalUnion, nullable, OrgUnitId, RecordNo } from '../../contract/index.ts'
import { AUDIT_ACTIONS } from '../../db/audit-actions.ts'
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
  action: Type.Optional(literalUnion(AUDIT_ACTIONS, 'Exactly this action')),
  except_action: Type.Optional(literalUnion(AUDIT_ACTIONS, 'All but this action')),
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
    action: literalUnion(AUDIT_ACTIONS),
    subject: Type.String({ description: 'What it was done to: sort and number, such as `user 5`' }),
    subject_name: { ...text, description: 'Present name of the person or the label of the token that it was done to' },
    org_unit_id: nullable(OrgUnitId),
    org_unit_name: text,
    municipality_name: { ...text, description: 'Null: the unit is one itself, or lies in none' },
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

export const AuditSealState = Type.Object(
  {
    head: {
      ...text,
      description: 'Newest seal, `seal:event:hash`, as `verify --head` takes it; null before the first',
    },
    to_event_id: nullable({ ...RecordNo, description: 'Last sealed event' }),
    sealed_at: nullable(Instant),
    unsealed: Type.Integer({ minimum: 0, description: 'Events that wait for the next seal' }),
    unsealed_since: nullable({ ...Instant, description: 'Time of the oldest of them' }),
  },
  { $id: 'AuditSealState' },
)

export type AuditExportQuery = Type.Static<typeof AuditExportQuery>
export type AuditQuery = Type.Static<typeof AuditQuery>
