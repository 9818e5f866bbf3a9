import type { FounderKind, OrgKind } from '../../contract/index.ts'
import { isInn, isKpp, isOgrn, isOktmo } from '../../domain/identifiers.ts'
import { addressKeyOf, nameKeyOf } from '../../domain/org-unit-names.ts'
import type { UnitLevel } from '../../domain/registry-index.ts'
import { keepBrokenAddress, parseSiteAddress, type SiteAddress } from '../../domain/site-address.ts'
import { RowReader } from '../row-reader.ts'
import type { CellIssue, RawRow } from '../sheet-rows.ts'
import { FOUNDER_WORDS, LEVEL_WORDS, ORG_KIND_WORDS, SETTLEMENT_WORDS, type RegistryField } from './columns.ts'
import type { TerritoryIndex } from './territories.ts'

/** What a row of the registry says. Null: it does not say it, which changes nothing. */
export interface RegistryRow {
  sheet_no: number
  row_no: number
  sheet_name: string
  /** The row of a list of buildings: an organisation and one building of it. */
  is_building_list: boolean
  level: UnitLevel | null
  full_name: string | null
  short_name: string | null
  org_kind: OrgKind | null
  founder_kind: FounderKind | null
  inn: string | null
  kpp: string | null
  ogrn: string | null
  oktmo: string | null
  settlement_kind: 'city' | 'urban_settlement' | 'village' | null
  settlement_name: string | null
  address: string | null
  latitude: number | null
  longitude: number | null
  cadastral_number: string | null
  /** 'none': the row says that there is no site. */
  site: SiteAddress | 'none' | null
  head_inn: string | null
  head_kpp: string | null
  valid_from: string
  /** Lowest territory that the row names; null when it names none. */
  territory_id: number | null
  /** Municipality of that territory as of `valid_from`. */
  municipality_id: number | null
  match_key: string
  issues: CellIssue[]
}

type Reader = RowReader<RegistryField>

const NO_SITE = /^(нет|отсутствует|не имеется|-|—)$/i

const ORG_KIND_BY_NAME: readonly [OrgKind, RegExp][] = [
  ['preschool', /детский сад|(?<= |^)дс(?= |$)/],
  ['college', /колледж|техникум|училище/],
  ['additional', /творчеств|дополнительного образования|юных|спортивн|музыкальн|художественн/],
  ['school', /(?<= |^)(сош|оош|нош|школа|лицей|гимназия|прогимназия)(?= |$)|интернат/],
]

const FOUNDER_NAMES: Record<FounderKind, string> = {
  municipal: 'муниципальный',
  regional: 'областной',
  federal: 'федеральный',
  private: 'частный',
}

/** Kind and founder that the name tells, where the row does not say them; a note says what was concluded. */
function concludeFromName(reader: Reader, name: string | null, said: Pick<RegistryRow, 'org_kind' | 'founder_kind'>) {
  if (name === null) return said
  const key = nameKeyOf(name)
  const org_kind = said.org_kind ?? ORG_KIND_BY_NAME.find(([, pattern]) => pattern.test(key.text))?.[0] ?? null
  const founder_kind = said.founder_kind ?? key.founder_kind
  if (said.founder_kind === null && founder_kind !== null) {
    reader.report('note', 'full_name', `Учредитель определён по организационной форме: ${FOUNDER_NAMES[founder_kind]}`)
  }
  return { org_kind, founder_kind }
}

function readSite(reader: Reader): RegistryRow['site'] {
  const text = reader.text('site')
  if (text === null) return null
  if (NO_SITE.test(text)) return 'none'
  const address = parseSiteAddress(text)
  if (address !== null) return address
  const broken = keepBrokenAddress(text)
  const severity = broken === null ? 'error' : 'warning'
  reader.report(severity, 'site', 'Не адрес сайта', 'один адрес http:// или https://')
  return broken
}

/** Lowest territory by names and ОКТМО; the default stands in only where the row names nothing. */
function readTerritory(reader: Reader, territories: TerritoryIndex, oktmo: string | null, fallback: number | null) {
  const name = reader.text('municipality')
  const byName = name === null ? undefined : territories.findMunicipality(name)
  const byCode = oktmo === null ? undefined : territories.findByOktmo(oktmo)
  if (name !== null && byName === undefined) {
    reader.report('error', 'municipality', 'Нет такого муниципалитета', 'название по справочнику')
    return null
  }
  if (oktmo !== null && byCode === undefined) {
    reader.report('error', 'oktmo', 'Нет муниципалитета с таким ОКТМО', 'код муниципалитета области')
    return null
  }
  if (byName !== undefined && byCode !== undefined && byName !== byCode) {
    reader.report('error', 'oktmo', 'ОКТМО другого муниципалитета', `${byName.oktmo ?? ''} (${byName.short_name})`)
    return null
  }
  const municipality = byName ?? byCode ?? (fallback === null ? undefined : territories.get(fallback))
  const district = reader.text('city_district')
  if (municipality === undefined || district === null) return municipality ?? null
  const found = territories.findDistrict(district, municipality.org_unit_id)
  if (found === undefined)
    reader.report('error', 'city_district', 'Нет такого района города', 'название по справочнику')
  return found ?? municipality
}

/** Where the row stands on its day: a territory that has ended is followed to its successor, with a warning. */
function placeOnDay(reader: Reader, territories: TerritoryIndex, territory_id: number | null, day: string) {
  if (territory_id === null) return { territory_id, municipality_id: null, valid_from: day }
  const territory = territories.get(territory_id)
  const [step] = territories.follow(territory_id, day)
  if (territory === undefined || step === undefined) {
    reader.report('error', 'municipality', 'Территория упразднена, преемник не известен')
    return { territory_id: null, municipality_id: null, valid_from: day }
  }
  const now = step.path.at(-1) ?? territory_id
  if (now !== territory_id) {
    const message = `${territory.short_name}: упразднён с ${territory.closed_on ?? ''}, отнесено к преемнику`
    reader.report('warning', 'municipality', message, territories.get(now)?.short_name ?? null)
  }
  if (territory.valid_from > day) {
    reader.report('warning', 'city_district', `${territory.short_name} существует с ${territory.valid_from}`)
    return { territory_id: now, municipality_id: step.municipality_id, valid_from: territory.valid_from }
  }
  return { territory_id: now, municipality_id: step.municipality_id, valid_from: day }
}

function matchKeyOf(row: Omit<RegistryRow, 'match_key' | 'issues'>): string {
  const name = row.full_name ?? row.short_name
  const address = row.address === null ? null : addressKeyOf(row.address)
  const parts = [row.level, name === null ? null : nameKeyOf(name).text, row.founder_kind, row.municipality_id]
  return [...parts, row.inn, row.kpp, row.ogrn, address, row.cadastral_number].map((part) => part ?? '').join('|')
}

export interface RowContext {
  territories: TerritoryIndex
  /** Municipality of rows that name none; null: there is no default. */
  territory_id: number | null
  /** The day that the sheet speaks of. */
  valid_on: string
}

/** Reads one row; whatever is wrong with it stands in `issues`. */
export function readRegistryRow(
  raw: RawRow,
  columns: ReadonlyMap<RegistryField, string>,
  context: RowContext,
): RegistryRow {
  const reader: Reader = new RowReader(raw, columns)
  const oktmo = reader.code('oktmo', isOktmo, '8 или 11 цифр')
  const territory = readTerritory(reader, context.territories, oktmo, context.territory_id)
  const day = reader.day('valid_from') ?? context.valid_on
  const full_name = reader.text('full_name')
  const short_name = reader.text('short_name')
  const said = {
    org_kind: reader.choice('org_kind', ORG_KIND_WORDS),
    founder_kind: reader.choice('founder_kind', FOUNDER_WORDS),
  }
  const level = reader.choice('level', LEVEL_WORDS)
  const row = {
    sheet_no: raw.sheet_no,
    row_no: raw.row_no,
    sheet_name: raw.sheet_name,
    is_building_list: !columns.has('level') && (columns.has('building_type') || columns.has('cadastral_number')),
    level,
    full_name,
    short_name,
    ...concludeFromName(reader, full_name ?? short_name, said),
    inn: reader.code('inn', isInn, '10 цифр с верным контрольным числом'),
    kpp: reader.code('kpp', isKpp, '9 знаков'),
    ogrn: reader.code('ogrn', isOgrn, '13 цифр с верным контрольным числом'),
    oktmo,
    settlement_kind: reader.choice('settlement_kind', SETTLEMENT_WORDS),
    settlement_name: reader.text('settlement_name'),
    address: reader.text('address'),
    latitude: reader.number('latitude', 41, 82),
    longitude: reader.number('longitude', 19, 180),
    cadastral_number: reader.text('cadastral_number'),
    site: readSite(reader),
    head_inn: reader.code('head_inn', isInn, '10 цифр с верным контрольным числом'),
    head_kpp: reader.code('head_kpp', isKpp, '9 знаков'),
    ...placeOnDay(reader, context.territories, territory?.org_unit_id ?? null, day),
  }
  return { ...row, match_key: matchKeyOf(row), issues: reader.issues }
}
