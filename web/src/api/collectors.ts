export interface CollectorRow {
  name: string
  vantage: string
  version: string
  kinds: string[]
  last_seen_at: string | null
  last_batch_at: string | null
  expected: number
  received: number
  rejected: number
  queue: number
  overdue: number
  spooled: number | null
  event_loop_p999_ms: number | null
  memory_mb: number | null
  own_link: 'up' | 'down' | 'not_watched'
}

export interface CollectorsOverview {
  checked_at: string
  /** The hours that "expected" and "received" are counted over. */
  window_hours: number
  queue: { kind: string; due: number; leased: number; oldest_due_at: string | null }[]
  rows: CollectorRow[]
}
