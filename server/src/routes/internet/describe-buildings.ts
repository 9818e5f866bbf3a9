import type { ReadExecutor } from '../../db/executor.ts'
import { readInternetRules } from '../../db/reference-files.ts'
import type { RegistryView } from '../../db/registry-as-known.ts'
import { internetRuleOn, SETTLEMENT_KINDS } from '../../domain/internet-rules.ts'
import { addDays } from '../../domain/region-day.ts'
import { countByValidity, findStates, listPlaces, listTests } from './school-queries.ts'

const COUNTED_DAYS = 30
const NEWEST_TESTS = 10
const RULES = readInternetRules()

function toInstant(at: number | null | undefined): string | null {
  return at == null ? null : new Date(at).toISOString()
}

/** Places of a school with the newest of each, its newest tests, and what the tests of the last 30 days are good for. */
export async function describeBuildings(
  db: ReadExecutor,
  view: RegistryView & { known_at: string | undefined },
  org_unit_id: number,
) {
  const places = await listPlaces(db, view, org_unit_id)
  const org_unit_ids = places.map((place) => place.org_unit_id)
  const states = await findStates(db, view, org_unit_ids)
  const from_day = addDays(view.day, 1 - COUNTED_DAYS)
  const counts = Map.groupBy(await countByValidity(db, view, { org_unit_ids, from_day }), (row) => row.org_unit_id)
  const { norm } = internetRuleOn(view.day, RULES)
  const described = []
  for (const place of places) {
    const state = states.get(place.org_unit_id)
    const settlement_kind = SETTLEMENT_KINDS.find((kind) => kind === place.settlement_kind) ?? null
    described.push({
      ...place,
      settlement_kind,
      norm_kbps: settlement_kind === null ? null : norm.kbps[settlement_kind],
      heard_at: toInstant(state?.heard_at),
      agent_version: state?.agent_version ?? null,
      last_tested_at: toInstant(state?.last_tested_at),
      last_validity: state?.last_validity ?? null,
      last_cause: state?.last_cause ?? null,
      valid_tested_at: toInstant(state?.valid_tested_at),
      download_kbps: state?.download_kbps ?? null,
      upload_kbps: state?.upload_kbps ?? null,
      min_rtt_us: state?.min_rtt_us ?? null,
      validity_counts: (counts.get(place.org_unit_id) ?? []).map(({ validity, tests }) => ({ validity, tests })),
      tests: await listTests(db, view, { org_unit_ids: [place.org_unit_id], limit: NEWEST_TESTS }),
    })
  }
  return described
}
