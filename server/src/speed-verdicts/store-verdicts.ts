import { sql, type Kysely } from 'kysely'
import { systemScope } from '../db/access-scope.ts'
import { systemAuthor } from '../db/audit-author.ts'
import { findLatestChangeSetNo, openChangeSet } from '../db/change-set.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { parsePeriod, periodOf, type Period } from '../domain/periods.ts'
import { dayInZone } from '../domain/region-day.ts'
import { findChangedPlaces, type ChangedPlaces } from './changed-places.ts'
import { judgePlaces, readPlaceRecords, ruleOf, type VerdictQuestion } from './judge-places.ts'
import { listMeasuredPlaces, type MeasuredPlace } from './measured-places.ts'
import { toVerdictRows, type VerdictRow } from './verdict-rows.ts'

const ACTOR = 'speed verdicts'
/** Before any day that something is known of. */
const BEGINNING = '1900-01-01'

interface Round {
  through_change_set_no: number
  day: string
  time_zone: string
}

async function findLastRun(db: ReadExecutor, rule_version: number) {
  const run = await db
    .selectFrom('speed_verdict_run')
    .where('rule_version', '=', rule_version)
    .select(['through_change_set_no', 'judged_on'])
    .orderBy('through_change_set_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  return run ?? { through_change_set_no: 0, judged_on: BEGINNING }
}

/** All months in which places have tests. */
async function listMonthsWithTests(db: ReadExecutor, org_unit_ids: readonly number[], { time_zone }: Round) {
  const { rows } = await sql<{ org_unit_id: number; month: string }>`
    SELECT DISTINCT org_unit_id, to_char(tested_at AT TIME ZONE ${time_zone}, 'YYYY-MM') AS month
      FROM speed_test WHERE org_unit_id = ANY(${org_unit_ids}::bigint[])`.execute(db)
  return rows
}

/** Ids of places to judge anew, by the code of the month or quarter; a place that has ended since is among them. */
async function listDue(
  db: ReadExecutor,
  places: readonly MeasuredPlace[],
  changed: ChangedPlaces,
  round: Round,
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const below = places.filter(({ path }) => path.some((id) => changed.units.has(id)))
  const touched = new Set([...changed.units, ...below.map(({ org_unit_id }) => org_unit_id)])
  const gained = [...changed.months].flatMap(([org_unit_id, months]) => months.map((month) => ({ org_unit_id, month })))
  const due = new Map<string, Set<number>>()
  for (const { org_unit_id, month } of [...gained, ...(await listMonthsWithTests(db, [...touched], round))]) {
    for (const kind of ['month', 'quarter'] as const) {
      const { code } = periodOf(kind, `${month}-01`)
      due.set(code, (due.get(code) ?? new Set<number>()).add(org_unit_id))
    }
  }
  return due
}

/** Rows that say something else than the newest stored ones. */
async function listDiffering(db: ReadExecutor, period_code: string, rows: readonly VerdictRow[]) {
  const stored = await db
    .selectFrom('speed_verdict')
    .where('period_code', '=', period_code)
    .where('org_unit_id', '=', sql<number>`ANY(${rows.map(({ org_unit_id }) => org_unit_id)}::bigint[])`)
    .distinctOn(['org_unit_id', 'kind', 'rule_version'])
    .selectAll()
    .orderBy('org_unit_id')
    .orderBy('kind')
    .orderBy('rule_version')
    .orderBy('change_set_no', 'desc')
    .execute()
  const unmade = { change_set_no: 0, through_change_set_no: 0 }
  const said = new Set(stored.map((row) => canonicalJson({ ...row, ...unmade })))
  return rows.filter((row) => !said.has(canonicalJson({ ...row, ...unmade })))
}

async function judgePeriod(db: ReadExecutor, period: Period, due: ReadonlySet<number>, round: Round) {
  const day = period.last_day < round.day ? period.last_day : round.day
  const known = { known_at_change_set_no: round.through_change_set_no, day }
  const question: VerdictQuestion = { ...known, period, time_zone: round.time_zone }
  const all = await listMeasuredPlaces(db, { ...known, scope: systemScope(ACTOR) })
  const places = all.filter(({ org_unit_id }) => due.has(org_unit_id))
  const records = await readPlaceRecords(db, places, known)
  const verdicts = await judgePlaces(db, places, records, question)
  const rows = [...verdicts].flatMap(([org_unit_id, own]) => toVerdictRows(org_unit_id, period.code, own))
  return listDiffering(db, period.code, rows)
}

/**
 * Judges the months and quarters of places of which something became known since the last run, and stores the verdicts
 * that came out differently. Numbers of change sets follow the order of commits, so nothing is passed over.
 * @returns how many places had changed, and how many verdicts were stored
 */
export async function storeVerdicts(
  db: Kysely<DB>,
  now: Date,
  time_zone: string,
): Promise<{ buildings: number; verdicts: number }> {
  const day = dayInZone(now, time_zone)
  const { rule_version } = ruleOf(periodOf('month', day))
  const through_change_set_no = await findLatestChangeSetNo(db)
  const last = await findLastRun(db, rule_version)
  if (last.through_change_set_no === through_change_set_no && last.judged_on === day)
    return { buildings: 0, verdicts: 0 }
  const stretch = {
    ...{ after_change_set_no: last.through_change_set_no, through_change_set_no },
    ...{ after_day: last.judged_on, through_day: day },
  }
  const round: Round = { through_change_set_no, day, time_zone }
  const changed = await findChangedPlaces(db, stretch, time_zone)
  const view = { scope: systemScope(ACTOR), day, known_at_change_set_no: through_change_set_no }
  const due = await listDue(db, await listMeasuredPlaces(db, view), changed, round)
  const rows: VerdictRow[] = []
  for (const [code, org_unit_ids] of due) {
    const period = parsePeriod(code)
    if (period !== null) rows.push(...(await judgePeriod(db, period, org_unit_ids, round)))
  }
  const counts = { buildings: new Set([...due.values()].flatMap((own) => [...own])).size, verdicts: rows.length }
  await db.transaction().execute(async (tx) => {
    const run = { through_change_set_no, rule_version, judged_on: day, made_at: now, ...counts }
    if (rows.length === 0) {
      await tx.insertInto('speed_verdict_run').values(run).execute()
      return
    }
    const summary = `Вердикты об Интернете: ${rows.length}`
    const { change_set_no } = await openChangeSet(tx, { kind: 'batch', actor: 'system', summary })
    await insertRows(
      tx,
      'speed_verdict',
      rows.map((row) => ({ ...row, change_set_no, through_change_set_no })),
    )
    await tx
      .insertInto('speed_verdict_run')
      .values({ ...run, change_set_no })
      .execute()
    const by = systemAuthor('system')
    const subject = `change set ${change_set_no}`
    await insertAuditEvent(tx, {
      by,
      category: 'data',
      action: 'speed_verdict.store',
      subject,
      change_set_no,
      detail: counts,
    })
  })
  return counts
}
