import type { Kysely } from 'kysely'
import { formatHead } from '../audit/audit-head.ts'
import { sealEvents } from '../audit/seal-events.ts'
import { restoreBackup } from '../backup/restore-backup.ts'
import { writeBackup, type WrittenBackup } from '../backup/write-backup.ts'
import type { Config } from '../config.ts'
import { systemAuthor } from '../db/audit-author.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { findSchemaFault } from '../db/schema-version.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { findDatabase } from './prepare-database.ts'
import { withInstallation } from './reach-database.ts'

const ACTOR = 'command line'

function describeBackup(path: string, { manifest, bytes }: WrittenBackup, seconds: number): string {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  const head = manifest.audit_head === null ? 'nothing is sealed yet' : formatHead(manifest.audit_head)
  return `${path}: ${manifest.tables.length} tables, ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s
  change sets up to ${manifest.change_set_no}
  head of the audit: ${head}`
}

async function auditBackup(db: Kysely<DB>, { bytes, manifest, sha256 }: WrittenBackup): Promise<void> {
  await db.transaction().execute((tx) =>
    insertAuditEvent(tx, {
      by: systemAuthor(ACTOR),
      category: 'operation',
      action: 'backup',
      subject: `backup ${sha256}`,
      detail: { bytes, change_set_no: manifest.change_set_no },
    }),
  )
}

/**
 * Writes a backup of the installation's database, also while the system runs. The audit is sealed before, so that the
 * head in the file covers it, and says of the backup afterwards. A database of another version is written as it is,
 * without a word in its audit.
 * @throws when the file is there already
 */
export async function backUp(config: Config, path: string): Promise<void> {
  const started = performance.now()
  await withInstallation(config, async (db, database) => {
    // A database that does not answer is no other version: without its answer nothing is backed up.
    const other = await findSchemaFault(db)
    if (other === null) await sealEvents(db)
    else console.log(`${other}. It is backed up as it is, and its audit will not say so.`)
    const written = await writeBackup(database.owner_url, path)
    console.log(describeBackup(path, written, (performance.now() - started) / 1000))
    if (other === null) await auditBackup(db, written)
  })
}

function describeTokens(revoked: number | null): string {
  if (revoked === null) return 'tokens go on as they were then, also those that were revoked since: look through them'
  return `revoked: ${revoked} tokens; issue new ones to the programs that go on`
}

/**
 * Fills the installation's empty database from a backup. The system must not run. Everybody signs in anew afterwards.
 * @param options.keep_tokens tokens of programs go on working
 * @throws when the backup cannot be used or the database is not empty; the database is then as it was
 */
export async function restore(config: Config, path: string, options: { keep_tokens: boolean }): Promise<void> {
  const started = performance.now()
  if (config.database_url === null) lockDataFolder(config.data_dir)
  const database = await findDatabase(config)
  try {
    const given = { by: systemAuthor(ACTOR), ...options }
    const { manifest, absent_roles, ended } = await restoreBackup(database.owner_url, path, given)
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`Restored and compared: ${manifest.tables.length} tables, ${rows} rows in ${seconds} s
  as of ${manifest.made_at}, change sets up to ${manifest.change_set_no}
  ended: ${ended.sessions} sessions, ${ended.links} links to set a password
  ${describeTokens(ended.tokens)}`)
    if (absent_roles.length > 0)
      console.log(`  roles that are missing here, with their rights: ${absent_roles.join(', ')}`)
  } finally {
    await database.stop()
  }
}
