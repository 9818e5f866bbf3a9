import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { BackupManifest, BackupTable } from './backup-manifest.ts'
import type { BackupReader } from './backup-reader.ts'
import { digestTable } from './copy-session.ts'
import { listTables } from './describe-database.ts'

/** The schema that was made must be the one that the rows came from. */
async function requireSameTables(client: pg.ClientBase, manifest: BackupManifest): Promise<void> {
  const describe = (tables: readonly { name: string; columns: readonly string[] }[]): string[] =>
    tables.map(({ name, columns }) => `${name} (${columns.join(', ')})`).sort()
  const present = describe(await listTables(client))
  const saved = describe(manifest.tables)
  const odd = saved.find((table) => !present.includes(table)) ?? present.find((table) => !saved.includes(table))
  if (odd !== undefined) throw new Error(`The backup does not fit its schema version at ${odd}`)
}

async function loadTable(client: pg.ClientBase, reader: BackupReader, table: BackupTable): Promise<void> {
  const columns = table.columns.map((column) => `"${column}"`).join(', ')
  const copying = client.query(copyFrom(`COPY "${table.name}" (${columns}) FROM STDIN`))
  const hash = createHash('sha256')
  await pipeline(
    reader.readSection(table),
    createZstdDecompress(),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        yield chunk
      }
    },
    copying,
  )
  if (copying.rowCount !== table.rows || hash.digest('hex') !== table.sha256) {
    throw new Error(`Rows of ${table.name} are not those of the backup`)
  }
}

/** Reads every table back. @throws with the first one whose rows are not, to the byte, those of the backup */
async function compareTables(client: pg.ClientBase, tables: readonly BackupTable[]): Promise<void> {
  for (const table of tables) {
    const { rows, sha256 } = await digestTable(client, table)
    if (rows !== table.rows || sha256 !== table.sha256) throw new Error(`${table.name} was not restored as it was`)
  }
}

/** Fills a schema of the backup's version with its rows and sequences, and compares each table with what it was. */
export async function restoreRows(client: pg.ClientBase, reader: BackupReader): Promise<void> {
  const { manifest } = reader
  for (const { name, parent, bound } of manifest.partitions) {
    await client.query(`CREATE TABLE IF NOT EXISTS "${name}" PARTITION OF "${parent}" ${bound}`)
  }
  await requireSameTables(client, manifest)
  // Migrations may have filled some.
  await client.query(`TRUNCATE ${manifest.tables.map(({ name }) => `"${name}"`).join(', ')}`)
  for (const table of manifest.tables) await loadTable(client, reader, table)
  for (const { name, last_value, is_called } of manifest.sequences) {
    await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [name, last_value, is_called])
  }
  await compareTables(client, manifest.tables)
}
