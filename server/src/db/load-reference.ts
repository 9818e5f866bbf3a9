import { randomUUID } from 'node:crypto'
import { sql, type Insertable, type Kysely } from 'kysely'
import { scheduleTargets } from '../jobs/schedule.ts'
import { systemAuthor } from './audit-author.ts'
import { openChangeSet } from './change-set.ts'
import type { WriteExecutor } from './executor.ts'
import { insertAuditEvent } from './insert-audit-event.ts'
import { insertRows } from './insert-rows.ts'
import { refreshTodaysStructure } from './org-unit-structure.ts'
import { readReferenceRegion, type ReferenceRegion } from './reference-region.ts'
import type { DB, OrgUnitVersion } from './schema.gen.ts'

const SOURCE = { source_kind: 'reference', source_id: 'saratov-region' } as const
const REGION_SINCE = '1936-12-05'
const LOAD_LOCK_KEY = 20_200_612

/** What the audit calls the loading of reference data: all that the audit of an empty installation knows. */
export const REFERENCE_LOAD_ACTION = 'reference.load'

type VersionRow = Insertable<OrgUnitVersion>
type TerritoryKind = 'region' | 'municipality' | 'city_district'
type Dated = {
  code: string
  name: string
  short_name?: string
  oktmo?: string
  valid_from: string
  valid_to: string | null
}

/** Ids of territories by their codes: those that the database has, and new ones where it has none. */
interface TerritoryIds {
  ids: Map<string, number>
  fresh: { org_unit_id: number; kind: TerritoryKind; code: string }[]
}

async function identifyTerritories(tx: WriteExecutor, region: ReferenceRegion): Promise<TerritoryIds> {
  const known = await tx
    .selectFrom('org_unit_version')
    .where('source_kind', '=', SOURCE.source_kind)
    .where('source_id', '=', SOURCE.source_id)
    .select(['org_unit_id', 'source_place'])
    .distinct()
    .execute()
  const ids = new Map(known.map((row) => [row.source_place ?? '', row.org_unit_id]))
  const wanted: { code: string; kind: TerritoryKind }[] = [
    { code: region.region.code, kind: 'region' },
    ...region.municipalities.map(({ code }) => ({ code, kind: 'municipality' as const })),
    ...region.city_districts.map(({ code }) => ({ code, kind: 'city_district' as const })),
  ]
  const missing = wanted.filter(({ code }) => !ids.has(code))
  const { rows } = await sql<{ org_unit_id: number }>`
    SELECT nextval('org_unit_org_unit_id_seq') AS org_unit_id FROM generate_series(1, ${missing.length})`.execute(tx)
  const fresh = missing.map(({ code, kind }, index) => ({ code, kind, org_unit_id: rows[index]?.org_unit_id ?? 0 }))
  for (const { code, org_unit_id } of fresh) ids.set(code, org_unit_id)
  return { ids, fresh }
}

/** Versions of one territory: its beginning, and its end if it has one. */
function datedVersions(territory: Dated, above: number[], own: number, lat: number | null, lon: number | null) {
  const [region_id = own] = above
  const version = {
    ...SOURCE,
    org_unit_id: own,
    source_place: territory.code,
    parent_id: above.at(-1) ?? null,
    region_id,
    municipality_id: above.length === 0 ? null : (above[1] ?? own),
    path: [...above, own],
    full_name: territory.name,
    short_name: territory.short_name ?? territory.name,
    oktmo: territory.oktmo ?? null,
    latitude: lat,
    longitude: lon,
  }
  const first = { ...version, valid_from: territory.valid_from, is_closed: false }
  return territory.valid_to === null
    ? [first]
    : [first, { ...version, valid_from: territory.valid_to, is_closed: true }]
}

type UnnumberedVersion = Omit<VersionRow, 'change_set_no'>

function idOf(ids: ReadonlyMap<string, number>, code: string): number {
  const id = ids.get(code)
  if (id === undefined) throw new Error(`The reference data name an unknown territory: ${code}`)
  return id
}

function listVersions(region: ReferenceRegion, ids: ReadonlyMap<string, number>): UnnumberedVersion[] {
  const top = idOf(ids, region.region.code)
  const whole = { ...region.region, valid_from: REGION_SINCE, valid_to: null }
  return [
    ...datedVersions(whole, [], top, null, null),
    ...region.municipalities.flatMap((unit) => datedVersions(unit, [top], idOf(ids, unit.code), unit.lat, unit.lon)),
    ...region.city_districts.flatMap((unit) =>
      datedVersions(unit, [top, idOf(ids, unit.municipality)], idOf(ids, unit.code), unit.lat, unit.lon),
    ),
  ]
}

function listSuccessions(region: ReferenceRegion, ids: ReadonlyMap<string, number>) {
  const merged = region.municipalities.flatMap(({ code, succeeded_by, valid_to }) =>
    succeeded_by === null || valid_to === null
      ? []
      : [{ from: code, to: succeeded_by, effective_on: valid_to, kind: 'merge' as const }],
  )
  const moved = region.city_districts.flatMap(({ code, predecessor, valid_from }) =>
    predecessor === null ? [] : [{ from: predecessor, to: code, effective_on: valid_from, kind: 'move' as const }],
  )
  return [...merged, ...moved].map(({ from, to, effective_on, kind }) => ({
    ...SOURCE,
    predecessor_id: idOf(ids, from),
    successor_id: idOf(ids, to),
    effective_on,
    kind,
  }))
}

async function findMissingVersions(tx: WriteExecutor, versions: UnnumberedVersion[]): Promise<UnnumberedVersion[]> {
  const known = await tx
    .selectFrom('org_unit_version')
    .where('source_kind', '=', SOURCE.source_kind)
    .where('source_id', '=', SOURCE.source_id)
    .distinctOn(['org_unit_id', 'valid_from'])
    .select(['org_unit_id', 'valid_from', 'full_name', 'short_name', 'oktmo', 'parent_id'])
    .orderBy('org_unit_id')
    .orderBy('valid_from')
    .orderBy('change_set_no', 'desc')
    .execute()
  const keyOf = (row: Omit<(typeof known)[number], never>) =>
    JSON.stringify([row.org_unit_id, row.valid_from, row.full_name, row.short_name, row.oktmo, row.parent_id])
  const present = new Set(known.map(keyOf))
  return versions.filter(
    (row) => !present.has(keyOf({ ...row, oktmo: row.oktmo ?? null, parent_id: row.parent_id ?? null })),
  )
}

export interface ReferenceOptions {
  vantages: string[]
  /** Today in the region's calendar. */
  today: string
  /** Instead of the region's own portals: the demo's simulated world has its own addresses. */
  portals?: { url: string; valid_from: string }[]
}

/**
 * Brings the region's territories and portals into the registry, in one change set; loading them again changes
 * nothing, and newer reference data add only what differs.
 */
export async function loadReference(db: Kysely<DB>, options: ReferenceOptions): Promise<{ loaded: number }> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${LOAD_LOCK_KEY})`.execute(tx)
    const region = readReferenceRegion()
    const { ids, fresh } = await identifyTerritories(tx, region)
    const versions = await findMissingVersions(tx, listVersions(region, ids))
    const known = await tx.selectFrom('target').where('source_id', '=', SOURCE.source_id).select('url').execute()
    const portals = (options.portals ?? region.portals).filter(({ url }) => !known.some((target) => target.url === url))
    if (versions.length + portals.length === 0) return { loaded: 0 }
    const { change_set_no } = await openChangeSet(tx, {
      kind: 'reference',
      actor: 'system',
      summary: `Справочник: ${region.region.name}`,
    })
    const pathOf = new Map(versions.map((row) => [row.org_unit_id, row]))
    await insertRows(
      tx,
      'org_unit',
      fresh.map(({ org_unit_id, kind }) => {
        const version = pathOf.get(org_unit_id)
        if (version === undefined) throw new Error('A new territory has no version')
        const { region_id, path, municipality_id = null } = version
        return { org_unit_id, kind, region_id, municipality_id, path, created_change_set_no: change_set_no }
      }),
    )
    await insertRows(
      tx,
      'org_unit_version',
      versions.map((row) => ({ ...row, change_set_no })),
    )
    const isFresh = new Set(fresh.map(({ org_unit_id }) => org_unit_id))
    const successions = listSuccessions(region, ids).filter(
      (row) => isFresh.has(row.predecessor_id) || isFresh.has(row.successor_id),
    )
    await insertRows(
      tx,
      'org_unit_succession',
      successions.map((row) => ({ ...row, change_set_no })),
    )
    const targets = portals.map(({ url, valid_from }) => ({
      ...SOURCE,
      org_unit_id: idOf(ids, region.region.code),
      target_id: randomUUID(),
      kind: 'portal' as const,
      url,
      host: new URL(url).hostname,
      valid_from,
      change_set_no,
    }))
    await insertRows(tx, 'target', targets)
    await scheduleTargets(tx, targets, options)
    await refreshTodaysStructure(tx, [...ids.values()], options.today)
    const loaded = versions.length + portals.length
    await insertAuditEvent(tx, {
      by: systemAuthor('system'),
      category: 'data',
      action: REFERENCE_LOAD_ACTION,
      subject: SOURCE.source_id,
      org_unit_id: idOf(ids, region.region.code),
      change_set_no,
      detail: { territories: versions.length, portals: portals.length },
    })
    return { loaded }
  })
}
