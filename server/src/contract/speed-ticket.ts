import Type from 'typebox'
import { ByteCount, Instant, literalUnion, Milliseconds, nullable, OrgUnitId, Url, Uuid } from './primitives.ts'

/** An agent asks for leave to test one of its school's buildings. */
export const TicketRequest = Type.Object(
  { org_unit_id: OrgUnitId },
  { additionalProperties: false, $id: 'TicketRequest' },
)
export type TicketRequest = Type.Static<typeof TicketRequest>

/** Leave for one test, in both directions, at one measurement server. */
export const Ticket = Type.Object(
  {
    ticket_id: Uuid,
    access_token: Type.String({
      description: 'To be passed to the measurement server as access_token, once per direction',
    }),
    server_url: Url,
    expires_at: Instant,
  },
  { additionalProperties: false, $id: 'Ticket' },
)
export type Ticket = Type.Static<typeof Ticket>

/** How one direction ended, as the measurement server saw it. */
export const TEST_ENDS = ['complete', 'closed_early', 'cut_off', 'broken'] as const
export type TestEnd = (typeof TEST_ENDS)[number]

/** One direction as the measurement server saw it. */
export const RecordedDirection = Type.Object(
  { end: literalUnion(TEST_ENDS), bytes: ByteCount, duration_ms: Milliseconds },
  { additionalProperties: false, $id: 'RecordedDirection' },
)
export type RecordedDirection = Type.Static<typeof RecordedDirection>

/** What the measurement server saw of the test that a ticket was given for; null: that direction never began. */
export const MeasurementRecord = Type.Object(
  {
    ticket_id: Uuid,
    started_at: Instant,
    download: nullable(Type.Ref('RecordedDirection')),
    upload: nullable(Type.Ref('RecordedDirection')),
    client_address: Type.String({ maxLength: 45 }),
  },
  { additionalProperties: false, $id: 'MeasurementRecord' },
)
export interface MeasurementRecord {
  ticket_id: string
  started_at: string
  download: RecordedDirection | null
  upload: RecordedDirection | null
  client_address: string
}

/** The public key that measurement servers tell tickets by. */
export const TicketKey = Type.Object(
  {
    key_id: Type.String({ minLength: 1, maxLength: 100, description: 'As tickets name it in "kid"' }),
    public_key: Type.Object(
      { kty: Type.Literal('OKP'), crv: Type.Literal('Ed25519'), x: Type.String({ minLength: 43, maxLength: 43 }) },
      { additionalProperties: false, description: 'JSON Web Key' },
    ),
  },
  { additionalProperties: false, $id: 'TicketKey' },
)
export type TicketKey = Type.Static<typeof TicketKey>

export const RECORDS_PER_BATCH = 500

/** What a measurement server saw; records that were handed in before are passed over. */
export const RecordBatch = Type.Object(
  { records: Type.Array(Type.Ref('MeasurementRecord'), { minItems: 1, maxItems: RECORDS_PER_BATCH }) },
  { additionalProperties: false, $id: 'RecordBatch' },
)
export interface RecordBatch {
  records: MeasurementRecord[]
}

export const RecordBatchAnswer = Type.Object(
  {
    accepted: Type.Integer({ minimum: 0 }),
    duplicate: Type.Integer({ minimum: 0, description: 'Handed in before' }),
    unknown: Type.Integer({ minimum: 0, description: 'Of tickets that are not, or no longer, known' }),
  },
  { additionalProperties: false, $id: 'RecordBatchAnswer' },
)
export type RecordBatchAnswer = Type.Static<typeof RecordBatchAnswer>
