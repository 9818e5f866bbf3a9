import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { zstdDecompressSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { BackupReader } from '../../../server/src/backup/backup-reader.ts'
import { LAST_LINE_BYTES } from '../../../server/src/backup/backup-file.ts'
import { BackupWriter } from '../../../server/src/backup/backup-writer.ts'
import type { BackupManifest } from '../../../server/src/backup/backup-manifest.ts'
import { restoreBackup } from '../../../server/src/backup/restore-backup.ts'
import { writeBackup } from '../../../server/src/backup/write-backup.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { migrate } from '../../../server/src/db/migrate.ts'
import { asOwner, insertEvents } from '../../factories/audit.ts'
import { readContent } from '../../factories/database-content.ts'
import { insertSchoolSites } from '../../factories/school-sites.ts'
import { createScratchDatabase, type ScratchDatabase } from '../../setup/scratch-database.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

const restoring = { by: systemAuthor('test'), keep_tokens: false }

let source: TestDatabase
let folder: string
let file: string
let database: ScratchDatabase
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-backup-'))
  file = join(folder, 'whole.edumon')
  source = await createTestDatabase()
  await insertSchoolSites(source.db, 50)
  await insertEvents(source.db, 5)
  await writeBackup(source.owner_url, file)
})
afterAll(async () => {
  await source.drop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => (database = await createScratchDatabase(inject('superuserUrl'))))
afterEach(() => database.drop())

/** Restoring this file must fail so, and leave the database as it was. */
async function expectRefusal(path: string, reason: RegExp): Promise<void> {
  const before = await readContent(database.owner_url)
  await expect(restoreBackup(database.owner_url, path, restoring)).rejects.toThrow(reason)
  expect(await readContent(database.owner_url)).toEqual(before)
}

function copyOf(name: string): string {
  const path = join(folder, name)
  copyFileSync(file, path)
  return path
}

/** A file that is whole in its form, with another manifest. */
async function forge(name: string, change: (manifest: BackupManifest) => BackupManifest): Promise<string> {
  const path = join(folder, name)
  const bytes = readFileSync(file)
  const reader = await BackupReader.open(file)
  const writer = await BackupWriter.create(path)
  const tables = []
  for (const table of reader.manifest.tables) {
    const rows = zstdDecompressSync(bytes.subarray(table.offset, table.offset + table.bytes))
    tables.push({ ...table, ...(await writer.addSection(Readable.from([rows]))) })
  }
  await writer.finish(change({ ...reader.manifest, tables }))
  await reader.close()
  return path
}

describe('restoring refuses', () => {
  it('a file that was cut anywhere', async () => {
    const { length } = readFileSync(file)
    for (const size of [0, 10, 1000, length - LAST_LINE_BYTES, length - 1]) {
      const path = copyOf('cut.edumon')
      truncateSync(path, size)
      await expectRefusal(path, /cannot be used: it is no backup, or was cut off/)
    }
  })

  it('a file in which one bit of rows or manifest has turned', async () => {
    const bytes = readFileSync(file)
    const reader = await BackupReader.open(file)
    const [first] = reader.manifest.tables.filter((table) => table.rows > 20)
    await reader.close()
    for (const place of [(first?.offset ?? 0) + 30, bytes.length - LAST_LINE_BYTES - 20]) {
      const turned = Buffer.from(bytes)
      turned[place] = (turned[place] ?? 0) ^ 1
      const path = join(folder, 'turned.edumon')
      writeFileSync(path, turned)
      await expectRefusal(path, /damaged|cannot be used/)
    }
  })

  it('rows that are not those of the manifest, at the last table too, and leaves nothing half-written', async () => {
    const path = await forge('rows.edumon', (manifest) => ({
      ...manifest,
      tables: manifest.tables.map((table, place, all) =>
        place === all.length - 1 ? { ...table, rows: table.rows + 1 } : table,
      ),
    }))
    await expectRefusal(path, /are not those of the backup/)
    await restoreBackup(database.owner_url, file, restoring)
  })

  it('a backup of a newer program, and one whose migration had another text', async () => {
    const future = { name: '9999_from_the_future.sql', sha256: 'a'.repeat(64) }
    const newer = await forge('newer.edumon', (manifest) => ({
      ...manifest,
      migrations: [...manifest.migrations, future],
    }))
    await expectRefusal(newer, /The backup is newer than this program: it has migration 9999_from_the_future/)
    const other = await forge('other.edumon', (manifest) => ({
      ...manifest,
      migrations: manifest.migrations.map((migration) => ({ ...migration, sha256: 'a'.repeat(64) })),
    }))
    await expectRefusal(other, /0001_change_sets.sql was changed/)
  })

  it('a manifest that would run other statements', async () => {
    const evil = `FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00'); DROP TABLE blob`
    const bound = await forge('bound.edumon', (manifest) => ({
      ...manifest,
      partitions: [{ name: 'p', parent: 'site_check', bound: evil }],
    }))
    await expectRefusal(bound, /manifest is not understood at \/partitions\/0\/bound/)
    const name = await forge('name.edumon', (manifest) => ({
      ...manifest,
      sequences: [{ name: 'x"; DROP TABLE blob; --', last_value: '1', is_called: true }],
    }))
    await expectRefusal(name, /manifest is not understood at \/sequences\/0\/name/)
  })

  it('a database that holds anything: a command that was audited, a change, a table of somebody else', async () => {
    await migrate(database.owner_url)
    await asOwner(
      database.owner_url,
      `INSERT INTO audit_event (actor, category, action, subject, detail) VALUES ('a', 'sign_in', 'x', 's', '{}')`,
    )
    await expectRefusal(file, /not empty/)
    await asOwner(database.owner_url, `DELETE FROM audit_event`)
    await asOwner(database.owner_url, `INSERT INTO change_set VALUES (1, now(), 'edit', 'a', 'x')`)
    await expectRefusal(file, /not empty/)
    await asOwner(database.owner_url, `DELETE FROM change_set`)
    await asOwner(database.owner_url, `CREATE TABLE letters (id integer)`)
    await expectRefusal(file, /it has a table letters, which is not ours/)
    await asOwner(database.owner_url, `DROP TABLE letters`)
    await restoreBackup(database.owner_url, file, restoring)
    await expectRefusal(file, /not empty/)
  })

  it('a database that somebody is connected to', async () => {
    const other = new pg.Client({ connectionString: database.owner_url })
    await other.connect()
    await expect(restoreBackup(database.owner_url, file, restoring)).rejects.toThrow(/in use/)
    await other.end()
  })
})

describe('backing up', () => {
  it('never replaces a file', async () => {
    const path = join(folder, 'letter.txt')
    writeFileSync(path, 'dear')
    await expect(writeBackup(source.owner_url, path)).rejects.toThrow(/never replaces/)
    expect(readFileSync(path, 'utf8')).toBe('dear')
  })

  it('refuses a database that is not ours, and takes away what it began', async () => {
    const path = join(folder, 'foreign.edumon')
    await expect(writeBackup(database.owner_url, path)).rejects.toThrow(/no database of Edumon/)
    expect(readdirSync(folder).filter((name) => name.startsWith('foreign'))).toEqual([])
  })
})
