import { sql } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import {
  orgUnitsOn,
  statusesOn,
  targetsOn,
  TERRITORY_IDS,
  unitIdsEverBelow,
  unitIdsEverWithin,
  unitIdsOfKinds,
  type RegistryView,
} from '../../db/registry-as-known.ts'

export interface OrgUnitFilter {
  /** Region, municipality, city district, or a unit whose branches and buildings are wanted. */
  territory_id?: number | undefined
  org_unit_ids?: number[] | undefined
  kind?: string[] | undefined
  org_kind?: string[] | undefined
  founder_kind?: string[] | undefined
  text?: string | undefined
  with_closed?: boolean | undefined
}

/** What a list holds when no kind is named, and what hangs below an organisation. */
const DEFAULT_KINDS = ['organisation']
const PARTS = ['branch', 'building']

/** Units of a day with the names above them, their own site, and what hangs below. */
function selectRows(db: ReadExecutor, view: RegistryView, { territory_id, org_unit_ids, kind }: OrgUnitFilter) {
  const places = org_unit_ids ?? (territory_id === undefined ? undefined : [territory_id])
  const within = places === undefined ? undefined : unitIdsEverWithin(places)
  const below = db
    .selectFrom(
      orgUnitsOn(db, view, within === undefined ? unitIdsOfKinds(PARTS) : unitIdsEverBelow(within)).as('child'),
    )
    .innerJoin('org_unit as child_unit', 'child_unit.org_unit_id', 'child.org_unit_id')
    .where('child.is_closed', '=', false)
    .where('child_unit.kind', 'in', PARTS)
    .groupBy('child.parent_id')
    .select('child.parent_id')
    .select((eb) => [
      eb.fn.countAll<number>().filterWhere('child_unit.kind', '=', 'branch').as('branches'),
      eb.fn.countAll<number>().filterWhere('child_unit.kind', '=', 'building').as('buildings'),
    ])
  const sites = db
    .selectFrom(targetsOn(db, view).as('site'))
    .where('site.kind', '=', 'site')
    .distinctOn('site.org_unit_id')
    .select(['site.org_unit_id', 'site.target_id', 'site.url', 'site.host'])
    .orderBy('site.org_unit_id')
    .orderBy('site.change_set_no', 'desc')
  const districts = orgUnitsOn(db, view, unitIdsOfKinds(['city_district']))
  return db
    .selectFrom(orgUnitsOn(db, view, within ?? unitIdsOfKinds(kind ?? DEFAULT_KINDS)).as('u'))
    .innerJoin('org_unit as o', 'o.org_unit_id', 'u.org_unit_id')
    .leftJoin(orgUnitsOn(db, view, TERRITORY_IDS).as('m'), 'm.org_unit_id', 'u.municipality_id')
    .leftJoin(districts.as('d'), (join) => join.on(sql`d.org_unit_id`, '=', sql`u.path[3]`))
    .leftJoin(sites.as('s'), 's.org_unit_id', 'u.org_unit_id')
    .leftJoin(below.as('b'), 'b.parent_id', 'u.org_unit_id')
    .leftJoin(statusesOn(db, view).as('st'), 'st.org_unit_id', 'u.org_unit_id')
}

type Rows = ReturnType<typeof selectRows>

function applyFilter(rows: Rows, filter: OrgUnitFilter): Rows {
  const { territory_id, org_unit_ids, kind = DEFAULT_KINDS, org_kind, founder_kind, text, with_closed } = filter
  let query = rows.where('o.kind', 'in', kind)
  if (with_closed !== true) query = query.where('u.is_closed', '=', false)
  if (territory_id !== undefined) {
    query = query.where((eb) =>
      eb.or([
        eb('u.municipality_id', '=', territory_id),
        eb(sql<number>`${territory_id}::bigint`, '=', sql<number>`ANY(u.path)`),
      ]),
    )
  }
  if (org_unit_ids !== undefined) query = query.where('u.org_unit_id', '=', sql<number>`ANY(${org_unit_ids}::bigint[])`)
  if (org_kind !== undefined) query = query.where('u.org_kind', 'in', org_kind)
  if (founder_kind !== undefined) query = query.where('u.founder_kind', 'in', founder_kind)
  if (text !== undefined && text.trim() !== '') {
    const pattern = `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`
    const searched = ['u.full_name', 'u.short_name', 'u.address', 'u.inn', 'u.ogrn', 's.host'] as const
    query = query.where((eb) => eb.or(searched.map((column) => eb(column, 'ilike', pattern))))
  }
  return query
}

export interface ListPage {
  limit: number
  offset: number
}

function listedUnits(db: ReadExecutor, view: RegistryView, filter: OrgUnitFilter) {
  return applyFilter(selectRows(db, view, filter), filter).select([
    'u.org_unit_id',
    'o.kind',
    'u.parent_id',
    'u.municipality_id',
    'u.full_name',
    'u.short_name',
    'u.org_kind',
    'u.founder_kind',
    'u.inn',
    'u.ogrn',
    'u.kpp',
    'u.oktmo',
    'u.settlement_kind',
    'u.settlement_name',
    'u.address',
    'u.latitude',
    'u.longitude',
    'u.cadastral_number',
    'u.is_closed',
    'm.short_name as municipality_name',
    'd.org_unit_id as city_district_id',
    'd.short_name as city_district_name',
    's.target_id',
    's.url as site_url',
    's.host as site_host',
    // Nothing below is a count of zero here, not an unknown one.
    sql<number>`coalesce(b.branches, 0)`.as('branches'),
    sql<number>`coalesce(b.buildings, 0)`.as('buildings'),
    'st.status',
  ])
}

/** Units by municipality and name. Empty when none matches. */
export function listOrgUnits(db: ReadExecutor, view: RegistryView, filter: OrgUnitFilter, page: ListPage) {
  return listedUnits(db, view, filter)
    .orderBy(sql`m.short_name COLLATE "ru-x-icu"`)
    .orderBy(sql`u.short_name COLLATE "ru-x-icu"`)
    .orderBy('u.org_unit_id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

/** The same units as the text of a JSON array, and how many there are on all pages. */
export async function readOrgUnits(db: ReadExecutor, view: RegistryView, filter: OrgUnitFilter, page: ListPage) {
  const { rows } = await sql<{ total: number; list: string }>`
    WITH listed AS MATERIALIZED ${listedUnits(db, view, filter)}, page AS (
      SELECT * FROM listed
       ORDER BY municipality_name COLLATE "ru-x-icu", short_name COLLATE "ru-x-icu", org_unit_id
       LIMIT ${page.limit} OFFSET ${page.offset}
    )
    SELECT (SELECT count(*) FROM listed) AS total,
           (SELECT coalesce(json_agg(page), '[]') FROM page)::text AS list`.execute(db)
  const { total = 0, list = '[]' } = rows[0] ?? {}
  return { total, list }
}

export type OrgUnitRow = Awaited<ReturnType<typeof listOrgUnits>>[number]
