import type { OrgUnitRow, SiteState } from '../../api/schemas.ts'
import type { SiteVerdict } from '../../components/status.ts'

/** A unit of the registry with the state of its site; null: it has no site of its own. */
export interface SchoolRow {
  unit: OrgUnitRow
  state: SiteState | null
}

/** Joins the registry with the states of sites; of several sites of one unit the troubled one speaks for it. */
export function joinStates(units: readonly OrgUnitRow[], states: readonly SiteState[]): SchoolRow[] {
  const byUnit = new Map<number, SiteState>()
  for (const state of states) {
    const known = byUnit.get(state.org_unit_id)
    if (known === undefined || rankVerdict(state.verdict) < rankVerdict(known.verdict))
      byUnit.set(state.org_unit_id, state)
  }
  return units.map((unit) => ({ unit, state: byUnit.get(unit.org_unit_id) ?? null }))
}

const RANK: Record<SiteVerdict, number> = { does_not_work: 0, cannot_tell: 1, blocks_robots: 2, works: 3 }
const NOT_CHECKED_RANK = 4

/** Problems first: what does not work stands above what cannot be judged, that above what works. */
export function rankVerdict(verdict: SiteVerdict | null): number {
  return verdict === null ? NOT_CHECKED_RANK : RANK[verdict]
}

/** Keeps the rows whose site has the verdict; null keeps all. */
export function filterByVerdict(rows: readonly SchoolRow[], verdict: string | null): readonly SchoolRow[] {
  if (verdict === null) return rows
  if (verdict === 'no_site') return rows.filter((row) => row.state === null)
  return rows.filter((row) => row.state?.verdict === verdict)
}

/** Legal entities, branches and buildings of a list; those that hang below its organisations are counted as well. */
export function countUnits(units: readonly OrgUnitRow[]): {
  organisations: number
  branches: number
  buildings: number
} {
  const organisations = units.filter((unit) => unit.kind === 'organisation')
  const below = (key: 'branches' | 'buildings'): number => organisations.reduce((sum, unit) => sum + unit[key], 0)
  return { organisations: organisations.length, branches: below('branches'), buildings: below('buildings') }
}
