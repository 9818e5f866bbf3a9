import Type from 'typebox'
import { ByteCount, Instant, literalUnion, Milliseconds, nullable, OrgUnitId, Sha256, Url, Uuid } from './primitives.ts'
import { SITE_CAUSE_CODES, SITE_VERDICTS } from './site-causes.ts'

export const SITE_PLATFORMS = ['gosweb', 'ucoz', 'own', 'unknown'] as const
export type SitePlatform = (typeof SITE_PLATFORMS)[number]

export const TRUST_STORES = ['system', 'extra'] as const
export const CHARSET_SOURCES = ['bom', 'header', 'meta', 'sniffed', 'default'] as const

/**
 * Phases of one probe in whole milliseconds. Null: the phase did not happen (no TLS on http, a reused address)
 * or was not reached. Zero means "under half a millisecond", never "unknown".
 */
export const SiteTimings = Type.Object(
  {
    resolve_ms: nullable(Milliseconds),
    connect_ms: nullable(Milliseconds),
    tls_ms: nullable(Milliseconds),
    first_byte_ms: nullable(Milliseconds),
    total_ms: Milliseconds,
  },
  { additionalProperties: false, $id: 'SiteTimings' },
)

export const SiteCertificate = Type.Object(
  {
    issuer: Type.String({ maxLength: 300 }),
    subject: Type.String({ maxLength: 300 }),
    not_before: Instant,
    not_after: Instant,
    name_matches: Type.Boolean(),
    chain_trusted: Type.Boolean(),
    trust_store: nullable(literalUnion(TRUST_STORES, 'The store that the chain was accepted by; null when none did')),
    chain_fault: nullable(Type.String({ maxLength: 100, description: 'Code of the TLS library, for the evidence' })),
    fingerprint_sha256: Sha256,
  },
  { additionalProperties: false, $id: 'SiteCertificate' },
)

/** What is kept of one answer so that a person can look at it later: trimmed, compressed. */
export const PageEvidence = Type.Object(
  {
    url: Url,
    fetched_at: Instant,
    http_status: nullable(Type.Integer({ minimum: 100, maximum: 999 })),
    headers: Type.Array(Type.Tuple([Type.String({ maxLength: 100 }), Type.String({ maxLength: 1000 })]), {
      maxItems: 60,
    }),
    body_sha256: nullable(Sha256),
    body_bytes: ByteCount,
    body_gzip_base64: nullable(
      Type.String({ maxLength: 200_000, description: 'First part of the decoded body as UTF-8, gzip, base64' }),
    ),
    trimmed: Type.Boolean(),
  },
  { additionalProperties: false, $id: 'PageEvidence' },
)

/** Envelope that every measurement of a target carries; written to the spool once and never rewritten. */
export const measurementEnvelope = {
  id: Uuid,
  lease_id: Uuid,
  org_unit_id: OrgUnitId,
  target_id: Uuid,
  attempt: Type.Integer({ minimum: 1, maximum: 20 }),
  started_at: Instant,
}

/** All that one availability probe of a home page returned. */
export const SiteCheck = Type.Object(
  {
    kind: Type.Literal('site_check'),
    ...measurementEnvelope,
    url: Url,
    verdict: literalUnion(SITE_VERDICTS),
    cause: nullable(literalUnion(SITE_CAUSE_CODES, 'Null exactly when the verdict is "works"')),
    timings: SiteTimings,
    redirects: Type.Array(Type.Object({ url: Url, http_status: Type.Integer() }, { additionalProperties: false }), {
      maxItems: 5,
    }),
    final_url: nullable(Url),
    remote_address: nullable(Type.String({ maxLength: 45 })),
    http_status: nullable(Type.Integer({ minimum: 100, maximum: 999 })),
    http_version: nullable(Type.String({ maxLength: 10 })),
    body_bytes: nullable(ByteCount),
    body_sha256: nullable(Sha256),
    charset: nullable(Type.String({ maxLength: 40 })),
    charset_source: nullable(literalUnion(CHARSET_SOURCES)),
    title: nullable(Type.String({ maxLength: 300 })),
    platform: literalUnion(SITE_PLATFORMS),
    certificate: nullable(SiteCertificate),
    tls_resumed: nullable(Type.Boolean()),
    own_link: literalUnion(['up', 'down', 'not_watched'], "Witness targets' word on the vantage's own link"),
    evidence: nullable(PageEvidence),
  },
  { additionalProperties: false, $id: 'SiteCheck' },
)
export type SiteCheck = Type.Static<typeof SiteCheck>
export type SiteCertificate = Type.Static<typeof SiteCertificate>
export type SiteTimings = Type.Static<typeof SiteTimings>
export type PageEvidence = Type.Static<typeof PageEvidence>
