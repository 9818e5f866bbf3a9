import { sql } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import { listPlaceFacts } from '../../db/place-facts.ts'
import { orgUnitsOn, unitIdsEverWithin, type RegistryView } from '../../db/registry-as-known.ts'
import { contractOn, findSeams } from '../../domain/contract-timeline.ts'

async function listUnitsWithin(db: ReadExecutor, view: RegistryView, org_unit_id: number) {
  return db
    .selectFrom(orgUnitsOn(db, view, unitIdsEverWithin([org_unit_id])).as('unit'))
    .where(sql<boolean>`${org_unit_id}::bigint = ANY(unit.path)`)
    .select(['unit.org_unit_id', 'unit.short_name'])
    .orderBy('unit.org_unit_id')
    .execute()
}

/**
 * Contracts of a unit and all that lies in it, as known, by building and first day, with the seams between those of one
 * building: days on which two hold at once, or none does. Empty lists for a unit without contracts.
 */
export async function listContracts(db: ReadExecutor, view: RegistryView, org_unit_id: number) {
  const units = await listUnitsWithin(db, view, org_unit_id)
  const names = new Map(units.map((unit) => [unit.org_unit_id, unit.short_name]))
  const { known_at_change_set_no } = view
  const asked = { known_at_change_set_no, org_unit_ids: [...names.keys()] }
  const facts = await listPlaceFacts(db, 'connection_contract', asked)
  const places = [...Map.groupBy(facts, (fact) => fact.org_unit_id).values()]
  const placeOf = (id: number) => ({ org_unit_id: id, short_name: names.get(id) ?? '' })
  return {
    rows: places.flatMap((contracts) => {
      const current = contractOn(contracts, view.day)
      return contracts.map((contract) => ({
        ...contract,
        ...placeOf(contract.org_unit_id),
        is_current: contract === current,
      }))
    }),
    seams: places.flatMap((contracts) =>
      findSeams(contracts).map(({ kind, before, after, first_day, last_day }) => ({
        ...placeOf(after.org_unit_id),
        ...{ kind, first_day, last_day },
        before_number: before.contract_number,
        after_number: after.contract_number,
      })),
    ),
  }
}
