import Type from 'typebox'
import { Instant, literalUnion, nullable, OrgUnitId, TRUST_STORES, Uuid } from '../../contract/index.ts'
import { cause, count, instant, knownAt, place, text, verdict } from './schema-parts.ts'

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

/** Newest states of all sites, certificates and portals. */
export const STATE_SCHEMAS = [SiteStateRow, SiteStateList, CertificateRow, CertificateList, PortalRow, PortalList]
