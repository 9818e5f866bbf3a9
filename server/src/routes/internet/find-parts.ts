import type { AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { findTerritoryParts, type PlacedUnit, type TerritoryPart } from '../../domain/territory-parts.ts'

/** Kept sums that answer for a scope and a territory; null when only the ledger of hours does. */
export async function findParts(
  db: ReadExecutor,
  scope: AccessScope,
  territory_id: number | undefined,
): Promise<TerritoryPart[] | null> {
  const jurisdictions = scope.kind === 'jurisdictions' ? scope.jurisdictions : null
  const ids = [...(jurisdictions ?? []).map(({ org_unit_id }) => org_unit_id), ...(territory_id ? [territory_id] : [])]
  const units: PlacedUnit[] = await db
    .selectFrom('org_unit')
    .where((eb) =>
      eb.or([
        eb('org_unit_id', 'in', ids.length > 0 ? ids : [0]),
        ...(jurisdictions === null ? [eb('kind', '=', 'region')] : []),
      ]),
    )
    .select(['org_unit_id', 'kind', 'path'])
    .execute()
  const find = (id: number): PlacedUnit | undefined => units.find(({ org_unit_id }) => org_unit_id === id)
  const asked = territory_id === undefined ? null : find(territory_id)
  if (asked === undefined) return []
  const trees =
    jurisdictions === null
      ? units.filter(({ kind }) => kind === 'region').map((unit) => ({ unit, founder_kinds: null }))
      : jurisdictions.flatMap(({ org_unit_id, founder_kinds }) => {
          const unit = find(org_unit_id)
          return unit === undefined ? [] : [{ unit, founder_kinds }]
        })
  return findTerritoryParts(trees, asked)
}
