import Type from 'typebox'
import {
  Day,
  FOUNDER_KINDS,
  Instant,
  literalUnion,
  nullable,
  ORG_KINDS,
  Offset,
  OrgUnitId,
  Uuid,
} from '../../contract/index.ts'

export const ORG_UNIT_KINDS = ['region', 'municipality', 'city_district', 'organisation', 'branch', 'building'] as const
export const STATUSES = [
  'works',
  'capital_repair',
  'suspended',
  'quarantine',
  'holidays',
  'distance_mode',
  'closed',
] as const
const SETTLEMENT_KINDS = ['city', 'urban_settlement', 'village'] as const
const SUCCESSION_KINDS = ['merge', 'split', 'rename', 'move'] as const

const text = nullable(Type.String())
const knownAt = Type.Integer({ minimum: 0, description: 'Change set up to which the answer is known' })

const identity = {
  org_unit_id: OrgUnitId,
  kind: literalUnion(ORG_UNIT_KINDS),
}

const described = {
  parent_id: nullable(OrgUnitId),
  municipality_id: nullable(OrgUnitId),
  full_name: Type.String(),
  short_name: Type.String(),
  org_kind: nullable(literalUnion(ORG_KINDS)),
  founder_kind: nullable(literalUnion(FOUNDER_KINDS)),
  inn: text,
  ogrn: text,
  kpp: text,
  oktmo: text,
  settlement_kind: nullable(literalUnion(SETTLEMENT_KINDS)),
  settlement_name: text,
  address: text,
  latitude: nullable(Type.Number()),
  longitude: nullable(Type.Number()),
  cadastral_number: text,
  is_closed: Type.Boolean(),
}

const named = {
  municipality_name: nullable(Type.String({ description: 'Short name of the municipality' })),
  city_district_id: nullable(OrgUnitId),
  city_district_name: text,
}

const site = {
  target_id: nullable(Uuid),
  site_url: nullable(Type.String({ description: 'Own site; null: none is known' })),
  site_host: text,
}

export const OrgUnitRow = Type.Object(
  {
    ...identity,
    ...described,
    ...named,
    ...site,
    branches: Type.Integer({ minimum: 0 }),
    buildings: Type.Integer({ minimum: 0 }),
    status: nullable(literalUnion(STATUSES, 'Dated state that holds on the day; null: it simply works')),
  },
  { $id: 'OrgUnitRow' },
)

export const OrgUnitList = Type.Object(
  {
    day: Day,
    known_at_change_set_no: knownAt,
    total: Type.Integer({ minimum: 0, description: 'Units that match, regardless of the page' }),
    rows: Type.Array(Type.Ref('OrgUnitRow')),
  },
  { $id: 'OrgUnitList' },
)

export const OrgUnitVersion = Type.Object(
  {
    valid_from: Day,
    change_set_no: Type.Integer({ minimum: 1 }),
    recorded_at: Instant,
    actor: Type.String(),
    source_kind: Type.String(),
    source_id: Type.String(),
    source_place: text,
    ...described,
    ...named,
  },
  { $id: 'OrgUnitVersion' },
)

export const OrgUnitStatusEntry = Type.Object(
  {
    valid_from: Day,
    valid_to: nullable(Day),
    status: literalUnion(STATUSES),
    order_number: text,
    change_set_no: Type.Integer({ minimum: 1 }),
    recorded_at: Instant,
    actor: Type.String(),
  },
  { $id: 'OrgUnitStatusEntry' },
)

export const OrgUnitSuccessionEntry = Type.Object(
  {
    predecessor_id: OrgUnitId,
    predecessor_name: Type.String(),
    successor_id: OrgUnitId,
    successor_name: Type.String(),
    effective_on: Day,
    kind: literalUnion(SUCCESSION_KINDS),
    document: text,
    change_set_no: Type.Integer({ minimum: 1 }),
  },
  { $id: 'OrgUnitSuccessionEntry' },
)

export const OrgUnitTarget = Type.Object(
  {
    target_id: Uuid,
    kind: literalUnion(['site', 'portal']),
    url: Type.String(),
    host: Type.String(),
    valid_from: Day,
    retired_on: nullable(Day),
    predecessor_target_id: nullable(Uuid),
  },
  { $id: 'OrgUnitTarget' },
)

export const OrgUnitCard = Type.Object(
  {
    day: Day,
    known_at_change_set_no: knownAt,
    unit: Type.Ref('OrgUnitRow'),
    ancestors: Type.Array(Type.Object({ ...identity, short_name: Type.String() }), {
      description: 'From the region down to the unit above',
    }),
    children: Type.Array(Type.Ref('OrgUnitRow'), { description: 'Branches and buildings' }),
    targets: Type.Array(Type.Ref('OrgUnitTarget'), { description: 'Newest first, retired ones included' }),
    versions: Type.Array(Type.Ref('OrgUnitVersion'), { description: 'Newest first' }),
    statuses: Type.Array(Type.Ref('OrgUnitStatusEntry'), { description: 'Newest first' }),
    successions: Type.Array(Type.Ref('OrgUnitSuccessionEntry')),
  },
  { $id: 'OrgUnitCard' },
)

export const Territory = Type.Object(
  {
    org_unit_id: OrgUnitId,
    kind: literalUnion(['region', 'municipality', 'city_district']),
    parent_id: nullable(OrgUnitId),
    name: Type.String(),
    short_name: Type.String(),
    oktmo: text,
    latitude: nullable(Type.Number()),
    longitude: nullable(Type.Number()),
    organisations: Type.Integer({ minimum: 0, description: 'Organisations in it, branches and buildings not counted' }),
  },
  { $id: 'Territory' },
)

export const TerritoryList = Type.Object(
  {
    day: Day,
    known_at_change_set_no: knownAt,
    rows: Type.Array(Type.Ref('Territory'), {
      description: 'Region, then municipalities, then city districts, by name',
    }),
  },
  { $id: 'TerritoryList' },
)

export const RegistryViewQuery = Type.Object({
  day: Type.Optional(Day),
  known_at: Type.Optional(Type.String({ description: 'As known on, RFC 3339' })),
})

export const OrgUnitListQuery = Type.Object({
  ...RegistryViewQuery.properties,
  territory_id: Type.Optional(OrgUnitId),
  kind: Type.Optional(Type.Array(literalUnion(ORG_UNIT_KINDS), { maxItems: 6, description: 'Default: organisation' })),
  org_kind: Type.Optional(Type.Array(literalUnion(ORG_KINDS), { maxItems: 5 })),
  founder_kind: Type.Optional(Type.Array(literalUnion(FOUNDER_KINDS), { maxItems: 4 })),
  text: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name, address, code or site' })),
  with_closed: Type.Optional(Type.Boolean()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Default 5000' })),
  offset: Type.Optional(Offset),
})

export const StatusEntry = Type.Object(
  {
    status: literalUnion(STATUSES),
    valid_from: Day,
    valid_to: nullable(Day),
    order_number: nullable(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false, $id: 'StatusEntry' },
)

export const SuccessionEntry = Type.Object(
  {
    successor_id: OrgUnitId,
    effective_on: Day,
    kind: literalUnion(SUCCESSION_KINDS),
    document: nullable(Type.String({ minLength: 1, maxLength: 500 })),
  },
  { additionalProperties: false, $id: 'SuccessionEntry' },
)

export const EditAnswer = Type.Object({ change_set_no: Type.Integer({ minimum: 1 }) }, { $id: 'EditAnswer' })

export const OrgUnitParams = Type.Object({ id: OrgUnitId })

export type OrgUnitListQuery = Type.Static<typeof OrgUnitListQuery>
export type StatusEntry = Type.Static<typeof StatusEntry>
export type SuccessionEntry = Type.Static<typeof SuccessionEntry>

/** Every schema that answers or bodies of this resource name by reference. */
export const ORG_UNIT_SCHEMAS = [
  OrgUnitRow,
  OrgUnitList,
  OrgUnitVersion,
  OrgUnitStatusEntry,
  OrgUnitSuccessionEntry,
  OrgUnitTarget,
  OrgUnitCard,
  Territory,
  TerritoryList,
  StatusEntry,
  SuccessionEntry,
  EditAnswer,
]
