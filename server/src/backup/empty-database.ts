import type pg from 'pg'
import { REFERENCE_LOAD_ACTION } from '../db/load-reference.ts'
import { TABLE_MANIFEST } from '../db/table-manifest.ts'
import { listTables } from './describe-database.ts'

async function isAnyThere(client: pg.ClientBase, query: string, values: unknown[] = []): Promise<boolean> {
  const { rows } = await client.query<{ is_any: boolean }>(`SELECT EXISTS (${query}) AS is_any`, values)
  return rows[0]?.is_any === true
}

/** Nobody else may be at work on it: what they hold would be taken from under them. */
async function requireUnused(client: pg.ClientBase): Promise<void> {
  const isUsed = await isAnyThere(
    client,
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'`,
  )
  if (isUsed) throw new Error('The database is in use: stop the programs that are connected to it first')
}

/**
 * Makes sure that nothing is lost by restoring into a database: it has no tables, or those of an Edumon that nobody has
 * done anything in. Every command writes an event, so an audit that knows of reference data alone says that.
 * @returns tables that are there
 * @throws when it is in use or holds anything
 */
export async function requireEmptyDatabase(client: pg.ClientBase): Promise<string[]> {
  await requireUnused(client)
  const tables = (await listTables(client)).map(({ name }) => name)
  const foreign = tables.find((name) => TABLE_MANIFEST[name] === undefined)
  if (foreign !== undefined) throw new Error(`The database is not empty: it has a table ${foreign}, which is not ours`)
  const isThere = (name: string): boolean => tables.includes(name)
  const isUsed =
    (isThere('change_set') && (await isAnyThere(client, `SELECT FROM change_set WHERE kind <> 'reference'`))) ||
    (isThere('audit_event') &&
      (await isAnyThere(client, 'SELECT FROM audit_event WHERE action <> $1', [REFERENCE_LOAD_ACTION])))
  if (isUsed) throw new Error('The database is not empty: restore into a new one')
  return tables
}
