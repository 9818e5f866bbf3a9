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
    download: nullable(RecordedDirection),
    upload: nullable(RecordedDirection),
    client_address: Type.String({ maxLength: 45 }),
  },
  { additionalProperties: false, $id: 'MeasurementRecord' },
)
export type MeasurementRecord = Type.Static<typeof MeasurementRecord>
