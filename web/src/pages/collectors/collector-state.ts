import type { CollectorRow } from '../../api/schemas.ts'
import type { StatusTone } from '../../components/status.ts'

export type CollectorState = 'fine' | 'slow' | 'behind' | 'silent'
export const COLLECTOR_TONES: Record<CollectorState, StatusTone> = {
  fine: 'ok',
  slow: 'warn',
  behind: 'warn',
  silent: 'bad',
}

/** A collector asks for work every minute at least: ten minutes without a word is silence. */
const SILENT_AFTER_MS = 10 * 60_000
/** Less than this part of what was expected is behind. */
const RECEIVED_LEAST_RATIO = 0.95
const EVENT_LOOP_NORM_MS = 50

export function judgeCollector(row: CollectorRow, seenAt: string): CollectorState {
  if (Date.parse(seenAt) - Date.parse(row.last_report_at) > SILENT_AFTER_MS) return 'silent'
  if (row.received < row.expected * RECEIVED_LEAST_RATIO || row.own_link === 'down') return 'behind'
  return row.event_loop_p999_ms !== null && row.event_loop_p999_ms > EVENT_LOOP_NORM_MS ? 'slow' : 'fine'
}
