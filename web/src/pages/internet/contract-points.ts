import type { ChartPoint } from '../../charts/chart-model.ts'
import type { ContractGroup, ContractPoint } from '../../charts/options/contract-scatter.ts'
import { toMbps, type BuildingRow } from './building-rows.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  mbps: (value: number) => string
}

/** Each verdict has a shape of its own, so that colour is never the only sign. */
export const SCATTER_GROUPS: readonly Omit<ContractGroup, 'name'>[] = [
  { verdict: 'not_kept', symbol: 'rect', isFact: true },
  { verdict: 'cannot_tell_yet', symbol: 'triangle', isFact: false },
  { verdict: 'not_enough_data', symbol: 'emptyCircle', isFact: false },
  { verdict: 'kept', symbol: 'circle', isFact: false },
]

type ScatterPoint = ContractPoint & ChartPoint

/** Buildings with both a contract and a measured speed, the farthest below their contract first. */
export function listScatterPoints(rows: readonly BuildingRow[], { t, mbps }: Words): ScatterPoint[] {
  const points = rows.flatMap(({ organisation, building }): ScatterPoint[] => {
    const contract_mbps = toMbps(building.contract.download_kbps)
    const measured_mbps = toMbps(building.measured.median_download_kbps)
    const { verdict } = building.contract
    if (contract_mbps === null || measured_mbps === null || verdict === 'no_contract') return []
    const label = [organisation.short_name, building.short_name]
      .filter((name, at, all) => all.indexOf(name) === at)
      .join(', ')
    const value_text = t('internet.scatter.point', {
      contract: mbps(contract_mbps),
      measured: mbps(measured_mbps),
      verdict: t(`words.speed_verdict.${verdict}`),
    })
    return [
      {
        contract_mbps,
        measured_mbps,
        verdict,
        label,
        value: measured_mbps,
        value_text,
        spoken: `${label}: ${value_text}`,
      },
    ]
  })
  const ratio = (point: ScatterPoint): number => point.measured_mbps / point.contract_mbps
  return points.sort((left, right) => ratio(left) - ratio(right))
}

export function countSlower(points: readonly ContractPoint[]): number {
  return points.filter((point) => point.measured_mbps < point.contract_mbps).length
}

/** The middle value, between two in the middle their mean; 0 of nothing, where it is not shown. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}
