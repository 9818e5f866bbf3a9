import { formatPeriod } from '../../domain/periods.ts'
import type { PlacedIndicator, Standpoint } from '../../indicators/evaluation-context.ts'

/** What every answer says of where it stands. Nothing is approved until periods can be closed. */
export function standingOf({ territory, request, known_at_change_set_no }: Standpoint) {
  return { territory, founder_kind: request.founder_kind ?? null, known_at_change_set_no, is_approved: false }
}

export function shownPeriodOf({ period, is_running, context }: PlacedIndicator) {
  return { ...period, title: formatPeriod(period), is_running, as_of: context.as_of }
}

/** Head of an answer about one indicator. */
export function headOf(standpoint: Standpoint, placed: PlacedIndicator) {
  return { indicator: placed.indicator.code, ...standingOf(standpoint), period: shownPeriodOf(placed) }
}
