import Type from 'typebox'
import {
  ADDRESS_FAMILIES,
  CONNECTION_MEDIA,
  Instant,
  Kbps,
  literalUnion,
  nullable,
  OrgUnitId,
  POWER_STATES,
  PROVENANCES,
  SPEED_CAUSES,
  SPEED_METHODS,
  Uuid,
} from '../../contract/index.ts'
import { TECHNOLOGIES } from '../../domain/connection-kinds.ts'
import { SETTLEMENT_KINDS } from '../../domain/internet-rules.ts'
import { RELATIVE_ERROR } from '../../domain/log-histogram.ts'
import { TEST_VALIDITIES } from '../../domain/test-validity.ts'
import { NO_PROVIDER } from './filter-places.ts'

const count = Type.Integer({ minimum: 0 })
const knownAt = Type.Integer({ minimum: 0, description: 'Change set up to which the answer is known' })
const error = Type.Number({
  description: `Percentiles are within this share of their value: ${RELATIVE_ERROR.toFixed(4)}`,
})
const known_at = Type.Optional(Type.String({ description: '"As known on", RFC 3339; absent: now' }))
const periodShown = Type.String({ description: 'Code of the period' })
const figure = (description: string) => nullable(Type.Integer({ minimum: 0, description }))

export const SpeedSumsQuery = Type.Object({
  known_at,
  territory_id: Type.Optional(OrgUnitId),
  period: Type.Optional(
    Type.String({ description: 'Code of a month, quarter, year or school year; absent: this month' }),
  ),
  settlement: Type.Optional(literalUnion([...SETTLEMENT_KINDS, 'unknown'])),
  provider: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 300,
      description: `By the contract of the day; ${NO_PROVIDER}: none holds`,
    }),
  ),
  technology: Type.Optional(literalUnion(TECHNOLOGIES)),
})
export type SpeedSumsQuery = Type.Static<typeof SpeedSumsQuery>

const DistributionRow = Type.Object(
  {
    settlement_kind: literalUnion([...SETTLEMENT_KINDS, 'unknown']),
    norm_kbps: nullable(Kbps),
    tests: count,
    at_norm: nullable(Type.Integer({ minimum: 0, description: 'Of them at or above the norm, exactly' })),
    p10_kbps: figure('Tenth percentile of downloads'),
    median_kbps: figure('Median of downloads'),
    p90_kbps: figure('Ninetieth percentile of downloads'),
    bars: Type.Array(Type.Object({ from_kbps: count, to_kbps: count, tests: count }), {
      description:
        'Thirds of octaves without a gap: from_kbps is in the bar, to_kbps in the next; both norms are edges',
    }),
  },
  { $id: 'SpeedDistributionRow' },
)

export const SpeedDistribution = Type.Object(
  {
    known_at_change_set_no: knownAt,
    period: periodShown,
    relative_error: error,
    rows: Type.Array(Type.Ref('SpeedDistributionRow'), { description: 'Kinds of settlement, those without tests too' }),
  },
  { $id: 'SpeedDistribution' },
)

export const SpeedHeatmap = Type.Object(
  {
    known_at_change_set_no: knownAt,
    period: periodShown,
    relative_error: error,
    rows: Type.Array(
      Type.Object({
        weekday: Type.Integer({ minimum: 1, maximum: 7, description: 'Monday is 1' }),
        local_hour: Type.Integer({ minimum: 0, maximum: 23 }),
        tests: count,
        median_kbps: count,
      }),
      { description: 'Hours of the week that have valid tests' },
    ),
  },
  { $id: 'SpeedHeatmap' },
)

const SpeedTestRow = Type.Object(
  {
    test_id: Uuid,
    org_unit_id: OrgUnitId,
    tested_at: Instant,
    method: literalUnion(SPEED_METHODS),
    validity: literalUnion(TEST_VALIDITIES),
    cause: nullable(literalUnion(SPEED_CAUSES)),
    download_kbps: nullable(Kbps),
    upload_kbps: nullable(Kbps),
    min_rtt_us: nullable(count),
    server_download_kbps: nullable(count),
    server_upload_kbps: nullable(count),
    retest_of: nullable(Uuid),
    medium: literalUnion(CONNECTION_MEDIA),
    wifi_signal_percent: nullable(count),
    link_kbps: nullable(Kbps),
    own_received_bytes: nullable(count),
    own_sent_bytes: nullable(count),
    power: literalUnion(POWER_STATES),
    address_family: nullable(literalUnion(ADDRESS_FAMILIES)),
    through_proxy: nullable(Type.Boolean()),
    agent_version: Type.String(),
    provenance: literalUnion(PROVENANCES),
    change_set_no: count,
  },
  { $id: 'SpeedTestRow' },
)

export const SpeedTestList = Type.Object(
  {
    known_at_change_set_no: knownAt,
    rows: Type.Array(Type.Ref('SpeedTestRow'), { description: 'Newest first' }),
    next_before: nullable(Type.String({ description: 'Of the next page; null: this is the last' })),
  },
  { $id: 'SpeedTestList' },
)

export const SpeedTestsQuery = Type.Object({
  known_at,
  validity: Type.Optional(literalUnion(TEST_VALIDITIES)),
  building_id: Type.Optional({ ...OrgUnitId, description: 'Of one building alone' }),
  before: Type.Optional(
    Type.String({
      pattern: '^[0-9TZ:.-]{20,24}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
      description: 'next_before of the page before',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100' })),
})
export type SpeedTestsQuery = Type.Static<typeof SpeedTestsQuery>

const BuildingInternet = Type.Object(
  {
    org_unit_id: OrgUnitId,
    name: Type.String(),
    kind: literalUnion(['organisation', 'branch', 'building']),
    settlement_kind: nullable(literalUnion(SETTLEMENT_KINDS)),
    norm_kbps: nullable(Kbps),
    heard_at: nullable(Type.String({ description: 'Newest test, or end of the newest hour with an answered ping' })),
    agent_version: nullable(Type.String()),
    last_tested_at: nullable(Instant),
    last_validity: nullable(literalUnion(TEST_VALIDITIES)),
    last_cause: nullable(literalUnion(SPEED_CAUSES)),
    valid_tested_at: nullable(Type.String({ description: 'Newest valid test; the three figures are its' })),
    download_kbps: nullable(Kbps),
    upload_kbps: nullable(Kbps),
    min_rtt_us: nullable(count),
    validity_counts: Type.Array(Type.Object({ validity: literalUnion(TEST_VALIDITIES), tests: count }), {
      description: 'Tests of the last 30 days',
    }),
    tests: Type.Array(Type.Ref('SpeedTestRow'), { description: 'Newest tests, newest first' }),
  },
  { $id: 'BuildingInternet' },
)

export const OrgUnitInternet = Type.Object(
  {
    known_at_change_set_no: knownAt,
    org_unit_id: OrgUnitId,
    buildings: Type.Array(Type.Ref('BuildingInternet'), { description: 'The organisation itself among them' }),
  },
  { $id: 'OrgUnitInternet' },
)

export const KnownAtQuery = Type.Object({ known_at })
export type KnownAtQuery = Type.Static<typeof KnownAtQuery>

export const INTERNET_SCHEMAS = [
  ...[DistributionRow, SpeedDistribution, SpeedHeatmap],
  ...[SpeedTestRow, SpeedTestList, BuildingInternet, OrgUnitInternet],
]
