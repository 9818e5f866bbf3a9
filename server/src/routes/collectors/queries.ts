import { sql } from 'kysely'
import type { WorkKind } from '../../contract/index.ts'
import type { AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { KNOWN_COLLECTORS } from '../../db/known-collectors.ts'

interface CollectorFigures {
  name: string
  vantage: string
  version: string
  kinds: WorkKind[] | null
  last_report_at: Date
  last_measurement_at: Date | null
  expected: number
  received: number
  rejected: number
  spooled: number | null
  event_loop_p999_ms: number | null
  memory_mb: number | null
  witnesses: number | null
  witnesses_reachable: number | null
}

function linkOf(row: CollectorFigures): 'up' | 'down' | 'not_watched' {
  if (row.witnesses === null || row.witnesses === 0 || row.witnesses_reachable === null) return 'not_watched'
  return (row.witnesses - row.witnesses_reachable) * 2 > row.witnesses ? 'down' : 'up'
}

/**
 * Collectors that reported within the last week, with what was expected of them and what came in the window. The
 * statement's time, unlike the clock's, stands still, so that indexes by time serve.
 */
async function listCollectors(db: ReadExecutor, window_hours: number) {
  const { rows } = await sql<CollectorFigures>`
    WITH RECURSIVE known AS (${KNOWN_COLLECTORS}), last AS (
      SELECT r.*
        FROM known
       CROSS JOIN LATERAL (SELECT * FROM collector_report r
                            WHERE r.collector = known.collector AND r.vantage = known.vantage
                            ORDER BY reported_at DESC LIMIT 1) r
       WHERE r.reported_at > statement_timestamp() - interval '7 days'
    ), sums AS (
      SELECT collector, vantage, sum(accepted)::int AS received, sum(rejected)::int AS rejected,
             max(reported_at) FILTER (WHERE accepted > 0) AS last_measurement_at
        FROM collector_report WHERE reported_at > statement_timestamp() - make_interval(hours => ${window_hours})
       GROUP BY collector, vantage
    ), leased AS (
      SELECT l.collector, l.vantage, array_agg(DISTINCT l.kind ORDER BY l.kind) AS kinds,
             count(*) FILTER (WHERE w.work_id IS NULL AND l.kind <> 'sheet_parse')::int AS expected
        FROM lease l
        LEFT JOIN due_work w ON w.lease_id = l.lease_id AND w.leased_until > statement_timestamp()
       WHERE l.issued_at > statement_timestamp() - make_interval(hours => ${window_hours})
       GROUP BY l.collector, l.vantage
    )
    SELECT last.collector AS name, last.vantage, last.version, leased.kinds, last.reported_at AS last_report_at,
           sums.last_measurement_at, coalesce(leased.expected, 0) AS expected, coalesce(sums.received, 0) AS received,
           coalesce(sums.rejected, 0) AS rejected, last.spooled, last.event_loop_p999_ms, last.memory_mb,
           last.witnesses, last.witnesses_reachable
      FROM last
      LEFT JOIN sums ON sums.collector = last.collector AND sums.vantage = last.vantage
      LEFT JOIN leased ON leased.collector = last.collector AND leased.vantage = last.vantage
     ORDER BY last.collector, last.vantage`.execute(db)
  return rows.map(({ witnesses, witnesses_reachable, ...row }) => ({
    ...row,
    kinds: row.kinds ?? [],
    last_report_at: row.last_report_at.toISOString(),
    last_measurement_at: row.last_measurement_at?.toISOString() ?? null,
    own_link: linkOf({ ...row, witnesses, witnesses_reachable }),
  }))
}

interface QueueFigures {
  kind: WorkKind
  vantage: string | null
  planned: number
  due: number
  leased: number
  overdue: number
  oldest_due_at: Date | null
}

/** How much work waits, by kind and vantage. */
async function listQueues(db: ReadExecutor) {
  const { rows } = await sql<QueueFigures>`
    SELECT kind, vantage, count(*)::int AS planned,
           count(*) FILTER (WHERE due_at <= moment AND NOT is_leased)::int AS due,
           count(*) FILTER (WHERE is_leased)::int AS leased,
           count(*) FILTER (WHERE due_at <= moment - interval '5 minutes' AND NOT is_leased)::int AS overdue,
           min(due_at) FILTER (WHERE due_at <= moment AND NOT is_leased) AS oldest_due_at
      FROM (SELECT kind, vantage, due_at, now() AS moment, coalesce(leased_until > now(), false) AS is_leased FROM due_work) w
     GROUP BY kind, vantage ORDER BY kind, vantage`.execute(db)
  return rows.map((row) => ({ ...row, oldest_due_at: row.oldest_due_at?.toISOString() ?? null }))
}

export interface CollectorsView {
  /** Collectors belong to nobody: whoever may read them sees all. */
  scope: AccessScope
  window_hours: number
}

export async function findCollection(db: ReadExecutor, { window_hours }: CollectorsView) {
  return { queues: await listQueues(db), rows: await listCollectors(db, window_hours) }
}
