import { sql } from 'kysely'
import type { FounderKind } from '../../contract/index.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { knownOrgUnitVersions, targetsOn, type RegistryView } from '../../db/registry-as-known.ts'
import type { UnitLevel } from '../../domain/registry-index.ts'
import type { Territory } from './territories.ts'

/** Fields of a version that rows speak of. */
export interface UnitFields {
  full_name: string
  short_name: string
  org_kind: string | null
  founder_kind: string | null
  inn: string | null
  ogrn: string | null
  kpp: string | null
  oktmo: string | null
  settlement_kind: string | null
  settlement_name: string | null
  address: string | null
  latitude: number | null
  longitude: number | null
  cadastral_number: string | null
  is_closed: boolean
}

export interface UnitVersion extends UnitFields {
  valid_from: string
  parent_id: number | null
  municipality_id: number | null
  region_id: number
  path: number[]
}

/** A unit with all its known versions, oldest first; never without one. */
export interface KnownUnitHistory {
  org_unit_id: number
  level: UnitLevel
  versions: UnitVersion[]
}

export interface LiveTarget {
  org_unit_id: number
  target_id: string
  url: string
  host: string
}

/** The registry as an import compares itself with. */
export interface RegistrySnapshot {
  territories: Territory[]
  units: Map<number, KnownUnitHistory>
  sites: Map<number, LiveTarget>
}

const FIELDS = [
  'v.full_name',
  'v.short_name',
  'v.org_kind',
  'v.founder_kind',
  'v.inn',
  'v.ogrn',
  'v.kpp',
  'v.oktmo',
  'v.settlement_kind',
  'v.settlement_name',
  'v.address',
  'v.latitude',
  'v.longitude',
  'v.cadastral_number',
  'v.is_closed',
] as const

async function listVersions(db: ReadExecutor, view: RegistryView) {
  return knownOrgUnitVersions(db, view.known_at_change_set_no)
    .innerJoin('org_unit as o', 'o.org_unit_id', 'v.org_unit_id')
    .distinctOn(['v.org_unit_id', 'v.valid_from'])
    .select(['v.org_unit_id', 'o.kind', 'v.valid_from', 'v.parent_id', 'v.municipality_id', 'v.region_id', 'v.path'])
    .select(FIELDS)
    .orderBy('v.org_unit_id')
    .orderBy('v.valid_from')
    .orderBy('v.change_set_no', 'desc')
    .execute()
}

type VersionRow = Awaited<ReturnType<typeof listVersions>>[number]

function toTerritories(rows: VersionRow[], successors: ReadonlyMap<number, number[]>): Territory[] {
  const territories = new Map<number, Territory>()
  for (const row of rows) {
    const kind = row.kind as Territory['kind']
    const known = territories.get(row.org_unit_id)
    if (known === undefined) {
      territories.set(row.org_unit_id, {
        org_unit_id: row.org_unit_id,
        kind,
        parent_id: row.parent_id,
        full_name: row.full_name,
        short_name: row.short_name,
        oktmo: row.oktmo,
        path: row.path,
        valid_from: row.valid_from,
        closed_on: row.is_closed ? row.valid_from : null,
        successor_ids: successors.get(row.org_unit_id) ?? [],
      })
    } else if (row.is_closed) known.closed_on = row.valid_from
  }
  return [...territories.values()]
}

async function listSuccessors(db: ReadExecutor): Promise<Map<number, number[]>> {
  const rows = await db
    .selectFrom('org_unit_succession as s')
    .leftJoin('source_void as void', (join) =>
      join.onRef('void.source_kind', '=', 's.source_kind').onRef('void.source_id', '=', 's.source_id'),
    )
    .where('void.source_id', 'is', null)
    .select(['s.predecessor_id', sql<number[]>`array_agg(s.successor_id ORDER BY s.successor_id)`.as('successor_ids')])
    .groupBy('s.predecessor_id')
    .execute()
  return new Map(rows.map((row) => [row.predecessor_id, row.successor_ids]))
}

/** Reads the whole registry: tens of thousands of units at most. */
export async function readRegistrySnapshot(db: ReadExecutor, view: RegistryView): Promise<RegistrySnapshot> {
  const rows = await listVersions(db, view)
  const isTerritory = (row: VersionRow): boolean => ['region', 'municipality', 'city_district'].includes(row.kind)
  const units = new Map<number, KnownUnitHistory>()
  for (const row of rows) {
    if (isTerritory(row)) continue
    const { org_unit_id, kind, ...version } = row
    const known = units.get(org_unit_id)
    if (known === undefined) units.set(org_unit_id, { org_unit_id, level: kind as UnitLevel, versions: [version] })
    else known.versions.push(version)
  }
  const targets = await targetsOn(db, view)
    .where('t.kind', '=', 'site')
    .clearSelect()
    .select(['t.org_unit_id', 't.target_id', 't.url', 't.host'])
    .orderBy('t.change_set_no')
    .execute()
  return {
    territories: toTerritories(rows.filter(isTerritory), await listSuccessors(db)),
    units,
    sites: new Map(targets.map((target) => [target.org_unit_id, target])),
  }
}

/** The version that holds on a day; before the first one, the first. */
export function versionOn(unit: KnownUnitHistory, day: string): UnitVersion {
  const [first] = unit.versions
  const found = unit.versions.findLast((version) => version.valid_from <= day) ?? first
  if (found === undefined) throw new Error(`Org unit ${unit.org_unit_id} has no version`)
  return found
}

/** What a version says of the unit itself, without its day and place. */
export function fieldsOf(version: UnitVersion): UnitFields {
  const { full_name, short_name, org_kind, founder_kind, inn, ogrn, kpp, oktmo, is_closed } = version
  const { settlement_kind, settlement_name, address, latitude, longitude, cadastral_number } = version
  const codes = { full_name, short_name, org_kind, founder_kind, inn, ogrn, kpp, oktmo, is_closed }
  return { ...codes, settlement_kind, settlement_name, address, latitude, longitude, cadastral_number }
}

/** Founder as the index compares it. */
export function founderOf(version: UnitVersion): FounderKind | null {
  return version.founder_kind as FounderKind | null
}
