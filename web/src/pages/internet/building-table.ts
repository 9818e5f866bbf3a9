import type { TableColumn } from '../../components/table-columns.ts'
import type { useFormat } from '../../composables/use-format.ts'
import { CONTRACT_ORDER, NORM_ORDER, toMbps, type BuildingRow } from './building-rows.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  format: Pick<ReturnType<typeof useFormat>, 'number'>
}

const SILENCE_ORDER = ['silent', 'at_risk', 'never_set_up', 'live', 'excused']
const DECIMALS = { speed: 1, per_computer: 2 }

function textColumns({ t }: Words): TableColumn<BuildingRow>[] {
  return [
    {
      key: 'norm',
      label: t('internet.buildings_list.column.norm'),
      text: ({ building }) =>
        building.status === null
          ? t(`words.speed_verdict.${building.norm.verdict}`)
          : t(`words.status.${building.status}`),
      sort: ({ building }) => (building.status === null ? NORM_ORDER.indexOf(building.norm.verdict) : null),
      width_px: 160,
    },
    {
      key: 'contract',
      label: t('internet.buildings_list.column.contract'),
      text: ({ building }) => t(`words.speed_verdict.${building.contract.verdict}`),
      sort: ({ building }) => CONTRACT_ORDER.indexOf(building.contract.verdict),
      width_px: 190,
      priority: 2,
    },
  ]
}

function speedColumns({ t, format }: Words): TableColumn<BuildingRow>[] {
  const column = (
    key: string,
    read: (row: BuildingRow) => number | null,
    options: { decimals?: number; priority?: 1 | 2 | 3; width_px?: number } = {},
  ): TableColumn<BuildingRow> => ({
    key,
    label: t(`internet.buildings_list.column.${key}`),
    text: (row) => format.number(read(row), options.decimals ?? DECIMALS.speed),
    sort: read,
    align: 'end',
    width_px: options.width_px ?? 96,
    priority: options.priority ?? 2,
  })
  return [
    column('measured', ({ building }) => toMbps(building.measured.median_download_kbps), {
      priority: 1,
      width_px: 120,
    }),
    column('contract_speed', ({ building }) => toMbps(building.contract.download_kbps)),
    column('self_reported', ({ building }) => toMbps(building.self_reported?.download_kbps ?? null), { priority: 3 }),
    column('capacity', ({ building }) => building.capacity.mbps_per_computer, {
      priority: 3,
      decimals: DECIMALS.per_computer,
      width_px: 108,
    }),
  ]
}

/** A building in one row; norm, contract, measured, self-reported and per computer are columns of their own. */
export function listBuildingColumns(words: Words): TableColumn<BuildingRow>[] {
  const { t } = words
  return [
    {
      key: 'name',
      label: t('internet.buildings_list.column.name'),
      text: ({ organisation, building }) => [organisation.short_name, building.short_name].join(', '),
      sort: ({ organisation, building }) => `${organisation.short_name} ${building.short_name}`,
      width_px: 190,
      isRowHead: true,
    },
    ...textColumns(words),
    ...speedColumns(words),
    {
      key: 'silence',
      label: t('internet.buildings_list.column.silence'),
      text: ({ building }) => t(`words.silence.${building.silence.silence}`),
      sort: ({ building }) => SILENCE_ORDER.indexOf(building.silence.silence),
      width_px: 128,
      priority: 2,
    },
  ]
}
