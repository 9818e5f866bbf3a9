import { PostgresDialect, Kysely } from 'kysely'
import pg from 'pg'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import { migrateWithin, requireKnownMigrations } from '../db/migrate.ts'
import type { DB } from '../db/schema.gen.ts'
import type { BackupManifest } from './backup-manifest.ts'
import { BackupReader } from './backup-reader.ts'
import { prepareCopying } from './copy-session.ts'
import { endRevivedAccess, type EndedAccess } from './end-revived-access.ts'
import { requireEmptyDatabase } from './empty-database.ts'
import { restoreGrants } from './restore-grants.ts'
import { restoreRows } from './restore-rows.ts'

export interface RestoredBackup {
  manifest: BackupManifest
  /** Roles that the server does not have: make them and give them their rights by hand. */
  absent_roles: string[]
  /** What the backup had brought back to life and was ended. */
  ended: EndedAccess
}

export interface RestoreOptions {
  by: AuditAuthor
  /** Tokens of programs go on working; for a restore after which everything that holds one is still trusted. */
  keep_tokens: boolean
}

/** Runs `work` in one transaction of the owner, whose connection it may also copy through. */
async function inOwnerTransaction<T>(
  ownerUrl: string,
  work: (tx: WriteExecutor, client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  // A connection that is lost fails the statement that it serves; unheard here it would end the process.
  pool.on('error', () => undefined)
  const connected = new Promise<pg.PoolClient>((resolve) => pool.once('connect', resolve))
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
  try {
    const result = await db.transaction().execute(async (tx) => work(tx, await connected))
    // Without it the first queries would be planned as if the tables were empty.
    await pool.query('ANALYZE')
    return result
  } finally {
    await pool.end()
  }
}

async function restoreAll(client: pg.PoolClient, reader: BackupReader): Promise<string[]> {
  const { manifest } = reader
  await prepareCopying(client)
  const tables = await requireEmptyDatabase(client)
  if (tables.length > 0) {
    await client.query(`SET LOCAL lock_timeout = '10s'`)
    await client.query(`DROP TABLE ${tables.map((name) => `"${name}"`).join(', ')} CASCADE`)
  }
  await migrateWithin(
    client,
    manifest.migrations.map(({ name }) => name),
  )
  await restoreRows(client, reader)
  const absent_roles = await restoreGrants(client, manifest.grants)
  await migrateWithin(client)
  return absent_roles
}

function describeForAudit({ made_at, change_set_no, audit_head, migrations, tables }: BackupManifest): object {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return { made_at, change_set_no, audit_head, schema_version: migrations.at(-1)?.name ?? null, rows }
}

/**
 * Fills an empty database from a backup: its schema is made at the backup's version, filled, compared table by table
 * with what was saved, and brought up to this program's version, all in one transaction. Sessions, links and tokens of
 * the backup's time end: since then somebody may have signed out, left, or lost one. After any fault the database is as
 * it was before.
 * @throws when the file is not whole or newer than the program, or the database is not empty or in use
 */
export async function restoreBackup(
  ownerUrl: string,
  path: string,
  { by, keep_tokens }: RestoreOptions,
): Promise<RestoredBackup> {
  const reader = await BackupReader.open(path)
  try {
    const { manifest, sha256 } = reader
    await requireKnownMigrations('backup', manifest.migrations)
    await reader.requireSound()
    const restored = await inOwnerTransaction(ownerUrl, async (tx, client) => {
      const absent_roles = await restoreAll(client, reader)
      const ended = await endRevivedAccess(tx, { by: by.actor, keep_tokens })
      await insertAuditEvent(tx, {
        by,
        category: 'operation',
        action: 'restore',
        subject: `backup ${sha256}`,
        detail: { ...describeForAudit(manifest), ended },
      })
      return { absent_roles, ended }
    })
    return { manifest, ...restored }
  } finally {
    await reader.close()
  }
}
