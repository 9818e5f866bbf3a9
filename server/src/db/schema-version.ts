import type { ReadExecutor } from './executor.ts'
import { listMigrations } from './migrate.ts'

/**
 * Compares the database with what this program's version expects.
 * @returns the first migration that is missing here or there, in a sentence; null when the two fit
 */
export async function findSchemaFault(db: ReadExecutor): Promise<string | null> {
  const expected = new Set(await listMigrations())
  const rows = await db.selectFrom('schema_migration').select('name').orderBy('name').execute()
  const applied = new Set(rows.map((row) => row.name))
  const foreign = [...applied].find((name) => !expected.has(name))
  if (foreign !== undefined) {
    return `The database is newer than this program: it has migration ${foreign}, which is not known here`
  }
  const missing = [...expected].find((name) => !applied.has(name))
  return missing === undefined ? null : `The database lacks migration ${missing}: run "npm run edumon -- migrate"`
}

/**
 * Refuses to run on a database that another version of the program has made.
 * @throws with the first migration that is missing here or there
 */
export async function checkSchemaVersion(db: ReadExecutor): Promise<void> {
  const fault = await findSchemaFault(db)
  if (fault !== null) throw new Error(fault)
}
