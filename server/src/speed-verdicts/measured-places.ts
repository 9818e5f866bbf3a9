import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { orgUnitsOn, unitIdsEverWithin, unitIdsOfKinds, type RegistryView } from '../db/registry-as-known.ts'
import type { FounderKind } from '../contract/index.ts'
import type { SettlementKind } from '../domain/internet-rules.ts'

/** A place whose line is measured: a building, or an organisation or branch that has none of its own. */
export interface MeasuredPlace {
  org_unit_id: number
  kind: 'organisation' | 'branch' | 'building'
  /** Ids from the region down to the place, on the view's day. */
  path: number[]
  municipality_id: number | null
  short_name: string
  address: string | null
  settlement_kind: SettlementKind | null
  /** Degrees, WGS 84; null together when nobody has said where it stands. */
  latitude: number | null
  longitude: number | null
  /** The legal entity that it belongs to. */
  organisation_id: number
  organisation_name: string
  founder_kind: FounderKind | null
  /** The organisation has no other place. */
  is_only: boolean
}

interface UnitRow {
  org_unit_id: number
  kind: MeasuredPlace['kind']
  parent_id: number | null
  path: number[]
  municipality_id: number | null
  short_name: string
  address: string | null
  settlement_kind: SettlementKind | null
  latitude: number | null
  longitude: number | null
  org_kind: string | null
  founder_kind: FounderKind | null
}

/** The norm speaks of general and secondary vocational education; of an unknown kind it may be either. */
const OTHER_KINDS: ReadonlySet<string> = new Set(['additional', 'preschool', 'centre'])

/** The legal entity that a unit belongs to on the view's day; of a territory itself. */
async function findWhole(db: ReadExecutor, view: RegistryView, org_unit_id: number): Promise<number> {
  const unit = orgUnitsOn(db, view, sql<number>`(${org_unit_id}::bigint)`)
  const above = await db
    .selectFrom('org_unit')
    .where('kind', '=', 'organisation')
    .where(sql<boolean>`org_unit_id IN (SELECT unnest(unit.path) FROM (${unit}) AS unit)`)
    .select('org_unit_id')
    .executeTakeFirst()
  return above?.org_unit_id ?? org_unit_id
}

/** Open units of the territory; of a building asked about all that its organisation has. */
async function listUnits(db: ReadExecutor, view: RegistryView, territory_id: number | null): Promise<UnitRow[]> {
  const kinds = ['organisation', 'branch', 'building']
  const only =
    territory_id === null ? unitIdsOfKinds(kinds) : unitIdsEverWithin([await findWhole(db, view, territory_id)])
  return db
    .selectFrom(orgUnitsOn(db, view, only).as('version'))
    .innerJoin('org_unit', 'org_unit.org_unit_id', 'version.org_unit_id')
    .where('org_unit.kind', 'in', kinds)
    .where('version.is_closed', '=', false)
    .select(['version.org_unit_id', 'org_unit.kind', 'version.parent_id', 'version.path', 'version.municipality_id'])
    .select(['version.short_name', 'version.address', 'version.settlement_kind', 'version.org_kind'])
    .select(['version.founder_kind', 'version.latitude', 'version.longitude'])
    .orderBy('version.org_unit_id')
    .$narrowType<Pick<UnitRow, 'kind' | 'settlement_kind' | 'founder_kind'>>()
    .execute()
}

/**
 * Places of a territory whose line is to be measured, on the view's day and as its scope shows them, by id. Founder and
 * kind are those of the organisation: a building has none of its own.
 * @param territory_id null: the whole region
 */
export async function listMeasuredPlaces(
  db: ReadExecutor,
  view: RegistryView,
  territory_id: number | null = null,
): Promise<MeasuredPlace[]> {
  const units = await listUnits(db, view, territory_id)
  const byId = new Map(units.map((unit) => [unit.org_unit_id, unit]))
  const withBuildings = new Set(units.flatMap((unit) => (unit.kind === 'building' ? [unit.parent_id] : [])))
  const places = units.flatMap((unit): MeasuredPlace[] => {
    if (unit.kind !== 'building' && withBuildings.has(unit.org_unit_id)) return []
    const line = unit.path.flatMap((id) => byId.get(id) ?? [])
    const organisation = line.find(({ kind }) => kind === 'organisation')
    if (organisation === undefined || OTHER_KINDS.has(organisation.org_kind ?? '')) return []
    const { org_unit_id, kind, path, municipality_id, short_name, address, settlement_kind } = unit
    const { latitude, longitude } = unit
    return [
      {
        ...{ org_unit_id, kind, path, municipality_id, short_name, address, settlement_kind, latitude, longitude },
        organisation_id: organisation.org_unit_id,
        organisation_name: organisation.short_name,
        founder_kind: organisation.founder_kind,
        is_only: false,
      },
    ]
  })
  const byOrganisation = Map.groupBy(places, ({ organisation_id }) => organisation_id)
  return places
    .filter(({ path }) => territory_id === null || path.includes(territory_id))
    .map((place) => ({ ...place, is_only: byOrganisation.get(place.organisation_id)?.length === 1 }))
}
