import { sql, type Expression, type RawBuilder } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { RECENT_MINUTES } from '../domain/schedule.ts'
import type { EvaluationContext } from './indicator.ts'

/** What a probe said longer ago than this says nothing of the state any more: the site counts as not reported. */
const MAX_AGE_DAYS = 7
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Half-open stretch of time. */
export interface TimeWindow {
  from: Date
  to: Date
}

/** The time whose newest fact speaks for a site's state. */
export function stateWindow({ as_of }: EvaluationContext): TimeWindow {
  return { from: new Date(as_of.getTime() - MAX_AGE_DAYS * DAY_MS), to: as_of }
}

/**
 * The same time in two steps: nearly every site's newest fact is in the last hours, and only the others have to be
 * looked for in the days before. Reading all the days of all sites for one fact each would cost a hundred times more.
 */
function stepsBack(context: EvaluationContext): { recent: TimeWindow; older: TimeWindow } {
  const { from, to } = stateWindow(context)
  const turn = new Date(to.getTime() - RECENT_MINUTES * MINUTE_MS)
  return { recent: { from: turn, to }, older: { from, to: turn } }
}

export interface SiteKey {
  org_unit_id: number
  target_id: string
}

/** The sites of a table of the query, by its name. */
export function askedSites(table: string): RawBuilder<SiteKey> {
  return sql.table(table)
}

/** Sites of a table of the query that have no row among others. */
export function sitesNotIn(db: ReadExecutor, asked: string, others: Expression<SiteKey>) {
  return db
    .selectFrom(askedSites(asked).as('asked'))
    .leftJoin(sql<SiteKey>`${others}`.as('other'), (join) =>
      join.onRef('other.org_unit_id', '=', 'asked.org_unit_id').onRef('other.target_id', '=', 'asked.target_id'),
    )
    .where('other.target_id', 'is', null)
    .select(['asked.org_unit_id', 'asked.target_id'])
}

/**
 * What is kept of a site serves as long as it holds nothing that the context may not know: the row was written by a
 * known change set, and its newest fact lies before the context's instant. Then every newer fact would be unknown or
 * later too, so the answer is the same as from the facts. Otherwise the site is looked for among them.
 */
export function isKeptUsable(context: EvaluationContext, kept: { change_set_no: string; newest_at: string }) {
  return sql<boolean>`${sql.ref(kept.change_set_no)} <= ${context.known_at_change_set_no}
    and coalesce(${sql.ref(kept.newest_at)} < ${context.as_of}, true)`
}

/**
 * The newest fact of each row of `unkept`, at most one row a site: from the last hours, else from the days before.
 * `within` finds the newest facts of a stretch of time of the sites of a table, by its name.
 */
export function newestFacts<Row extends SiteKey>(
  db: ReadExecutor,
  context: EvaluationContext,
  within: (asked: string, window: TimeWindow) => Expression<Row>,
): Expression<Row> {
  const { recent, older } = stepsBack(context)
  return sql<Row>`(
    with recent as (${within('unkept', recent)}),
         unfound as (${sitesNotIn(db, 'unkept', askedSites('recent'))}),
         older as (${within('unfound', older)})
    select * from recent union all select * from older)`
}
