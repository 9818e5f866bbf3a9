import { sql, type RawBuilder } from 'kysely'
import type { ReadExecutor } from './executor.ts'

/**
 * Rows of a query as the text of a JSON array, in the query's order, written by PostgreSQL: to read thousands of rows
 * into values and write them out again costs more than to find them. Select times through `instantText`.
 */
export async function readRowsAsJson(db: ReadExecutor, query: RawBuilder<unknown>): Promise<string> {
  const { rows } = await sql<{ list: string }>`
    SELECT coalesce(json_agg(listed), '[]')::text AS list FROM (${query}) AS listed`.execute(db)
  return rows[0]?.list ?? '[]'
}

/** A time as the contract writes instants: UTC, milliseconds, a Z; null stays null. */
export function instantText(time: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql<string | null>`to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** Text of an answer: `head` with the written rows as its last field. */
export function writeListAnswer(head: object, rows: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"rows":${rows}}`
}
