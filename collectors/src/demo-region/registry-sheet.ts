import type { FounderKind, OrgKind } from '@edumon/server/contract'
import { writeXlsx } from 'hucre'
import type { SettlementKind } from './municipalities.ts'
import type { Place } from './schools.ts'
import { writeSiteUrl, type Ports, type Site } from './sites.ts'

/** Header of the registry file as a ministry would write it; the registry import reads these columns by name. */
export const REGISTRY_HEADER = [
  'Муниципалитет',
  'Район города',
  'Вид',
  'Наименование',
  'Краткое наименование',
  'Тип организации',
  'Учредитель',
  'ИНН',
  'КПП',
  'ОГРН',
  'ОКТМО',
  'Тип населённого пункта',
  'Населённый пункт',
  'Адрес',
  'Широта',
  'Долгота',
  'Сайт',
  'ИНН головной организации',
  'КПП головной организации',
  'Действует с',
] as const

const LEVELS: Record<Place['level'], string> = {
  organisation: 'юридическое лицо',
  branch: 'филиал',
  building: 'здание',
}

const ORG_KINDS: Record<OrgKind, string> = {
  school: 'общеобразовательная',
  college: 'профессиональная',
  additional: 'дополнительное образование',
  preschool: 'дошкольная',
  centre: 'центр',
}

const FOUNDERS: Record<FounderKind, string> = {
  municipal: 'муниципалитет',
  regional: 'область',
  federal: 'федерация',
  private: 'частный',
}

const SETTLEMENTS: Record<SettlementKind, string> = { city: 'город', urban_settlement: 'пгт', village: 'село' }

/** The registry in this form starts on one day: the reform of the last Саратовский район villages is behind it. */
const VALID_FROM = '01.09.2022'

export type SheetRow = (string | number | null)[]

/** One row per place. `heads` finds the legal entity of a branch or building by ИНН. */
function writePlaceRow(place: Place, site: Site | undefined, head: Place | undefined, ports: Ports): SheetRow {
  return [
    place.municipality.name,
    place.city_district?.name ?? null,
    LEVELS[place.level],
    place.full_name,
    place.short_name,
    ORG_KINDS[place.org_kind],
    FOUNDERS[place.founder_kind],
    place.inn,
    place.kpp,
    place.ogrn,
    place.municipality.oktmo,
    SETTLEMENTS[place.settlement_kind],
    place.settlement,
    place.address,
    place.lat,
    place.lon,
    site === undefined ? null : writeSiteUrl(site, ports),
    head === undefined || head.key === place.key ? null : head.inn,
    head === undefined || head.key === place.key ? null : head.kpp,
    VALID_FROM,
  ]
}

/** Rows of the registry without its header, heads before their branches and buildings. */
export function writeRegistryRows(places: readonly Place[], sites: readonly Site[], ports: Ports): SheetRow[] {
  const siteOf = new Map(sites.map((site) => [site.place.key, site]))
  const headOf = new Map(
    places.filter(({ level }) => level === 'organisation').map((place) => [place.inn, place] as const),
  )
  return places.map((place) => writePlaceRow(place, siteOf.get(place.key), headOf.get(place.inn), ports))
}

function writeCsvCell(value: string | number | null): string {
  if (value === null) return ''
  const text = typeof value === 'number' ? String(value).replace('.', ',') : value
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** CSV as Russian spreadsheets save it: semicolons, decimal commas, CRLF, UTF-8 with a byte order mark. */
export function writeRegistryCsv(rows: readonly SheetRow[]): string {
  const lines = [REGISTRY_HEADER, ...rows].map((row) => row.map(writeCsvCell).join(';'))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

/** The same as a workbook of one sheet; identifiers are text, so that leading digits survive. */
export async function writeRegistryXlsx(rows: readonly SheetRow[]): Promise<Uint8Array> {
  const fixed = new Date('2026-01-01T00:00:00Z')
  const sheet = { name: 'Организации', rows: [[...REGISTRY_HEADER], ...rows] }
  return await writeXlsx({ sheets: [sheet], properties: { created: fixed, modified: fixed } })
}
