import type { BuildingVerdicts, OrganisationVerdicts, SpeedSumsQuery } from '../../api/internet.ts'
import type { StatusTone } from '../../components/status.ts'

/** A building with the organisation that it belongs to. */
export interface BuildingRow {
  organisation: Pick<OrganisationVerdicts, 'org_unit_id' | 'short_name'>
  building: BuildingVerdicts
  /** The building by which its organisation is judged; only where there are several. */
  is_worst: boolean
}
type NormVerdict = BuildingVerdicts['norm']['verdict']
type ContractVerdict = BuildingVerdicts['contract']['verdict']
type SilenceClass = BuildingVerdicts['silence']['silence']

export const NORM_TONES: Record<NormVerdict, StatusTone> = { meets: 'ok', below: 'bad', not_enough_data: 'unknown' }
export const CONTRACT_TONES: Record<ContractVerdict, StatusTone> = {
  kept: 'ok',
  not_kept: 'bad',
  cannot_tell_yet: 'unknown',
  not_enough_data: 'unknown',
  no_contract: 'unknown',
}
export const SILENCE_TONES: Record<SilenceClass, StatusTone> = {
  live: 'ok',
  at_risk: 'warn',
  silent: 'bad',
  excused: 'unknown',
  never_set_up: 'unknown',
}
/** The order of the screen: what has to be looked at first. */
export const NORM_ORDER: readonly NormVerdict[] = ['below', 'not_enough_data', 'meets']
export const CONTRACT_ORDER: readonly ContractVerdict[] = [
  'not_kept',
  'cannot_tell_yet',
  'not_enough_data',
  'no_contract',
  'kept',
]

/** Words of the URL that pick buildings; null: all. `none` is a provider of its own: no contract holds. */
export interface BuildingFilter {
  provider: string | null
  technology: string | null
  settlement: string | null
}
export const NO_PROVIDER = 'none'

/** The same choice as reads of sums take it. A word of the URL that is none of theirs they refuse. */
export function toSumsFilter({ provider, technology, settlement }: BuildingFilter): SpeedSumsQuery {
  return {
    ...(provider !== null && { provider }),
    ...(technology !== null && { technology }),
    ...(settlement !== null && { settlement }),
  } as SpeedSumsQuery
}

export function listBuildings(organisations: readonly OrganisationVerdicts[]): BuildingRow[] {
  return organisations.flatMap((organisation) =>
    organisation.buildings.map((building) => ({
      organisation,
      building,
      is_worst: organisation.buildings.length > 1 && organisation.worst_unit_id === building.org_unit_id,
    })),
  )
}

export function filterBuildings(rows: readonly BuildingRow[], filter: BuildingFilter): BuildingRow[] {
  const { provider, technology, settlement } = filter
  return rows.filter(({ building }) => {
    const held = building.contract
    return (
      (provider === null || (provider === NO_PROVIDER ? held.technology === null : held.provider === provider)) &&
      (technology === null || held.technology === technology) &&
      (settlement === null || (building.settlement_kind ?? 'unknown') === settlement)
    )
  })
}

/** Buildings with these verdicts; null: with any. Excused ones have none. */
export function filterByVerdict(
  rows: readonly BuildingRow[],
  { norm, contract }: { norm: string | null; contract: string | null },
): BuildingRow[] {
  return rows.filter(
    ({ building }) =>
      (norm === null || (building.status === null && building.norm.verdict === norm)) &&
      (contract === null || (building.status === null && building.contract.verdict === contract)),
  )
}

/** Values that occur, each once, in the order of the alphabet; absent ones are left out. */
export function listValues(rows: readonly BuildingRow[], read: (row: BuildingRow) => string | null): string[] {
  const found = new Set(rows.flatMap((row) => read(row) ?? []))
  return [...found].sort((left, right) => left.localeCompare(right, 'ru'))
}

export interface VerdictCounts {
  norm: Record<NormVerdict, number>
  contract: Record<ContractVerdict, number>
  /** Buildings that a dated status takes out: they are in neither. */
  excused: number
  silent: number
}

/** Buildings by verdict; excused ones are counted apart. */
export function countVerdicts(rows: readonly BuildingRow[]): VerdictCounts {
  const counts: VerdictCounts = {
    norm: { meets: 0, below: 0, not_enough_data: 0 },
    contract: { kept: 0, not_kept: 0, cannot_tell_yet: 0, not_enough_data: 0, no_contract: 0 },
    excused: 0,
    silent: 0,
  }
  for (const { building } of rows) {
    if (building.silence.silence === 'silent') counts.silent += 1
    if (building.status !== null) {
      counts.excused += 1
      continue
    }
    counts.norm[building.norm.verdict] += 1
    counts.contract[building.contract.verdict] += 1
  }
  return counts
}

/** Mbit/s on the screen; null stays null. */
export function toMbps(kbps: number | null): number | null {
  return kbps === null ? null : kbps / 1000
}

/** How far measured is from the norm, 1 is at the norm; null without either. */
function normRatio({ norm, measured }: BuildingVerdicts): number | null {
  if (norm.norm_kbps === null || measured.median_download_kbps === null) return null
  return measured.median_download_kbps / norm.norm_kbps
}

/** The worst first: by verdict, then by the distance to the norm. */
export function orderBuildings(rows: readonly BuildingRow[]): BuildingRow[] {
  const rank = ({ building }: BuildingRow): number =>
    building.status === null ? NORM_ORDER.indexOf(building.norm.verdict) : NORM_ORDER.length
  return rows.toSorted(
    (left, right) =>
      rank(left) - rank(right) ||
      (normRatio(left.building) ?? 2) - (normRatio(right.building) ?? 2) ||
      left.organisation.short_name.localeCompare(right.organisation.short_name, 'ru'),
  )
}
