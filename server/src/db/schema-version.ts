import type { ReadExecutor } from './executor.ts'
import { listMigrations } from './migrate.ts'

/**
 * Refuses to run on a database that another version of the program has made.
 * @throws with the first migration that is missing here or there
 */
export async function checkSchemaVersion(db: ReadExecutor): Promise<void> {
  const expected = new Set(await listMigrations())
  const rows = await db.selectFrom('schema_migration').select('name').orderBy('name').execute()
  const applied = new Set(rows.map((row) => row.name))
  const foreign = [...applied].find((name) => !expected.has(name))
  if (foreign !== undefined) {
    throw new Error(`The database is newer than this program: it has migration ${foreign}, which is not known here`)
  }
  const missing = [...expected].find((name) => !applied.has(name))
  if (missing !== undefined) throw new Error(`The database lacks migration ${missing}: run "npm run edumon -- migrate"`)
}
