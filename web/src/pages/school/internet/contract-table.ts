import type { ConnectionContract, ContractSeam } from '../../../api/internet.ts'
import type { TableColumn } from '../../../components/table-columns.ts'
import type { useFormat } from '../../../composables/use-format.ts'
import { toMbps } from '../../internet/building-rows.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  format: Pick<ReturnType<typeof useFormat>, 'number' | 'day'>
}
const KOPECKS_PER_ROUBLE = 100

/** Days without a contract, or with two at once. */
export function tellSeam(seam: ContractSeam, { t, format }: Words): string {
  const { kind, last_day } = seam
  const numberOf = (number: string | null): string =>
    number === null ? t('internet.school.contracts.no_number') : `№ ${number}`
  const key = kind === 'overlap' && last_day === null ? 'overlap_open' : kind
  return t(`internet.school.contracts.${key}`, {
    name: seam.short_name,
    from: format.day(seam.first_day),
    to: last_day === null ? '' : format.day(last_day),
    before: numberOf(seam.before_number),
    after: numberOf(seam.after_number),
  })
}

export function tellPrice({ monthly_price_kopecks }: ConnectionContract, { t, format }: Words): string {
  const price = monthly_price_kopecks === null ? null : monthly_price_kopecks / KOPECKS_PER_ROUBLE
  return t('internet.school.contracts.price', { price: format.number(price, 2) })
}

function tellTerms({ speed_terms, has_guaranteed_traffic }: ConnectionContract, t: Words['t']): string {
  return [
    speed_terms === null ? null : t(`words.speed_terms.${speed_terms}`),
    has_guaranteed_traffic === null ? null : t(`words.guaranteed_traffic.${has_guaranteed_traffic ? 'yes' : 'no'}`),
  ]
    .filter((text) => text !== null)
    .join(', ')
}

export function listContractColumns({ t, format }: Words): TableColumn<ConnectionContract>[] {
  const label = (key: string): string => t(`internet.school.contracts.column.${key}`)
  const termOf = ({ valid_from, valid_to }: ConnectionContract): string =>
    `${format.day(valid_from)} – ${valid_to === null ? t('internet.school.contracts.open_end') : format.day(valid_to)}`
  const speed = (key: string, read: (row: ConnectionContract) => number | null, priority: 1 | 3) => ({
    ...{ key, label: label(key), align: 'end' as const, width_px: 84, priority },
    text: (row: ConnectionContract) => (read(row) === null ? '' : format.number(toMbps(read(row)), 0)),
  })
  return [
    { key: 'building', label: label('building'), text: (row) => row.short_name, width_px: 190, isRowHead: true },
    { key: 'term', label: label('term'), text: termOf, width_px: 190 },
    { key: 'provider', label: label('provider'), text: (row) => row.provider ?? '', width_px: 160, priority: 2 },
    {
      key: 'technology',
      label: label('technology'),
      text: (row) => t(`words.technology.${row.technology}`),
      width_px: 110,
      priority: 2,
    },
    speed('speed', (row) => row.download_kbps, 1),
    speed('upload', (row) => row.upload_kbps, 3),
    { key: 'terms', label: label('terms'), text: (row) => tellTerms(row, t), width_px: 170, priority: 3 },
    { key: 'number', label: label('number'), text: (row) => row.contract_number ?? '', width_px: 140, priority: 2 },
  ]
}
