import type { ReadExecutor } from '../../db/executor.ts'
import { listPlaceFacts } from '../../db/place-facts.ts'
import type { RegistryView } from '../../db/registry-as-known.ts'
import type { Technology } from '../../domain/connection-kinds.ts'
import { contractOn } from '../../domain/contract-timeline.ts'
import type { SettlementKind } from '../../domain/internet-rules.ts'
import { listMeasuredPlaces } from '../../speed-verdicts/measured-places.ts'

/** The provider of a place that no contract holds for. */
export const NO_PROVIDER = 'none'

/** Which places a figure is about, by where they stand and their contract of the day; absent: all. */
export interface PlaceFilter {
  settlement?: SettlementKind | 'unknown' | undefined
  provider?: string | undefined
  technology?: Technology | undefined
}

/** Ids of the places that the view shows and the filter leaves; undefined when nothing is filtered. */
export async function listFilteredPlaces(
  db: ReadExecutor,
  view: RegistryView & { territory_id: number | undefined },
  { settlement, provider, technology }: PlaceFilter,
): Promise<number[] | undefined> {
  if (settlement === undefined && provider === undefined && technology === undefined) return undefined
  const places = await listMeasuredPlaces(db, view, view.territory_id ?? null)
  const inSettlement = places.filter(
    (place) => settlement === undefined || (place.settlement_kind ?? 'unknown') === settlement,
  )
  const org_unit_ids = inSettlement.map(({ org_unit_id }) => org_unit_id)
  if (provider === undefined && technology === undefined) return org_unit_ids
  const { known_at_change_set_no } = view
  const facts = await listPlaceFacts(db, 'connection_contract', { known_at_change_set_no, org_unit_ids })
  const contracts = Map.groupBy(facts, ({ org_unit_id }) => org_unit_id)
  return org_unit_ids.filter((org_unit_id) => {
    const held = contractOn(contracts.get(org_unit_id) ?? [], view.day)
    const isOfProvider = provider === NO_PROVIDER ? held === null : held?.provider === provider
    return (provider === undefined || isOfProvider) && (technology === undefined || held?.technology === technology)
  })
}
