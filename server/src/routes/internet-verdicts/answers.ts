import { mbpsPerComputer } from '../../domain/usable-capacity.ts'
import { judgeOrganisation } from '../../domain/worst-building.ts'
import type { PlaceJudgement } from '../../indicators/place-judgements.ts'
import type { PlaceSilence } from '../../speed-verdicts/place-silence.ts'

function contractView({ verdicts, contract }: PlaceJudgement) {
  const { interval, ...judged } = verdicts.contract
  return {
    ...judged,
    share_low: interval?.low ?? null,
    share_high: interval?.high ?? null,
    provider: contract?.provider ?? null,
    technology: contract?.technology ?? null,
    download_kbps: contract?.download_kbps ?? null,
    upload_kbps: contract?.upload_kbps ?? null,
    speed_terms: contract?.speed_terms ?? null,
    has_guaranteed_traffic: contract?.has_guaranteed_traffic ?? null,
    contract_number: contract?.contract_number ?? null,
    valid_from: contract?.valid_from ?? null,
    valid_to: contract?.valid_to ?? null,
  }
}

/** What is said of one building: norm, contract, measured, self-reported and capacity stay apart. */
function buildingView(judgement: PlaceJudgement, silence: PlaceSilence | undefined) {
  const { place, verdicts, self_reported, status } = judgement
  const { org_unit_id, short_name, address, settlement_kind, latitude, longitude } = place
  const { median_download_kbps, median_upload_kbps, ...norm } = verdicts.norm
  const { capacity, computers } = verdicts
  return {
    ...{ org_unit_id, short_name, address, settlement_kind, latitude, longitude },
    ...{ status, norm, self_reported, silence },
    contract: contractView(judgement),
    measured: { median_download_kbps, median_upload_kbps, ...verdicts.basis },
    capacity: {
      verdict: capacity,
      computers,
      mbps_per_computer: capacity === 'known' ? mbpsPerComputer(median_download_kbps, computers) : null,
    },
  }
}

/** An organisation with its buildings; excused ones are shown and do not decide. */
function organisationView(buildings: readonly PlaceJudgement[], silences: ReadonlyMap<number, PlaceSilence>) {
  const [first] = buildings
  if (first === undefined) throw new Error('An organisation is listed by its buildings')
  const { organisation_id, organisation_name, path, founder_kind } = first.place
  const { verdict, worst } = judgeOrganisation(
    buildings
      .filter(({ status }) => status === null)
      .map(({ place, verdicts }) => ({ org_unit_id: place.org_unit_id, judgement: verdicts.norm })),
  )
  return {
    ...{ org_unit_id: organisation_id, short_name: organisation_name, municipality_id: path[1] ?? null, founder_kind },
    norm_verdict: worst === null ? null : verdict,
    worst_unit_id: worst?.org_unit_id ?? null,
    buildings: buildings.map((building) => buildingView(building, silences.get(building.place.org_unit_id))),
  }
}

/** Organisations by name, each with its buildings. */
export function listOrganisations(judged: readonly PlaceJudgement[]): PlaceJudgement[][] {
  const organisations = Map.groupBy(judged, ({ place }) => place.organisation_id)
  const nameOf = (buildings: readonly PlaceJudgement[]): string => buildings[0]?.place.organisation_name ?? ''
  const idOf = (buildings: readonly PlaceJudgement[]): number => buildings[0]?.place.organisation_id ?? 0
  return [...organisations.values()].sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'ru') || idOf(a) - idOf(b))
}

export function organisationViews(
  organisations: readonly (readonly PlaceJudgement[])[],
  silences: ReadonlyMap<number, PlaceSilence>,
) {
  return organisations.map((buildings) => organisationView(buildings, silences))
}
