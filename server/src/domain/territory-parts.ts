import { FOUNDER_KINDS, type FounderKind } from '../contract/index.ts'

/** Founders that sums are kept by. */
export const SUMMED_FOUNDERS = [...FOUNDER_KINDS, 'unknown'] as const
export type SummedFounder = (typeof SUMMED_FOUNDERS)[number]

/** A unit, as far as its place goes. */
export interface PlacedUnit {
  org_unit_id: number
  kind: string
  path: readonly number[]
}

/** What somebody may see: a unit with all below it, of some founders or of all (null). */
export interface VisibleTree {
  unit: PlacedUnit
  founder_kinds: readonly FounderKind[] | null
}

/** Kept sums to be added up: of a region or a municipality, of these founders. No test is in two of them. */
export interface TerritoryPart {
  territory_id: number
  founder_kinds: readonly SummedFounder[]
}

function isWithin(unit: PlacedUnit, above: PlacedUnit): boolean {
  return unit.path.includes(above.org_unit_id)
}

/** What of the trees lies in the asked unit; all of them when none is asked for. */
function narrow(trees: readonly VisibleTree[], asked: PlacedUnit | null): VisibleTree[] {
  if (asked === null) return [...trees]
  return trees.flatMap((tree) => {
    if (isWithin(asked, tree.unit)) return [{ ...tree, unit: asked }]
    return isWithin(tree.unit, asked) ? [tree] : []
  })
}

/**
 * Which kept sums together are what somebody asks for and may see; trees that overlap count once. Null when sums do not
 * answer: they are kept by region and municipality alone.
 */
export function findTerritoryParts(trees: readonly VisibleTree[], asked: PlacedUnit | null): TerritoryPart[] | null {
  const narrowed = narrow(trees, asked).sort((a, b) => a.unit.path.length - b.unit.path.length)
  if (narrowed.some(({ unit }) => unit.kind !== 'region' && unit.kind !== 'municipality')) return null
  const parts: (TerritoryPart & { unit: PlacedUnit })[] = []
  for (const { unit, founder_kinds } of narrowed) {
    const counted = new Set(parts.flatMap((part) => (isWithin(unit, part.unit) ? part.founder_kinds : [])))
    const left = (founder_kinds ?? SUMMED_FOUNDERS).filter((kind) => !counted.has(kind))
    if (left.length > 0) parts.push({ unit, territory_id: unit.org_unit_id, founder_kinds: left })
  }
  return parts.map(({ territory_id, founder_kinds }) => ({ territory_id, founder_kinds }))
}
