import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BackupReader } from '../../../server/src/backup/backup-reader.ts'
import { writeBackup } from '../../../server/src/backup/write-backup.ts'
import { asOwner } from '../../factories/audit.ts'
import { readContent } from '../../factories/database-content.ts'
import { insertSchoolSites } from '../../factories/school-sites.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

const ROUNDS = 5
const ROWS = 100_000
const BACKUP_MODULE = join(import.meta.dirname, '../../../server/src/backup/write-backup.ts')
const seed = Number(process.env['EDUMON_FAULT_SEED'] ?? Date.now() % 1_000_000)

let database: TestDatabase
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-backup-'))
  database = await createTestDatabase()
  const [site] = await insertSchoolSites(database.db, 1)
  await asOwner(
    database.owner_url,
    `INSERT INTO site_check (org_unit_id, checked_at, check_id, target_id, lease_id, round_no, attempt, vantage,
            collector_version, provenance, verdict, own_link, total_ms, change_set_no)
     SELECT ${site?.org_unit_id ?? 0}, timestamptz '2026-01-02' + make_interval(secs => n), gen_random_uuid(),
            gen_random_uuid(), gen_random_uuid(), n, 1, 'local', 'x', 'measured', 'works', 'up', n, 1
       FROM generate_series(1, ${ROWS}) n`,
  )
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

/** Size of the file that a backup is writing; null when there is none. */
function partialSize(): number | null {
  const [name] = readdirSync(folder).filter((entry) => entry.endsWith('.partial'))
  return name === undefined ? null : statSync(join(folder, name)).size
}

/** Backs up in a process of its own and kills that at some size of its file. @returns how large it had become */
async function killAtSize(path: string, bytes: number): Promise<number> {
  const script = `
    import { writeBackup } from ${JSON.stringify(BACKUP_MODULE)}
    await writeBackup(${JSON.stringify(database.owner_url)}, ${JSON.stringify(path)})`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'inherit' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  while (child.exitCode === null && (partialSize() ?? -1) < bytes) await delay(1)
  child.kill('SIGKILL')
  await ended
  return partialSize() ?? 0
}

describe('a backup that is killed', () => {
  it(`leaves no file that looks whole, and the database as it was (seed ${seed})`, { timeout: 120_000 }, async () => {
    const whole = join(folder, 'whole.edumon')
    const { bytes } = await writeBackup(database.owner_url, whole)
    const before = await readContent(database.owner_url)
    let random = seed
    for (let round = 0; round < ROUNDS; round += 1) {
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648
      const path = join(folder, `round-${round}.edumon`)
      const size = await killAtSize(path, Math.floor((random / 2_147_483_648) * bytes * 0.9))
      expect({ round, seed, is_there: existsSync(path) }).toEqual({ round, seed, is_there: false })
      const [partial] = readdirSync(folder).filter((entry) => entry.endsWith('.partial'))
      expect(partial).toMatch(/^round-\d\.edumon\.\d+\.partial$/)
      expect(size).toBeLessThan(bytes)
      await expect(BackupReader.open(join(folder, partial ?? ''))).rejects.toThrow(/no backup, or was cut off/)
      rmSync(join(folder, partial ?? ''))
    }
    expect(await readContent(database.owner_url)).toEqual(before)
    const again = join(folder, 'again.edumon')
    expect((await writeBackup(database.owner_url, again)).manifest.tables.map(({ sha256 }) => sha256)).toHaveLength(
      Object.keys(before.tables).length,
    )
  })
})
