import Type from 'typebox'
import { Day, FOUNDER_KINDS, Instant, literalUnion, nullable, Offset, OrgUnitId, Sha256 } from '../../contract/index.ts'
import { SPEED_CAUSES } from '../../contract/speed-causes.ts'
import { SILENCE_CLASSES } from '../../domain/building-silence.ts'
import { CONTRACT_VERDICTS } from '../../domain/contract-verdict.ts'
import { NORM_REASONS, NORM_VERDICTS } from '../../domain/internet-norm.ts'
import { SETTLEMENT_KINDS } from '../../domain/internet-rules.ts'
import { EXCLUDING_STATUSES } from '../../indicators/exclusions.ts'
import { SPEED_TERMS, TECHNOLOGIES } from '../../domain/connection-kinds.ts'
import { CAPACITY_VERDICTS } from '../../speed-verdicts/judge-place.ts'
import { SILENCE_CAUSES } from '../../speed-verdicts/place-silence.ts'

const count = Type.Integer({ minimum: 0 })
const text = nullable(Type.String())
const kbps = nullable(Type.Integer({ minimum: 0, description: 'Kilobits (1,000 bits) per second' }))
const share = nullable(Type.Number({ minimum: 0, maximum: 1 }))
const instant = nullable(Instant)
const settlement_kind = nullable(literalUnion(SETTLEMENT_KINDS))

const MeasuredSpeed = Type.Object(
  {
    median_download_kbps: kbps,
    median_upload_kbps: kbps,
    tests: Type.Integer({ minimum: 0, description: 'Valid tests that the verdicts rest on' }),
    first_test_at: instant,
    last_test_at: instant,
    tests_sha256: Sha256,
  },
  { $id: 'MeasuredSpeed', description: 'Of the valid tests of the period alone' },
)

const NormView = Type.Object(
  {
    verdict: literalUnion(NORM_VERDICTS),
    reason: nullable(literalUnion(NORM_REASONS, 'Why there is no verdict, or what it rests on besides tests')),
    norm_kbps: kbps,
    occasions: Type.Integer({ minimum: 0, description: 'Looks at the line: a test with its retests is one' }),
    unconfirmed_low: Type.Integer({ minimum: 0, description: 'Low ones that no retest confirmed: they accuse nobody' }),
  },
  { $id: 'NormView' },
)

const ContractView = Type.Object(
  {
    verdict: literalUnion(CONTRACT_VERDICTS),
    occasions: count,
    reached: count,
    unconfirmed_low: count,
    share,
    share_low: share,
    share_high: share,
    provider: text,
    technology: nullable(literalUnion(TECHNOLOGIES, 'Null: no contract holds on the day')),
    download_kbps: kbps,
    upload_kbps: kbps,
    speed_terms: nullable(literalUnion(SPEED_TERMS)),
    has_guaranteed_traffic: nullable(Type.Boolean()),
    contract_number: text,
    valid_from: nullable(Day),
    valid_to: nullable(Day),
  },
  { $id: 'ContractView', description: 'Verdict on the period with its interval at 95 %, and the contract of the day' },
)

const silence = {
  silence: literalUnion(SILENCE_CLASSES),
  missed_days: Type.Integer({ minimum: 0, description: 'School days without a word' }),
  heard_at: instant,
  likely_cause: nullable(literalUnion(SILENCE_CAUSES)),
  test_cause: nullable(literalUnion(SPEED_CAUSES, 'Why the last test came to no result')),
}

const place = {
  org_unit_id: OrgUnitId,
  short_name: Type.String(),
  address: text,
  settlement_kind,
  status: nullable(literalUnion(EXCLUDING_STATUSES, 'Excuses the building on the day')),
}

const BuildingVerdicts = Type.Object(
  {
    ...place,
    latitude: nullable(Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north, WGS 84' })),
    longitude: nullable(Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east, WGS 84' })),
    norm: Type.Ref('NormView'),
    contract: Type.Ref('ContractView'),
    measured: Type.Ref('MeasuredSpeed'),
    capacity: Type.Object({
      verdict: literalUnion(CAPACITY_VERDICTS),
      computers: nullable(count),
      mbps_per_computer: nullable(Type.Number({ minimum: 0 })),
    }),
    self_reported: nullable(Type.Object({ reported_on: Day, download_kbps: count, upload_kbps: kbps, method: text })),
    silence: Type.Object(silence),
  },
  { $id: 'BuildingVerdicts', description: 'Contract, self-reported and measured speed, each in a field of its own' },
)

const OrganisationVerdicts = Type.Object(
  {
    org_unit_id: OrgUnitId,
    short_name: Type.String(),
    municipality_id: nullable(OrgUnitId),
    founder_kind: nullable(Type.String()),
    norm_verdict: nullable(literalUnion(NORM_VERDICTS, 'By its worst building; null: all are excused')),
    worst_unit_id: nullable(OrgUnitId),
    buildings: Type.Array(Type.Ref('BuildingVerdicts')),
  },
  { $id: 'OrganisationVerdicts' },
)

const standing = {
  known_at_change_set_no: count,
  territory: Type.Ref('FigureTerritory'),
  founder_kind: nullable(literalUnion(FOUNDER_KINDS, 'Null: all founders')),
  is_approved: Type.Boolean(),
  period: Type.Ref('ShownPeriod'),
}

const InternetVerdicts = Type.Object(
  {
    ...standing,
    organisations: Type.Integer({ minimum: 0, description: 'In all; rows are a page of them' }),
    rows: Type.Array(Type.Ref('OrganisationVerdicts')),
  },
  { $id: 'InternetVerdicts' },
)

const ProviderVerdicts = Type.Object(
  {
    provider: text,
    technology: nullable(literalUnion(TECHNOLOGIES, 'Null: no contract holds')),
    buildings: count,
    contract: Type.Record(Type.String(), count, { description: 'Buildings by verdict on their contract' }),
    norm: Type.Record(Type.String(), count, { description: 'Buildings by verdict on the norm' }),
    median_contract_kbps: kbps,
    median_measured_kbps: nullable(
      Type.Integer({ minimum: 0, description: "Median of the buildings' own medians; null: none is measured" }),
    ),
  },
  { $id: 'ProviderVerdicts' },
)

const InternetByProvider = Type.Object(
  { ...standing, rows: Type.Array(Type.Ref('ProviderVerdicts')) },
  { $id: 'InternetByProvider' },
)

const SilentBuilding = Type.Object(
  {
    ...place,
    organisation_id: OrgUnitId,
    organisation_name: Type.String(),
    municipality_id: nullable(OrgUnitId),
    ...silence,
  },
  { $id: 'SilentBuilding' },
)

const SilentBuildings = Type.Object(
  {
    ...standing,
    classes: Type.Record(Type.String(), count, { description: 'Buildings by class, all of them' }),
    rows: Type.Array(Type.Ref('SilentBuilding'), { description: 'Those to look after, the longest silent first' }),
  },
  { $id: 'SilentBuildings' },
)

const ConnectionContract = Type.Object(
  {
    org_unit_id: OrgUnitId,
    short_name: Type.String(),
    valid_from: Day,
    valid_to: nullable(Day),
    provider: text,
    technology: literalUnion(TECHNOLOGIES),
    download_kbps: kbps,
    upload_kbps: kbps,
    speed_terms: nullable(literalUnion(SPEED_TERMS)),
    has_guaranteed_traffic: nullable(Type.Boolean()),
    monthly_price_kopecks: nullable(count),
    contract_number: text,
    document: text,
    source_place: nullable(Type.String({ description: 'Sheet and row of the file that it came from' })),
    change_set_no: count,
    is_current: Type.Boolean({ description: 'Holds on the day; of several the one that began last' }),
  },
  { $id: 'ConnectionContract' },
)

const ContractSeam = Type.Object(
  {
    org_unit_id: OrgUnitId,
    short_name: Type.String(),
    kind: literalUnion(['overlap', 'gap']),
    first_day: Day,
    last_day: nullable(Type.String({ description: 'Calendar day, YYYY-MM-DD; null: it goes on' })),
    before_number: text,
    after_number: text,
  },
  { $id: 'ContractSeam', description: 'Days on which two contracts of a building hold at once, or none does' },
)

const ConnectionContractList = Type.Object(
  {
    known_at_change_set_no: count,
    rows: Type.Array(Type.Ref('ConnectionContract'), { description: 'By building and first day' }),
    seams: Type.Array(Type.Ref('ContractSeam')),
  },
  { $id: 'ConnectionContractList' },
)

export const ContractParams = Type.Object({ id: OrgUnitId })
export type ContractParams = Type.Static<typeof ContractParams>

export const INTERNET_VERDICT_SCHEMAS = [
  ...[MeasuredSpeed, NormView, ContractView, BuildingVerdicts, OrganisationVerdicts, InternetVerdicts],
  ...[ProviderVerdicts, InternetByProvider, SilentBuilding, SilentBuildings],
  ...[ConnectionContract, ContractSeam, ConnectionContractList],
]

export const InternetQuery = Type.Object({
  territory_id: Type.Optional(OrgUnitId),
  period: Type.Optional(Type.String({ maxLength: 20, description: 'A month or a quarter; absent: the running month' })),
  known_at: Type.Optional(Type.String({ maxLength: 40, description: 'As known on, RFC 3339; absent: known now' })),
  founder_kind: Type.Optional(literalUnion(FOUNDER_KINDS)),
})
export type InternetQuery = Type.Static<typeof InternetQuery>

export const VerdictPageQuery = Type.Object({
  ...InternetQuery.properties,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000, description: 'Organisations, default 500' })),
  offset: Type.Optional(Offset),
})
export type VerdictPageQuery = Type.Static<typeof VerdictPageQuery>

export const ContractQuery = Type.Object({ known_at: InternetQuery.properties.known_at })
export type ContractQuery = Type.Static<typeof ContractQuery>
