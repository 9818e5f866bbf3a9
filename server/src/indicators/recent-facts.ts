import { sql, type RawBuilder } from 'kysely'
import type { EvaluationContext } from './indicator.ts'

/** What a probe said longer ago than this says nothing of the state any more: the site counts as not reported. */
const MAX_AGE_DAYS = 7
/** Every site that is probed at all has been probed within this time; sites outside incidents wait an hour at most. */
const RECENT_HOURS = 3
const HOUR_MS = 3_600_000

/** Half-open stretch of time. */
export interface TimeWindow {
  from: Date
  to: Date
}

/** The time whose newest fact speaks for a site's state. */
export function stateWindow({ as_of }: EvaluationContext): TimeWindow {
  return { from: new Date(as_of.getTime() - MAX_AGE_DAYS * 24 * HOUR_MS), to: as_of }
}

/**
 * The same time in two steps: nearly every site's newest fact is in the last hours, and only the others have to be
 * looked for in the days before. Reading all the days of all sites for one fact each would cost a hundred times more.
 */
export function stepsBack(context: EvaluationContext): { recent: TimeWindow; older: TimeWindow } {
  const { from, to } = stateWindow(context)
  const turn = new Date(to.getTime() - RECENT_HOURS * HOUR_MS)
  return { recent: { from: turn, to }, older: { from, to: turn } }
}

/** Which sites are asked about: all of them, or those that the first step has not found. */
export type AskedSites = 'site' | 'unfound'

export function askedSites(sites: AskedSites): RawBuilder<{ org_unit_id: number; target_id: string }> {
  return sql.table(sites)
}
