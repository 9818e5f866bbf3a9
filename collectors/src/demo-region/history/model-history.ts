import type { SiteCheck, WorkingDayCalendar } from '@edumon/server/contract'
import type { SiteTruth } from '../farm/farm-files.ts'
import { createRandom } from '../random.ts'
import { modelCheck, type HistoryTarget } from './model-check.ts'
import { listSlots } from './slots.ts'
import { findTrouble, isOwnLinkDown, listTroubles, type Span } from './story.ts'

/** Rounds of one instant are spread over this time, as probes of a thousand sites are. */
const SPREAD_MS = 10 * 60_000

export interface HistoryModel {
  seed: number
  span: Span
  vantages: readonly string[]
  calendar: WorkingDayCalendar
}

/** Each site is seen from one vantage in the modelled past, so that its rows stay in the order of time. */
export function pickVantageNo(site: SiteTruth, { seed, vantages }: HistoryModel): number {
  return createRandom(seed, `${site.key}-vantage`).int(0, vantages.length - 1)
}

/** All modelled probes of one site in the order of time. The same model and target always give the same rows. */
export function modelHistory(target: HistoryTarget, site: SiteTruth, model: HistoryModel): SiteCheck[] {
  const { seed, span, calendar } = model
  const random = createRandom(seed, `${site.key}-rounds`)
  const troubles = listTroubles(site, span, seed)
  const vantage_no = pickVantageNo(site, model)
  const delay_ms = random.int(0, SPREAD_MS / 1000) * 1000
  return listSlots(span.until_ms - SPREAD_MS, span.days, calendar).map((slot) => {
    const at_ms = slot + delay_ms
    const trouble = findTrouble(troubles, at_ms, random)
    const is_own_link_down = isOwnLinkDown(vantage_no, at_ms, span)
    return modelCheck(target, site, { at_ms, trouble, is_own_link_down }, span, seed)
  })
}
