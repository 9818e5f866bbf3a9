import Type from 'typebox'
import {
  Day,
  Instant,
  literalUnion,
  nullable,
  OrgUnitId,
  PROVENANCES,
  SITE_PLATFORMS,
  TRUST_STORES,
  Uuid,
} from '../../contract/index.ts'
import { cause, count, instant, knownAt, text, verdict, viewProperties } from './schema-parts.ts'

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

export const CardQuery = Type.Object({
  ...viewProperties,
  timeline_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 30, description: 'Default 7' })),
})

export type CardQuery = Type.Static<typeof CardQuery>

/** Sites of one org unit with their probes and timeline. */
export const CARD_SCHEMAS = [SiteCheckRow, VerdictStretch, SiteCard, OrgUnitSites]
