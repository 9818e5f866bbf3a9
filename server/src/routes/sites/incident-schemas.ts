import Type from 'typebox'
import { Instant, literalUnion, nullable, OrgUnitId, SITE_CAUSE_CODES, Uuid } from '../../contract/index.ts'
import { INCIDENT_SCOPES } from '../../domain/incident-rules.ts'
import { TerritoryQuery, cause, count, instant, knownAt, place, text } from './schema-parts.ts'

export const IncidentRow = Type.Object(
  {
    incident_id: Type.Integer({ minimum: 1 }),
    state: literalUnion(['open', 'closed', 'annulled']),
    opened_at: Instant,
    closed_at: instant,
    duration_s: Type.Integer({ minimum: 0, description: 'Until it was closed, or until now' }),
    scope: literalUnion(INCIDENT_SCOPES),
    scope_key: Type.String({ description: 'Host, address, network or id of the municipality' }),
    scope_name: text,
    cause: literalUnion(SITE_CAUSE_CODES),
    sites_now: Type.Integer({ minimum: 0, description: 'Sites in it now' }),
    sites_ever: Type.Integer({ minimum: 0, description: 'Sites that were ever in it' }),
    is_flapping: Type.Boolean({ description: 'A site in it goes up and down' }),
    org_unit_id: nullable(OrgUnitId),
    org_unit_name: text,
    municipality_name: text,
    note: text,
  },
  { $id: 'IncidentRow' },
)

export const IncidentList = Type.Object(
  { known_at_change_set_no: knownAt, rows: Type.Array(Type.Ref('IncidentRow')) },
  { $id: 'IncidentList' },
)

export const IncidentEventRow = Type.Object(
  {
    event_no: Type.Integer({ minimum: 1 }),
    kind: literalUnion(['opened', 'widened', 'closed', 're_attributed', 'annulled']),
    occurred_at: Instant,
    scope: literalUnion(INCIDENT_SCOPES),
    scope_key: Type.String(),
    cause: literalUnion(SITE_CAUSE_CODES),
    sites: count,
    note: text,
  },
  { $id: 'IncidentEventRow' },
)

export const IncidentMemberRow = Type.Object(
  {
    ...place,
    target_id: Uuid,
    host: Type.String(),
    cause,
    joined_at: Instant,
    left_at: instant,
  },
  { $id: 'IncidentMemberRow' },
)

export const IncidentCard = Type.Object(
  {
    known_at_change_set_no: knownAt,
    incident: Type.Ref('IncidentRow'),
    events: Type.Array(Type.Ref('IncidentEventRow')),
    members: Type.Array(Type.Ref('IncidentMemberRow')),
  },
  { $id: 'IncidentCard' },
)

export const IncidentQuery = Type.Object({
  ...TerritoryQuery.properties,
  state: Type.Optional(literalUnion(['open', 'recent'], 'Default recent: open ones and those of the last 30 days')),
})

export type IncidentQuery = Type.Static<typeof IncidentQuery>

/** Incidents: list and card. */
export const INCIDENT_SCHEMAS = [IncidentRow, IncidentList, IncidentEventRow, IncidentMemberRow, IncidentCard]
