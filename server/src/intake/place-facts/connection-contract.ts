import type { SpeedTerms, Technology } from '../../domain/connection-kinds.ts'
import { findSeams } from '../../domain/contract-timeline.ts'
import type { ColumnSpec } from '../mapping.ts'
import type { RowReader } from '../row-reader.ts'
import { defineFactKind } from './fact-kind.ts'
import type { FactWarning, PlacedFact, StatedFact } from './fact-spec.ts'
import type { PlaceField } from './place-columns.ts'
import { readMbit } from './read-mbit.ts'

type Field =
  | 'provider'
  | 'technology'
  | 'download_kbps'
  | 'upload_kbps'
  | 'speed_terms'
  | 'has_guaranteed_traffic'
  | 'monthly_price'
  | 'contract_number'
  | 'document'
  | 'valid_from'
  | 'valid_to'

const COLUMNS: readonly ColumnSpec<Field>[] = [
  { field: 'provider', title: 'Оператор', names: ['провайдер', 'оператор связи', 'поставщик'] },
  { field: 'technology', title: 'Технология', names: ['технология подключения', 'тип подключения', 'вид линии'] },
  {
    field: 'download_kbps',
    title: 'Скорость по договору, Мбит/с',
    names: ['скорость по договору', 'скорость, мбит/с', 'скорость приема по договору, мбит/с', 'договорная скорость'],
  },
  {
    field: 'upload_kbps',
    title: 'Скорость передачи по договору, Мбит/с',
    names: ['исходящая скорость, мбит/с', 'скорость передачи, мбит/с'],
  },
  { field: 'speed_terms', title: 'Условие скорости', names: ['гарантия скорости', 'вид скорости'] },
  { field: 'has_guaranteed_traffic', title: 'Гарантированный трафик', names: ['гарантированный интернет-трафик'] },
  {
    field: 'monthly_price',
    title: 'Цена в месяц, ₽',
    names: ['цена, руб.', 'стоимость в месяц', 'цена в месяц, руб.'],
  },
  { field: 'contract_number', title: 'Номер договора', names: ['договор', '№ договора', 'договор №'] },
  { field: 'document', title: 'Документ', names: ['основание', 'ссылка на документ'] },
  { field: 'valid_from', title: 'Действует с', names: ['дата начала', 'начало действия', 'дата начала действия'] },
  { field: 'valid_to', title: 'Действует по', names: ['дата окончания', 'окончание действия', 'срок действия'] },
]

const TECHNOLOGY_WORDS = {
  fibre: ['оптика', 'волс', 'fttx', 'ftth', 'fttb', 'gpon', 'оптика fttx', 'оптическое волокно'],
  xdsl: ['xdsl', 'adsl', 'vdsl', 'dsl', 'медь'],
  radio: ['радио', 'wimax', 'радиоканал', 'радио/wimax'],
  cellular: ['3g/4g', '4g', 'lte', '3g', 'мобильная связь', '3g, 4g'],
  satellite: ['спутник', 'спутниковая', 'спутниковый канал'],
  none: ['нет', 'нет подключения', 'не подключено', 'отсутствует'],
} as const satisfies Record<Technology, readonly string[]>

const TERMS_WORDS = {
  guaranteed: ['гарантированная', 'гарантировано', 'не менее'],
  up_to: ['до', 'негарантированная', 'не гарантирована'],
} as const satisfies Record<SpeedTerms, readonly string[]>

const YES_NO_WORDS = { yes: ['да', 'есть', 'истина', '1'], no: ['нет', 'ложь', '0'] } as const

/** Kopecks of a million roubles a month: above it somebody took the year's price or another column. */
const PRICE_MAX = 1_000_000

type Contract = StatedFact<'connection_contract'>

function readContract(reader: RowReader<Field | PlaceField>, valid_on: string): Contract | null {
  const technology = reader.choice('technology', TECHNOLOGY_WORDS)
  const download_kbps = readMbit(reader, 'download_kbps')
  const upload_kbps = readMbit(reader, 'upload_kbps')
  const valid_from = reader.day('valid_from') ?? valid_on
  const valid_to = reader.day('valid_to')
  const traffic = reader.choice('has_guaranteed_traffic', YES_NO_WORDS)
  const price = reader.number('monthly_price', 0, PRICE_MAX)
  const contract_number = reader.text('contract_number')
  const said = {
    provider: reader.text('provider'),
    speed_terms: reader.choice('speed_terms', TERMS_WORDS),
    document: reader.text('document'),
  }
  if (technology === null && !reader.hasErrors) {
    reader.report('error', 'technology', 'Не указана технология', 'оптика, xDSL, радио, 3G/4G, спутник или нет')
  }
  if (technology === 'none' && (download_kbps ?? upload_kbps) !== null) {
    reader.report('error', 'download_kbps', 'Скорость указана, а подключения нет', 'пусто')
  }
  if (technology !== 'none' && technology !== null && download_kbps === null && !reader.hasErrors) {
    reader.report('error', 'download_kbps', 'Не указана скорость по договору', 'Мбит/с')
  }
  if (valid_to !== null && valid_to < valid_from) {
    reader.report('error', 'valid_to', 'Договор кончается раньше, чем начался', `не раньше ${valid_from}`)
  }
  if (technology === null || reader.hasErrors) return null
  return {
    ...{ valid_from, valid_to, technology, download_kbps, upload_kbps, contract_number, ...said },
    contract_key: (contract_number ?? '').toUpperCase().replace(/\s/g, ''),
    has_guaranteed_traffic: traffic === null ? null : traffic === 'yes',
    monthly_price_kopecks: price === null ? null : Math.round(price * 100),
  }
}

function nameOf({ contract_number, valid_from }: Contract): string {
  return contract_number === null ? `без номера с ${valid_from}` : `№ ${contract_number}`
}

/** Overlaps and gaps, each at a row of the file that makes it. */
function warnOfSeams(facts: readonly PlacedFact<'connection_contract'>[]): FactWarning[] {
  return findSeams(facts.map((placed) => ({ ...placed, ...placed.fact }))).flatMap((seam) => {
    const { kind, before, after, first_day, last_day } = seam
    const row_key = after.row_key ?? before.row_key
    if (row_key === null) return []
    const other = nameOf(after.row_key === null ? after.fact : before.fact)
    const days = last_day === null ? `с ${first_day}` : `с ${first_day} по ${last_day}`
    const message =
      kind === 'overlap'
        ? `Пересекается с договором ${other} (${days}): считается начавшийся позже`
        : `Перерыв между договорами (${days}): договор ${other} с этим не смыкается`
    return [{ row_key, message }]
  })
}

/** «Договоры на подключение к Интернету»: one row a contract of a building. */
export const connectionContractKind = defineFactKind<'connection_contract', Field>({
  name: 'connection_contract',
  title: 'Договоры на подключение к Интернету',
  table: 'connection_contract',
  grain: 'building',
  columns: COLUMNS,
  needed: ['technology', 'download_kbps'],
  read: readContract,
  warn: warnOfSeams,
})
