import Type from 'typebox'
import {
  AUDIT_OUTCOMES,
  Day,
  FOUND_BY,
  FRESHNESS,
  Instant,
  literalUnion,
  MARKUP,
  nullable,
  OrgUnitId,
  PRESENCE,
  PROVENANCES,
  SITE_CAUSE_CODES,
  SITE_PLATFORMS,
  SITE_VERDICTS,
  SiteFinding,
  SVEDEN_SUBSECTIONS,
  TRUST_STORES,
  Uuid,
} from '../../contract/index.ts'
import { INCIDENT_SCOPES } from '../../domain/incident-rules.ts'

const text = nullable(Type.String())
const instant = nullable(Instant)
const count = Type.Integer({ minimum: 0 })
const verdict = literalUnion(SITE_VERDICTS)
const cause = nullable(literalUnion(SITE_CAUSE_CODES, 'Null when it works, or before the first verdict'))
const knownAt = Type.Integer({ minimum: 0, description: 'Change set up to which the answer is known' })
const place = {
  org_unit_id: OrgUnitId,
  org_unit_name: Type.String(),
  municipality_id: nullable(OrgUnitId),
  municipality_name: text,
}

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

const certificate = nullable(
  Type.Object({
    issuer: Type.String(),
    subject: Type.String(),
    not_before: Instant,
    not_after: Instant,
    name_matches: Type.Boolean(),
    chain_trusted: Type.Boolean(),
    trust_store: nullable(literalUnion(TRUST_STORES)),
    chain_fault: text,
    fingerprint_sha256: Type.String(),
  }),
)

export const SiteCheckRow = Type.Object(
  {
    check_id: Uuid,
    checked_at: Instant,
    round_no: Type.Integer(),
    attempt: Type.Integer(),
    vantage: Type.String(),
    collector_version: Type.String(),
    provenance: literalUnion(PROVENANCES),
    verdict,
    cause,
    own_link: literalUnion(['up', 'down', 'not_watched']),
    resolve_ms: nullable(count),
    connect_ms: nullable(count),
    tls_ms: nullable(count),
    first_byte_ms: nullable(count),
    total_ms: count,
    http_status: nullable(count),
    remote_address: text,
    evidence_id: nullable(Uuid),
  },
  { $id: 'SiteCheckRow' },
)

export const VerdictStretch = Type.Object(
  {
    from: Instant,
    to: Type.String({ description: 'Start of the next one, or the last verdict of this one' }),
    verdict,
    cause,
    rounds: Type.Integer({ minimum: 1 }),
    vantages: Type.Array(Type.String()),
    provenance: literalUnion(PROVENANCES),
  },
  { $id: 'VerdictStretch' },
)

export const FindingRow = Type.Object(
  {
    ...SiteFinding.properties,
    headline: Type.String(),
    asks: Type.String({ description: 'What the rule asks' }),
    source: nullable(Type.String({ description: 'Act and point' })),
    remedy: nullable(Type.String({ description: "How to mend it on this site's platform" })),
    markup_sample: text,
    evidence_id: nullable(Uuid),
  },
  { $id: 'FindingRow' },
)

export const SubsectionRow = Type.Object(
  {
    subsection: literalUnion(SVEDEN_SUBSECTIONS),
    title: Type.String(),
    source_grade: literalUnion(['collector', 'person']),
    judged_at: Instant,
    url: text,
    found_by: nullable(literalUnion(FOUND_BY)),
    presence: literalUnion(PRESENCE),
    markup: nullable(literalUnion(MARKUP)),
    freshness: nullable(literalUnion(FRESHNESS)),
    items_present: count,
    items_expected: count,
    items_marked: count,
    dated_on: nullable(Day),
    findings: Type.Array(Type.Ref('FindingRow')),
  },
  { $id: 'SubsectionRow' },
)

export const SiteAuditCard = Type.Object(
  {
    audit_id: Uuid,
    audited_at: Instant,
    outcome: literalUnion(AUDIT_OUTCOMES),
    cause,
    rule_set: Type.String(),
    platform: literalUnion(SITE_PLATFORMS),
    section_url: text,
    page_count: count,
    duration_ms: count,
    subsections: Type.Array(Type.Ref('SubsectionRow')),
  },
  { $id: 'SiteAuditCard' },
)

export const HumanCheckRow = Type.Object(
  {
    human_check_id: Uuid,
    checked_on: Day,
    person: Type.String(),
    note: text,
    has_picture: Type.Boolean(),
    subsections: Type.Array(Type.Ref('SubsectionRow')),
  },
  { $id: 'HumanCheckRow' },
)

export const SiteCard = Type.Object(
  {
    target_id: Uuid,
    kind: literalUnion(['site', 'portal']),
    url: Type.String(),
    host: Type.String(),
    valid_from: Day,
    verdict: nullable(verdict),
    cause,
    verdict_since: instant,
    last_checked_at: instant,
    last_verdict_at: instant,
    is_flapping: Type.Boolean(),
    incident_id: nullable(Type.Integer()),
    platform: nullable(literalUnion(SITE_PLATFORMS)),
    title: text,
    http_status: nullable(count),
    total_ms: nullable(count),
    certificate,
    certificate_valid: nullable(Type.Boolean()),
    timeline: Type.Array(Type.Ref('VerdictStretch')),
    checks: Type.Array(Type.Ref('SiteCheckRow'), { description: 'Newest probes, newest first' }),
    incidents: Type.Array(Type.Ref('IncidentRow')),
    audit: nullable(Type.Ref('SiteAuditCard')),
    human_checks: Type.Array(Type.Ref('HumanCheckRow')),
  },
  { $id: 'SiteCard' },
)

export const OrgUnitSites = Type.Object(
  { known_at_change_set_no: knownAt, org_unit_id: OrgUnitId, sites: Type.Array(Type.Ref('SiteCard')) },
  { $id: 'OrgUnitSites' },
)

export const SiteStateRow = Type.Object(
  {
    ...place,
    target_id: Uuid,
    host: Type.String(),
    verdict: nullable(verdict),
    cause,
    verdict_since: instant,
    last_checked_at: instant,
    is_flapping: Type.Boolean(),
    incident_id: nullable(Type.Integer()),
  },
  { $id: 'SiteStateRow' },
)
export const SiteStateList = Type.Object(
  { known_at_change_set_no: knownAt, rows: Type.Array(Type.Ref('SiteStateRow')) },
  { $id: 'SiteStateList' },
)

export const CertificateRow = Type.Object(
  {
    ...place,
    target_id: Uuid,
    host: Type.String(),
    seen_at: instant,
    not_after: Instant,
    days_left: Type.Integer({ description: 'Whole days to the end; negative when it is over' }),
    is_valid: Type.Boolean(),
    issuer: Type.String(),
    name_matches: Type.Boolean(),
    chain_trusted: Type.Boolean(),
    trust_store: nullable(literalUnion(TRUST_STORES)),
  },
  { $id: 'CertificateRow' },
)
export const CertificateList = Type.Object(
  { known_at_change_set_no: knownAt, rows: Type.Array(Type.Ref('CertificateRow')) },
  { $id: 'CertificateList' },
)

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

export const PortalRow = Type.Object(
  {
    org_unit_id: OrgUnitId,
    target_id: Uuid,
    url: Type.String(),
    host: Type.String(),
    title: text,
    verdict: nullable(verdict),
    cause,
    verdict_since: instant,
    last_checked_at: instant,
    total_ms: nullable(count),
    incident_id: nullable(Type.Integer()),
  },
  { $id: 'PortalRow' },
)
export const PortalList = Type.Object(
  { known_at_change_set_no: knownAt, rows: Type.Array(Type.Ref('PortalRow')) },
  { $id: 'PortalList' },
)

const viewProperties = {
  day: Type.Optional(Type.String({ description: 'Day of the region’s calendar, YYYY-MM-DD; absent: today' })),
  known_at: Type.Optional(Type.String({ description: '"As known on", RFC 3339; absent: now' })),
}
export const SiteViewQuery = Type.Object(viewProperties)
export const TerritoryQuery = Type.Object({ ...viewProperties, territory_id: Type.Optional(OrgUnitId) })
export const IncidentQuery = Type.Object({
  ...TerritoryQuery.properties,
  state: Type.Optional(literalUnion(['open', 'recent'], 'Default recent: open ones and those of the last 30 days')),
})
export const CardQuery = Type.Object({
  ...viewProperties,
  timeline_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 30, description: 'Default 7' })),
})
export type SiteViewQuery = Type.Static<typeof SiteViewQuery>
export type TerritoryQuery = Type.Static<typeof TerritoryQuery>
export type IncidentQuery = Type.Static<typeof IncidentQuery>
export type CardQuery = Type.Static<typeof CardQuery>
export type FindingRow = Type.Static<typeof FindingRow>

export const SITE_SCHEMAS = [
  ...[IncidentRow, IncidentList, IncidentEventRow, IncidentMemberRow, IncidentCard, SiteCheckRow, VerdictStretch],
  ...[
    SiteStateRow,
    SiteStateList,
    FindingRow,
    SubsectionRow,
    SiteAuditCard,
    HumanCheckRow,
    SiteCard,
    OrgUnitSites,
    CertificateRow,
  ],
  ...[CertificateList, RuleMatrixCell, RuleMatrixRow, RuleMatrix, PortalRow, PortalList],
]
