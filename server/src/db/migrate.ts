import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

const MIGRATIONS_FOLDER = join(import.meta.dirname, '../../../sql/migrations')
const LOCK_KEY = 20_200_610
export const APPLICATION_ROLE = 'edumon_app'

interface MigrationFile {
  name: string
  text: string
  sha256: string
}

/** Names of the migrations that this program knows, in order. */
export async function listMigrations(): Promise<string[]> {
  return (await readdir(MIGRATIONS_FOLDER)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
}

async function readMigrations(): Promise<MigrationFile[]> {
  const names = await listMigrations()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(MIGRATIONS_FOLDER, name), 'utf8')
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

async function prepare(client: pg.Client): Promise<void> {
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APPLICATION_ROLE}') THEN
        CREATE ROLE ${APPLICATION_ROLE} NOLOGIN;
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$`)
  await client.query(`
    CREATE TABLE IF NOT EXISTS schema_migration (
      name text NOT NULL,
      sha256 text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT schema_migration_pkey PRIMARY KEY (name)
    )`)
  await client.query(
    `COMMENT ON TABLE schema_migration IS 'Migrations that this database has had, with the hash of their text.'`,
  )
  await client.query(`GRANT USAGE ON SCHEMA public TO ${APPLICATION_ROLE}`)
  await client.query(`GRANT SELECT ON schema_migration TO ${APPLICATION_ROLE}`)
}

function refuseForeignHistory(applied: Map<string, string>, files: MigrationFile[]): void {
  const known = new Map(files.map((file) => [file.name, file.sha256]))
  for (const [name, sha256] of applied) {
    const expected = known.get(name)
    if (expected === undefined) {
      throw new Error(`The database is newer than this program: it has migration ${name}, which is not known here`)
    }
    if (expected !== sha256) {
      throw new Error(`Migration ${name} was changed after it had been applied to this database`)
    }
  }
}

/**
 * Brings a database up to the newest migration, each in a transaction of its own; safe to run from several processes.
 * @returns names of the migrations that were applied now, in order; empty when there was nothing to do
 * @throws when the database is newer than the program, or an applied migration's text has changed since
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const files = await readMigrations()
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])
    await prepare(client)
    const history = await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM schema_migration')
    const applied = new Map(history.rows.map((row) => [row.name, row.sha256]))
    refuseForeignHistory(applied, files)
    const pending = files.filter((file) => !applied.has(file.name))
    for (const file of pending) await applyMigration(client, file)
    return pending.map((file) => file.name)
  } finally {
    await client.end()
  }
}

async function applyMigration(client: pg.Client, file: MigrationFile): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(file.text)
    await client.query('INSERT INTO schema_migration (name, sha256) VALUES ($1, $2)', [file.name, file.sha256])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(`Migration ${file.name} failed`, { cause: error })
  }
}
