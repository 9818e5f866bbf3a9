import Type from 'typebox'
import { PROVENANCES, type Provenance } from './collector-api.ts'
import { ByteCount, Instant, literalUnion, Milliseconds, nullable, OrgUnitId, Uuid } from './primitives.ts'
import { SPEED_CAUSES } from './speed-causes.ts'

/** By a program on a school's computer, or by a page in a browser, whose results are a lower bound near its own limit. */
export const SPEED_METHODS = ['agent', 'browser'] as const
export type SpeedMethod = (typeof SPEED_METHODS)[number]

export const CONNECTION_MEDIA = ['wired', 'wifi', 'cellular', 'unknown'] as const
export const POWER_STATES = ['mains', 'battery', 'unknown'] as const
export const ADDRESS_FAMILIES = ['ipv4', 'ipv6'] as const

export const SPEED_TESTS_PER_BATCH = 500

/** Bits of a thousand per second: what is stored and compared; Мбит/с is for the screen. */
export const Kbps = Type.Integer({
  minimum: 0,
  maximum: 1_000_000_000,
  description: 'Kilobits (1,000 bits) per second',
})

/** What else was the case while a test ran. Null: it could not be found out. */
export const SpeedContext = Type.Object(
  {
    medium: literalUnion(CONNECTION_MEDIA),
    wifi_signal_percent: nullable(Type.Integer({ minimum: 0, maximum: 100 })),
    link_kbps: nullable(Kbps),
    own_received_bytes: nullable(ByteCount),
    own_sent_bytes: nullable(ByteCount),
    power: literalUnion(POWER_STATES),
    address_family: nullable(literalUnion(ADDRESS_FAMILIES)),
    through_proxy: nullable(Type.Boolean()),
  },
  { additionalProperties: false, $id: 'SpeedContext' },
)

/** One direction as the client saw it. */
export const SpeedDirection = Type.Object(
  { bytes: ByteCount, duration_ms: Milliseconds, kbps: Kbps },
  { additionalProperties: false, $id: 'SpeedDirection' },
)

/**
 * One test of one building; written to the queue once and never rewritten. A test that failed has a cause and no
 * figures; a direction that was not reached is null.
 */
export const SpeedTest = Type.Object(
  {
    id: Uuid,
    org_unit_id: OrgUnitId,
    method: literalUnion(SPEED_METHODS),
    started_at: Instant,
    ticket_id: nullable(Uuid),
    download: nullable(SpeedDirection),
    upload: nullable(SpeedDirection),
    min_rtt_us: nullable(
      Type.Integer({ minimum: 1, maximum: 60_000_000, description: 'Shortest round trip, microseconds' }),
    ),
    cause: nullable(literalUnion(SPEED_CAUSES, 'Null exactly when both directions are there')),
    retest_of: nullable(Uuid),
    context: SpeedContext,
    agent_version: Type.String({ minLength: 1, maxLength: 40, pattern: '^[\\x21-\\x7e]+$' }),
  },
  { additionalProperties: false, $id: 'SpeedTest' },
)
export type SpeedTest = Type.Static<typeof SpeedTest>
export type SpeedContext = Type.Static<typeof SpeedContext>
export type SpeedDirection = Type.Static<typeof SpeedDirection>

/** Whether the server was reached in one hour; sent once, when the hour is over. Hours without a word have none. */
export const PingHour = Type.Object(
  {
    id: Uuid,
    org_unit_id: OrgUnitId,
    hour_at: Instant,
    sent: Type.Integer({ minimum: 0, maximum: 3600 }),
    answered: Type.Integer({ minimum: 0, maximum: 3600 }),
  },
  { additionalProperties: false, $id: 'PingHour' },
)
export type PingHour = Type.Static<typeof PingHour>

/**
 * Tests and hours of pings of one agent, in the order that they were made. Each row is judged on its own against
 * SpeedTest or PingHour: a malformed one is rejected with its index and never costs the others.
 */
export const SpeedBatch = Type.Object(
  {
    agent_id: Uuid,
    provenance: Type.Optional(
      literalUnion(PROVENANCES, 'Absent: measured. Modelled history is taken only where the settings allow it'),
    ),
    tests: Type.Array(Type.Unknown(), { maxItems: SPEED_TESTS_PER_BATCH }),
    pings: Type.Array(Type.Unknown(), { maxItems: SPEED_TESTS_PER_BATCH }),
  },
  { additionalProperties: false, $id: 'SpeedBatch' },
)
export interface SpeedBatch {
  agent_id: string
  provenance?: Provenance
  tests: unknown[]
  pings: unknown[]
}

/** Why a row of a batch was not taken. The agent sets such a row aside; it is never sent again. */
export const SPEED_REJECTION_CODES = [
  'EDU_ROW_INVALID',
  'EDU_ID_REUSED',
  'EDU_TIME_OUT_OF_WINDOW',
  /** The building is not one of the school that the token is for. */
  'EDU_UNIT_FOREIGN',
  /** The ticket was given for another building or another test. */
  'EDU_TICKET_FOREIGN',
] as const
export type SpeedRejectionCode = (typeof SPEED_REJECTION_CODES)[number]

const SpeedRejection = Type.Object(
  {
    list: literalUnion(['tests', 'pings']),
    index: Type.Integer({ minimum: 0 }),
    id: nullable(Type.String()),
    code: literalUnion(SPEED_REJECTION_CODES),
    message: Type.String(),
  },
  { additionalProperties: false },
)

export const SpeedBatchAnswer = Type.Object(
  {
    accepted: Type.Integer({ minimum: 0 }),
    duplicate: Type.Integer({ minimum: 0 }),
    rejected: Type.Array(SpeedRejection),
  },
  { additionalProperties: false, $id: 'SpeedBatchAnswer' },
)
export type SpeedBatchAnswer = Type.Static<typeof SpeedBatchAnswer>
