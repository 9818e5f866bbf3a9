import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findHead, sealEvents } from '../../../server/src/audit/seal-events.ts'
import { formatHead } from '../../../server/src/audit/audit-head.ts'
import { BackupReader } from '../../../server/src/backup/backup-reader.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../../server/src/db/embedded/postgres-place.ts'
import { TABLE_MANIFEST } from '../../../server/src/db/table-manifest.ts'
import { asOwner, insertEvents } from '../../factories/audit.ts'
import { insertSchoolSites } from '../../factories/school-sites.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

const CLI = join(import.meta.dirname, '../../../server/src/cli.ts')

let database: TestDatabase
let folder: string
let file: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-backup-'))
  chmodSync(folder, 0o755)
  file = join(folder, 'a.edumon')
  database = await createTestDatabase()
  await insertSchoolSites(database.db, 3)
  await insertEvents(database.db, 5)
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

function run(settings: Record<string, string>, ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...settings }
    const child = execFile(process.execPath, [CLI, ...args], { env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr })
    })
  })
}

const external = (): Record<string, string> => ({
  EDUMON_DATA_DIR: join(folder, 'none'),
  DATABASE_URL: database.application_url,
  EDUMON_OWNER_DATABASE_URL: database.owner_url,
})

describe('edumon backup and verify on an external database', () => {
  it('writes a file whose head covers the audit, and an event about it', async () => {
    expect(await run(external(), 'backup', file)).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        / tables, \d+ rows.*change sets up to 1.*head of the audit: 1:\d+:[0-9a-f]{64}/s,
      ) as string,
    })
    const reader = await BackupReader.open(file)
    await reader.close()
    const events = await database.db.selectFrom('audit_event').selectAll().where('action', '=', 'backup').execute()
    expect(events).toMatchObject([{ category: 'operation', subject: `backup ${reader.sha256}`, actor: 'command line' }])
    expect(await findHead(database.db)).toEqual(reader.manifest.audit_head)
    expect(await run(external(), 'backup', file)).toMatchObject({
      code: 1,
      output: expect.stringContaining('never replaces') as string,
    })
    expect(await run(external(), 'backup')).toMatchObject({
      code: 1,
      output: expect.stringContaining('one file') as string,
    })
  })

  it('finds by the head of a backup, of the log, or its hash that the end was cut, and says where', async () => {
    await sealEvents(database.db)
    const head = await findHead(database.db)
    if (head === null) throw new Error('Nothing is sealed')
    for (const known of [file, formatHead(head), head.sha256]) {
      const whole = await run(external(), 'verify', '--head', known)
      expect(whole).toMatchObject({ code: 0, output: expect.stringContaining('The audit is whole') as string })
    }
    await asOwner(database.owner_url, `DELETE FROM audit_event WHERE audit_event_id = 2`)
    const removed = await run(external(), 'verify')
    expect(removed).toMatchObject({
      code: 1,
      output: expect.stringContaining('event 2 was removed: seal 1 names it') as string,
    })
    await asOwner(database.owner_url, `DELETE FROM audit_event WHERE audit_event_id > 3`)
    await asOwner(database.owner_url, `DELETE FROM audit_seal`)
    expect(await run(external(), 'verify')).toMatchObject({ code: 0 })
    const cut = await run(external(), 'verify', '--head', file)
    expect(cut).toMatchObject({
      code: 1,
      output: expect.stringContaining('the end was cut off from event 1, seal 1, on') as string,
    })
    const unknown = await run(external(), 'verify', '--head', 'x')
    expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('--head: found "x"') as string })
  })
})

describe('edumon restore and backup on the embedded database', () => {
  const settings = (): Record<string, string> => ({ EDUMON_DATA_DIR: join(folder, 'data'), DATABASE_URL: '' })
  let running: EmbeddedPostgres | null = null
  let program: ChildProcess | null = null
  afterAll(async () => {
    program?.kill()
    await running?.stop()
    removePostgresPlace(join(folder, 'data'))
  })

  it('fills a new one, which a second restore then refuses', async () => {
    const restored = await run(settings(), 'restore', file)
    expect(restored).toMatchObject({
      code: 0,
      output: expect.stringContaining(`Restored and compared: ${Object.keys(TABLE_MANIFEST).length} tables`) as string,
    })
    expect(restored.output).toMatch(/ended: \d+ sessions, \d+ links.*revoked: \d+ tokens; issue new ones/s)
    expect(await run(settings(), 'verify', '--head', file)).toMatchObject({ code: 0 })
    const again = await run(settings(), 'restore', file, '--keep-tokens')
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('not empty') as string })
  })

  it('is backed up while it stands still, and while another program keeps it running', async () => {
    expect(await run(settings(), 'backup', join(folder, 'still.edumon'))).toMatchObject({ code: 0 })
    running = await startEmbeddedPostgres({ dataDir: join(folder, 'data') })
    program = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', 'cli.ts'])
    writeFileSync(join(folder, 'data', 'program.pid'), `${program.pid ?? 0}`)
    expect(await run(settings(), 'backup', join(folder, 'running.edumon'))).toMatchObject({ code: 0 })
    expect(running.isAlive()).toBe(true)
    expect(existsSync(join(folder, 'running.edumon'))).toBe(true)
    const restored = await run(settings(), 'restore', join(folder, 'running.edumon'))
    expect(restored).toMatchObject({ code: 1, output: expect.stringContaining('is in use by process') as string })
  })
})
