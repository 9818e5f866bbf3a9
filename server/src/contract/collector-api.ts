import Type from 'typebox'
import { Instant, literalUnion, nullable, ORG_KINDS, OrgUnitId, Url, Uuid } from './primitives.ts'

/** Kinds of work that collectors lease. One row of work is leased by one collector at a time. */
export const WORK_KINDS = ['site_check', 'site_audit', 'sheet_parse'] as const
export type WorkKind = (typeof WORK_KINDS)[number]

export const MEASUREMENTS_PER_BATCH = 1000

/** Where a measurement comes from: a real probe, or made-up history of a demonstration. */
export const PROVENANCES = ['measured', 'modelled'] as const
export type Provenance = (typeof PROVENANCES)[number]

const CollectorName = Type.String({ minLength: 1, maxLength: 60, pattern: '^[a-z0-9][a-z0-9._-]*$' })

/** Who measures: program, its version, and from where (vantage). Kept with every fact it sends. */
export const CollectorIdentity = Type.Object(
  {
    name: CollectorName,
    version: Type.String({ minLength: 1, maxLength: 40, pattern: '^[\\x21-\\x7e]+$' }),
    vantage: CollectorName,
  },
  { additionalProperties: false, $id: 'CollectorIdentity' },
)

export const LeaseRequest = Type.Object(
  {
    collector: Type.Ref('CollectorIdentity'),
    kinds: Type.Array(literalUnion(WORK_KINDS), { minItems: 1, maxItems: WORK_KINDS.length }),
    max: Type.Integer({ minimum: 1, maximum: MEASUREMENTS_PER_BATCH }),
  },
  { additionalProperties: false, $id: 'LeaseRequest' },
)

export const Lease = Type.Object(
  {
    lease_id: Uuid,
    kind: literalUnion(WORK_KINDS),
    org_unit_id: nullable(OrgUnitId),
    org_kind: nullable(literalUnion(ORG_KINDS, 'Which content rules apply; null when not known or not asked')),
    target_id: nullable(Uuid),
    url: nullable(Url),
    import_id: nullable(Type.Integer({ minimum: 1 })),
    attempt: Type.Integer({ minimum: 1, description: 'Number of this attempt within its round, from 1' }),
    full_handshake: Type.Boolean({ description: 'No TLS session may be resumed: the certificate is due' }),
    expires_at: Instant,
  },
  { additionalProperties: false, $id: 'Lease' },
)

export const LeaseAnswer = Type.Object(
  {
    leases: Type.Array(Type.Ref('Lease')),
    next_due_at: nullable(
      Type.String({ description: 'When work of these kinds is due next; null when none is known' }),
    ),
  },
  { additionalProperties: false, $id: 'LeaseAnswer' },
)

/** Leases that a collector will not finish: it stops, and others should not wait until they run out. */
export const LeaseReturn = Type.Object(
  {
    collector: Type.Ref('CollectorIdentity'),
    lease_ids: Type.Array(Uuid, { minItems: 1, maxItems: MEASUREMENTS_PER_BATCH }),
  },
  { additionalProperties: false, $id: 'LeaseReturn' },
)

export const LeaseReturnAnswer = Type.Object(
  { returned: Type.Integer({ minimum: 0, description: 'Leases that were still its own' }) },
  { additionalProperties: false, $id: 'LeaseReturnAnswer' },
)

/** What the vantage saw of its own link while this batch was measured. */
export const WitnessReport = Type.Object(
  {
    checked_at: Instant,
    witnesses: Type.Integer({ minimum: 0, maximum: 10_000 }),
    reachable: Type.Integer({ minimum: 0, maximum: 10_000 }),
  },
  { additionalProperties: false, $id: 'WitnessReport' },
)

/** Figures that a collector publishes about itself with each batch. */
export const CollectorHealth = Type.Object(
  {
    event_loop_p999_ms: Type.Number({ minimum: 0 }),
    spooled: Type.Integer({
      minimum: 0,
      maximum: 1_000_000_000,
      description: 'Measurements on disk that are not acknowledged yet',
    }),
    memory_mb: Type.Integer({ minimum: 0, maximum: 10_000_000 }),
  },
  { additionalProperties: false, $id: 'CollectorHealth' },
)

/**
 * Up to 1,000 measurements. Each row is judged on its own against SiteCheck or SiteAudit:
 * a malformed row is rejected with its index and never costs the others.
 */
export const Batch = Type.Object(
  {
    collector: Type.Ref('CollectorIdentity'),
    witness: nullable(Type.Ref('WitnessReport')),
    health: nullable(Type.Ref('CollectorHealth')),
    provenance: Type.Optional(
      literalUnion(PROVENANCES, 'Absent: measured. Modelled history is taken only where the settings allow it'),
    ),
    measurements: Type.Array(Type.Unknown(), { maxItems: MEASUREMENTS_PER_BATCH }),
  },
  { additionalProperties: false, $id: 'Batch' },
)

/** Why a row of a batch was not taken. The collector sets such a row aside; it is never sent again. */
export const REJECTION_CODES = [
  'EDU_ROW_INVALID',
  'EDU_ID_REUSED',
  'EDU_TIME_OUT_OF_WINDOW',
  'EDU_TARGET_UNKNOWN',
  'EDU_LEASE_UNKNOWN',
] as const
export type RejectionCode = (typeof REJECTION_CODES)[number]

export const BatchAnswer = Type.Object(
  {
    accepted: Type.Integer({ minimum: 0 }),
    duplicate: Type.Integer({ minimum: 0 }),
    rejected: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ minimum: 0 }),
          id: nullable(Type.String()),
          code: literalUnion(REJECTION_CODES),
          message: Type.String(),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false, $id: 'BatchAnswer' },
)

export type CollectorIdentity = Type.Static<typeof CollectorIdentity>
export type Lease = Type.Static<typeof Lease>
export type WitnessReport = Type.Static<typeof WitnessReport>
export type CollectorHealth = Type.Static<typeof CollectorHealth>
export type BatchAnswer = Type.Static<typeof BatchAnswer>
export type LeaseRequest = Omit<Type.Static<typeof LeaseRequest>, 'collector'> & { collector: CollectorIdentity }
export type LeaseReturn = { collector: CollectorIdentity; lease_ids: string[] }
export type LeaseReturnAnswer = Type.Static<typeof LeaseReturnAnswer>
export type LeaseAnswer = { leases: Lease[]; next_due_at: string | null }
export type Batch = {
  collector: CollectorIdentity
  witness: WitnessReport | null
  health: CollectorHealth | null
  provenance?: Provenance
  measurements: unknown[]
}
