import pg from 'pg'
import { BACKUP_FORMAT, type BackupManifest, type BackupTable } from './backup-manifest.ts'
import { BackupWriter } from './backup-writer.ts'
import { copyOut, prepareCopying } from './copy-session.ts'
import { describeDatabase, listSequences, listTables } from './describe-database.ts'

export interface WrittenBackup {
  manifest: BackupManifest
  bytes: number
  /** Of the whole file but its last line. */
  sha256: string
}

async function writeTables(client: pg.Client, writer: BackupWriter): Promise<BackupTable[]> {
  const tables: BackupTable[] = []
  for (const table of await listTables(client)) {
    const rows = copyOut(client, table)
    const section = await writer.addSection(rows)
    tables.push({ ...table, ...section, rows: rows.rowCount })
  }
  return tables
}

/**
 * Keeps every table and partition where it is until the end: a partition that is dropped meanwhile would be missing
 * from the rows without a word, since what partitions there are is asked outside the snapshot. The locks come before the
 * snapshot, so that it has all that they hold; ingest goes on under them.
 */
async function holdTables(client: pg.Client): Promise<void> {
  const names = (await listTables(client)).map(({ name }) => `"${name}"`)
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  if (names.length > 0) await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`)
}

/** Everything from one snapshot. Sequences do not follow snapshots: read last, they are past every number in the rows. */
async function writeSnapshot(client: pg.Client, writer: BackupWriter): Promise<BackupManifest> {
  await prepareCopying(client)
  await holdTables(client)
  const described = await describeDatabase(client)
  const tables = await writeTables(client, writer)
  const sequences = await listSequences(client)
  await client.query('COMMIT')
  return { format: BACKUP_FORMAT, ...described, tables, sequences }
}

/**
 * Writes one file with all that a database holds, while the system runs, within bounded memory. A database of an
 * earlier version is written as it is.
 * @throws when the file is there already; what was written is taken away after any fault
 */
export async function writeBackup(ownerUrl: string, path: string): Promise<WrittenBackup> {
  const writer = await BackupWriter.create(path)
  const client = new pg.Client({ connectionString: ownerUrl })
  // A connection that is lost fails the statement that it serves; unheard here it would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const manifest = await writeSnapshot(client, writer)
    return { manifest, ...(await writer.finish(manifest)) }
  } catch (error) {
    await writer.abandon()
    throw error
  } finally {
    await client.end()
  }
}
