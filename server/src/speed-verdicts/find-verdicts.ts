import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { periodOf } from '../domain/periods.ts'
import { findChangedPlaces, type ChangedPlaces } from './changed-places.ts'
import { judgeOne, judgePlaces, ruleOf, type PlaceRecords, type VerdictQuestion } from './judge-places.ts'
import type { PlaceVerdicts } from './judge-place.ts'
import type { MeasuredPlace } from './measured-places.ts'
import { fromVerdictRows } from './verdict-rows.ts'

/** The newest run of the job that is known and judged by the same rule; null when there is none. */
async function findRun(db: ReadExecutor, { known_at_change_set_no, period, day }: VerdictQuestion) {
  const run = await db
    .selectFrom('speed_verdict_run')
    .where('through_change_set_no', '<=', known_at_change_set_no)
    .where(sql<boolean>`coalesce(change_set_no, 0) <= ${known_at_change_set_no}`)
    .where('rule_version', '=', ruleOf(period).rule_version)
    .select(['through_change_set_no', 'judged_on'])
    .orderBy('through_change_set_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  // Contracts and computers of an earlier day are asked for than what the run looked at.
  return run === undefined || (run.judged_on > day && period.last_day > day) ? null : run
}

/** Newest stored verdicts of places for a period, as known; places without a row have none. */
async function listStored(db: ReadExecutor, org_unit_ids: readonly number[], question: VerdictQuestion) {
  const rows = await db
    .selectFrom('speed_verdict')
    .where('org_unit_id', '=', sql<number>`ANY(${org_unit_ids}::bigint[])`)
    .where('period_code', '=', question.period.code)
    .where('rule_version', '=', ruleOf(question.period).rule_version)
    .where('change_set_no', '<=', question.known_at_change_set_no)
    .distinctOn(['org_unit_id', 'kind'])
    .selectAll()
    .orderBy('org_unit_id')
    .orderBy('kind')
    .orderBy('change_set_no', 'desc')
    .execute()
  return Map.groupBy(rows, ({ org_unit_id }) => org_unit_id)
}

function isChanged(place: MeasuredPlace, { months, units }: ChangedPlaces, { period }: VerdictQuestion): boolean {
  if (place.path.some((id) => units.has(id))) return true
  const gained = months.get(place.org_unit_id) ?? []
  return gained.some((month) => periodOf(period.kind, `${month}-01`).code === period.code)
}

/**
 * Verdicts on places for a period as known at a change set. What the job has stored serves where nothing has become
 * known of a place since; the others are judged by their facts. Either way they are the same.
 * @param period a month or a quarter: no other verdicts are stored
 */
export async function findVerdicts(
  db: ReadExecutor,
  places: readonly MeasuredPlace[],
  records: PlaceRecords,
  question: VerdictQuestion,
): Promise<ReadonlyMap<number, PlaceVerdicts>> {
  const run = await findRun(db, question)
  if (run === null) return judgePlaces(db, places, records, question)
  const stretch = {
    ...{ after_change_set_no: run.through_change_set_no, through_change_set_no: question.known_at_change_set_no },
    ...{ after_day: run.judged_on, through_day: question.day },
  }
  const changed = await findChangedPlaces(db, stretch, question.time_zone)
  const byChange = Map.groupBy(places, (place) => isChanged(place, changed, question))
  const unchanged = byChange.get(false) ?? []
  const stored = await listStored(
    db,
    unchanged.map(({ org_unit_id }) => org_unit_id),
    question,
  )
  const verdicts = await judgePlaces(db, byChange.get(true) ?? [], records, question)
  const judged = { ...question, rule: ruleOf(question.period) }
  for (const place of unchanged) {
    const kept = fromVerdictRows(stored.get(place.org_unit_id) ?? [])
    // The run looked at every place with tests: without a row there were none.
    verdicts.set(place.org_unit_id, kept ?? judgeOne(place, [], records, judged))
  }
  return verdicts
}
