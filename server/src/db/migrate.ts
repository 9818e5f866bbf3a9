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

async function prepare(client: pg.ClientBase): Promise<void> {
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

/** A migration that a database has had, with the hash of its text. */
export interface AppliedMigration {
  name: string
  sha256: string
}

/** What has had migrations: it is named in errors. */
type Holder = 'database' | 'backup'

/**
 * Refuses what another version of the program has made.
 * @throws with the first migration that is not known here, or has another text
 */
export async function requireKnownMigrations(holder: Holder, applied: readonly AppliedMigration[]): Promise<void> {
  const known = new Map((await readMigrations()).map((file) => [file.name, file.sha256]))
  for (const { name, sha256 } of applied) {
    const expected = known.get(name)
    if (expected === undefined) {
      throw new Error(`The ${holder} is newer than this program: it has migration ${name}, which is not known here`)
    }
    if (expected !== sha256) {
      throw new Error(`Migration ${name} was changed after it had been applied to this ${holder}`)
    }
  }
}

/** Migrations that a database still lacks, of those asked for. */
async function findPending(client: pg.ClientBase, wanted: readonly string[] | undefined): Promise<MigrationFile[]> {
  await prepare(client)
  const { rows } = await client.query<AppliedMigration>('SELECT name, sha256 FROM schema_migration')
  await requireKnownMigrations('database', rows)
  const applied = new Set(rows.map((row) => row.name))
  const files = await readMigrations()
  return files.filter(({ name }) => !applied.has(name) && (wanted === undefined || wanted.includes(name)))
}

async function applyMigration(client: pg.ClientBase, file: MigrationFile): Promise<void> {
  try {
    await client.query(file.text)
    await client.query('INSERT INTO schema_migration (name, sha256) VALUES ($1, $2)', [file.name, file.sha256])
  } catch (error) {
    throw new Error(`Migration ${file.name} failed`, { cause: error })
  }
}

/**
 * Brings a database up to the newest migration, each in a transaction of its own; safe to run from several processes.
 * @param wanted only these: the schema of an earlier version
 * @returns names of the migrations that were applied now, in order; empty when there was nothing to do
 * @throws when the database is newer than the program, or an applied migration's text has changed since
 */
export async function migrate(ownerUrl: string, wanted?: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])
    const pending = await findPending(client, wanted)
    for (const file of pending) {
      await client.query('BEGIN')
      await applyMigration(client, file)
      await client.query('COMMIT')
    }
    return pending.map((file) => file.name)
  } finally {
    await client.end()
  }
}

/** The same in the transaction that the client is in: all of it is there at its commit, or nothing. */
export async function migrateWithin(client: pg.ClientBase, wanted?: readonly string[]): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY])
  for (const file of await findPending(client, wanted)) await applyMigration(client, file)
}
