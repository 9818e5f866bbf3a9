import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

/** So that equal rows are equal text on every server, in the order they lie in, and long statements are let run. */
const SESSION_SETTINGS = `
  SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET client_encoding = 'UTF8';
  SET bytea_output = 'hex'; SET extra_float_digits = 1; SET synchronize_seqscans = off;
  SET max_parallel_workers_per_gather = 0; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET search_path = public`

/** Makes a connection ready for copying. */
export async function prepareCopying(client: pg.ClientBase): Promise<void> {
  await client.query(SESSION_SETTINGS)
}

/** Rows of a table, of all its partitions, as text; `rowCount` is there at the end. */
export function copyOut(
  client: pg.ClientBase,
  table: { name: string; columns: readonly string[] },
): Readable & { rowCount: number } {
  const columns = table.columns.map((column) => `"${column}"`).join(', ')
  return client.query(copyTo(`COPY (SELECT ${columns} FROM "${table.name}") TO STDOUT`))
}

/** Count and hash of a table's rows as `copyOut` gives them. */
export async function digestTable(
  client: pg.ClientBase,
  table: { name: string; columns: readonly string[] },
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256')
  const rows = copyOut(client, table)
  for await (const chunk of rows) hash.update(chunk as Buffer)
  return { rows: rows.rowCount, sha256: hash.digest('hex') }
}
