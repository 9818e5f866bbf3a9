import type { ProviderVerdicts } from '../../api/internet.ts'
import type { TableColumn } from '../../components/table-columns.ts'
import type { useFormat } from '../../composables/use-format.ts'
import { NO_PROVIDER, toMbps } from './building-rows.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  format: Pick<ReturnType<typeof useFormat>, 'number'>
}
type Verdicts = ProviderVerdicts['contract']

const of = (verdicts: Verdicts, ...keys: string[]): number => keys.reduce((sum, key) => sum + (verdicts[key] ?? 0), 0)

/** Buildings of a provider whose contract is not kept, among those with a verdict either way. */
export function contractShare({ contract }: Pick<ProviderVerdicts, 'contract'>) {
  return { count: of(contract, 'not_kept'), judged: of(contract, 'kept', 'not_kept') }
}
function normShare({ norm }: Pick<ProviderVerdicts, 'norm'>) {
  return { count: of(norm, 'below'), judged: of(norm, 'below', 'meets') }
}

/** The provider that most of the judged contracts are not kept with; null when all are kept. */
export function findWorstProvider(rows: readonly ProviderVerdicts[]): ProviderVerdicts | null {
  const share = (row: ProviderVerdicts): number => contractShare(row).count / contractShare(row).judged
  const broken = rows.filter((row) => row.provider !== null && contractShare(row).count > 0)
  return broken.toSorted((left, right) => share(right) - share(left))[0] ?? null
}

export function filterProviders(
  rows: readonly ProviderVerdicts[],
  { provider, technology }: { provider: string | null; technology: string | null },
): ProviderVerdicts[] {
  return rows.filter(
    (row) =>
      (provider === null || (provider === NO_PROVIDER ? row.technology === null : row.provider === provider)) &&
      (technology === null || row.technology === technology),
  )
}

export function listProviderColumns({ t, format }: Words): TableColumn<ProviderVerdicts>[] {
  const share = ({ count, judged }: { count: number; judged: number }): number | null =>
    judged === 0 ? null : count / judged
  const ofJudged = ({ count, judged }: { count: number; judged: number }): string =>
    judged === 0
      ? format.number(null)
      : t('internet.providers.of_judged', { count: format.number(count), judged: format.number(judged) })
  const label = (key: string): string => t(`internet.providers.column.${key}`)
  const number = (key: string, read: (row: ProviderVerdicts) => number | null, priority: 1 | 2 | 3) => ({
    ...{ key, label: label(key), sort: read, align: 'end' as const, width_px: 110, priority },
    firstDirection: 'descending' as const,
  })
  const nameOf = (row: ProviderVerdicts): string =>
    row.provider ??
    (row.technology === null ? t('internet.filter.no_provider') : t(`words.technology.${row.technology}`))
  return [
    { key: 'provider', label: label('provider'), text: nameOf, sort: nameOf, width_px: 240, isRowHead: true },
    {
      key: 'technology',
      label: label('technology'),
      text: (row) => (row.technology === null ? '' : t(`words.technology.${row.technology}`)),
      sort: (row) => row.technology,
      width_px: 120,
      priority: 2,
    },
    { ...number('buildings', (row) => row.buildings, 2), text: (row) => format.number(row.buildings), width_px: 80 },
    { ...number('not_kept', (row) => share(contractShare(row)), 1), text: (row) => ofJudged(contractShare(row)) },
    { ...number('below', (row) => share(normShare(row)), 1), text: (row) => ofJudged(normShare(row)) },
    {
      ...number('contract', (row) => row.median_contract_kbps, 3),
      text: (row) => format.number(toMbps(row.median_contract_kbps), 1),
    },
    {
      ...number('measured', (row) => row.median_measured_kbps, 2),
      text: (row) => format.number(toMbps(row.median_measured_kbps), 1),
    },
  ]
}
