import { sql, type RawBuilder } from 'kysely'
import type { ReadExecutor } from './executor.ts'

/**
 * Rows of a query as the text of a JSON array, in the query's order, written by PostgreSQL: to read thousands of rows
 * into values and write them out again costs more than to find them. Times come as RFC 3339 with a numeric offset.
 */
export async function readRowsAsJson(db: ReadExecutor, query: RawBuilder<unknown>): Promise<string> {
  const { rows } = await sql<{ list: string }>`
    SELECT coalesce(json_agg(listed), '[]')::text AS list FROM (${query}) AS listed`.execute(db)
  return rows[0]?.list ?? '[]'
}

/** Text of an answer: `head` with the written rows as its last field. */
export function writeListAnswer(head: object, rows: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"rows":${rows}}`
}
