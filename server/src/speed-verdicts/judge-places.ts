import type { ReadExecutor } from '../db/executor.ts'
import { listPlaceFacts, type PlaceFact } from '../db/place-facts.ts'
import { readInternetRules } from '../db/reference-files.ts'
import { internetRuleOn, type InternetRule } from '../domain/internet-rules.ts'
import { periodEdges, type Period } from '../domain/periods.ts'
import { judgePlace, type Contract, type JudgedPeriod, type PlaceVerdicts } from './judge-place.ts'
import type { MeasuredPlace } from './measured-places.ts'
import { listValidTests } from './valid-tests.ts'

const RULES = readInternetRules()
/** A month of three tests a day each: so many are held in memory at once. */
const PLACES_AT_ONCE = 500

/** What places are judged for. */
export interface VerdictQuestion {
  period: Period
  /** The period's last day, or today in a running one. */
  day: string
  known_at_change_set_no: number
  time_zone: string
}

/** The rule that verdicts of a period are reached by: that of its last day. */
export function ruleOf(period: Period): InternetRule {
  return internetRuleOn(period.last_day, RULES)
}

/** Facts of places besides their tests, as of the judged day. */
export interface PlaceRecords {
  contracts: ReadonlyMap<number, readonly Contract[]>
  /** Newest number of computers, by place. */
  computers: ReadonlyMap<number, number>
  /** What somebody reported of the speed, newest first. */
  self_reported: ReadonlyMap<number, readonly PlaceFact<'self_reported_speed'>[]>
}

/** An organisation's report is its only place's; of several places it does not say where the computers stand. */
function spreadComputers(places: readonly MeasuredPlace[], reports: readonly PlaceFact<'capacity_report'>[]) {
  const newest = new Map<number, number>()
  for (const { org_unit_id, computers } of reports) if (computers !== null) newest.set(org_unit_id, computers)
  const computers = new Map<number, number>()
  for (const { org_unit_id, organisation_id, is_only } of places) {
    const own = newest.get(org_unit_id) ?? (is_only ? newest.get(organisation_id) : undefined)
    if (own !== undefined) computers.set(org_unit_id, own)
  }
  return computers
}

/** Records of these places, as of the judged day. */
export async function readPlaceRecords(
  db: ReadExecutor,
  places: readonly MeasuredPlace[],
  { day, known_at_change_set_no }: Pick<VerdictQuestion, 'day' | 'known_at_change_set_no'>,
): Promise<PlaceRecords> {
  const org_unit_ids = [...new Set(places.flatMap((place) => [place.org_unit_id, place.organisation_id]))]
  const asked = { known_at_change_set_no, org_unit_ids }
  const [contracts, reports, reported] = await Promise.all([
    listPlaceFacts(db, 'connection_contract', asked),
    listPlaceFacts(db, 'capacity_report', asked),
    listPlaceFacts(db, 'self_reported_speed', asked),
  ])
  return {
    contracts: Map.groupBy(contracts, ({ org_unit_id }) => org_unit_id),
    computers: spreadComputers(
      places,
      reports.filter(({ as_of_day }) => as_of_day <= day),
    ),
    self_reported: Map.groupBy(
      reported.filter(({ reported_on }) => reported_on <= day).toReversed(),
      ({ org_unit_id }) => org_unit_id,
    ),
  }
}

/** Judges places by all their facts. */
export async function judgePlaces(
  db: ReadExecutor,
  places: readonly MeasuredPlace[],
  records: PlaceRecords,
  question: VerdictQuestion,
): Promise<Map<number, PlaceVerdicts>> {
  const { period, day, time_zone, known_at_change_set_no } = question
  const judged: JudgedPeriod = { period, day, time_zone, rule: ruleOf(period) }
  const edges = periodEdges(period, time_zone)
  const verdicts = new Map<number, PlaceVerdicts>()
  for (let start = 0; start < places.length; start += PLACES_AT_ONCE) {
    const part = places.slice(start, start + PLACES_AT_ONCE)
    const org_unit_ids = part.map(({ org_unit_id }) => org_unit_id)
    const tests = await listValidTests(db, { ...edges, org_unit_ids, known_at_change_set_no })
    for (const place of part)
      verdicts.set(place.org_unit_id, judgeOne(place, tests.get(place.org_unit_id), records, judged))
  }
  return verdicts
}

/** Judges a place by its tests and the records of all. */
export function judgeOne(
  { org_unit_id, settlement_kind }: MeasuredPlace,
  tests: Parameters<typeof judgePlace>[0]['tests'] | undefined,
  records: PlaceRecords,
  judged: JudgedPeriod,
): PlaceVerdicts {
  const contracts = records.contracts.get(org_unit_id) ?? []
  const computers = records.computers.get(org_unit_id) ?? null
  return judgePlace({ tests: tests ?? [], contracts, settlement_kind, computers }, judged)
}
