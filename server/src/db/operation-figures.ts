import { sql } from 'kysely'
import type { ReadExecutor } from './executor.ts'
import { KNOWN_COLLECTORS } from './known-collectors.ts'

/** Figures about the system itself, of no organisation: whoever watches the programs may see them. */
export interface OperationFigures {
  /** Seconds that the oldest due work of each kind has waited; 0: nothing waits. */
  queues: { kind: string; oldest_s: number; due: number }[]
  /** Seconds since each collector of the last week reported. */
  collectors: { collector: string; vantage: string; silent_s: number }[]
}

const QUERY_LIMIT_MS = 1500

/** Reads the figures by small queries that the database ends when they take long. */
export async function findOperationFigures(db: ReadExecutor): Promise<OperationFigures> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT set_config('statement_timeout', ${`${QUERY_LIMIT_MS}`}, true)`.execute(tx)
    const queues = await sql<OperationFigures['queues'][number]>`
      SELECT kind, count(*) FILTER (WHERE is_due)::int AS due,
             coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE is_due)), 0)::float8 AS oldest_s
        FROM (SELECT kind, due_at, due_at <= now() AND coalesce(leased_until <= now(), true) AS is_due FROM due_work) w
       GROUP BY kind ORDER BY kind`.execute(tx)
    const collectors = await sql<OperationFigures['collectors'][number]>`
      WITH RECURSIVE known AS (${KNOWN_COLLECTORS})
      SELECT known.collector, known.vantage, extract(epoch FROM now() - last.reported_at)::float8 AS silent_s
        FROM known
       CROSS JOIN LATERAL (SELECT reported_at FROM collector_report r
                            WHERE r.collector = known.collector AND r.vantage = known.vantage
                            ORDER BY reported_at DESC LIMIT 1) last
       WHERE last.reported_at > now() - interval '7 days'`.execute(tx)
    return { queues: queues.rows, collectors: collectors.rows }
  })
}
