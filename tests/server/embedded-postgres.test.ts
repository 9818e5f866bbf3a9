import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'

const STARTER = join(import.meta.dirname, '../../server/src/db/embedded/embedded-postgres.ts')
let folder: string
let dataDir: string
let database: EmbeddedPostgres | null = null

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-embedded-'))
  chmodSync(folder, 0o755)
  dataDir = join(folder, 'data')
})
afterAll(async () => {
  await database?.stop()
  removePostgresPlace(dataDir)
})

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

const pidFile = (): string => join(dataDir, 'postgres', 'postmaster.pid')
const readPid = (): number => Number(readFileSync(pidFile(), 'utf8').split('\n')[0])

/** Starts the database from a process of its own and kills that process, as a crash would. */
async function startAndKillParent(): Promise<string> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(STARTER)}
    const database = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    console.log(database.superuserUrl)
    setInterval(() => undefined, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve) =>
    parent.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
  )
  const ended = new Promise((resolve) => parent.once('exit', resolve))
  parent.kill('SIGKILL')
  await ended
  return url
}

describe('startEmbeddedPostgres', () => {
  it('takes over the server that a killed parent has left', async () => {
    const first = await startAndKillParent()
    await ask(first, 'CREATE TABLE kept (id int)')
    const pid = readPid()
    database = await startEmbeddedPostgres({ dataDir })
    expect(database.superuserUrl).toBe(first)
    expect(readPid()).toBe(pid)
    expect(await ask(database.superuserUrl, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }])
  })

  it('recovers after the server itself was killed, and keeps what was committed', async () => {
    if (database === null) throw new Error('no database from the test before')
    await ask(database.superuserUrl, 'INSERT INTO kept VALUES (1), (2)')
    const pid = readPid()
    process.kill(pid, 'SIGKILL')
    const isGone = (): boolean => !existsSync(`/proc/${pid}`)
    while (!isGone()) execFileSync('sleep', ['0.05'])
    database = await startEmbeddedPostgres({ dataDir })
    expect(readPid()).not.toBe(pid)
    expect(await ask(database.superuserUrl, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }])
  })

  it('is not fooled by a pid file whose number belongs to another program now', async () => {
    await database?.stop()
    database = null
    writeFileSync(pidFile(), `${process.pid}\n${join(dataDir, 'postgres')}\n0\n5432\n\n127.0.0.1\n\nready   \n`)
    database = await startEmbeddedPostgres({ dataDir })
    expect(readPid()).not.toBe(process.pid)
    expect(await ask(database.superuserUrl, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }])
  })

  it('asks for a password and listens on loopback only', async () => {
    if (database === null) throw new Error('no database from the test before')
    const stranger = new URL(database.superuserUrl)
    stranger.password = 'guess'
    await expect(ask(stranger.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
    expect(await ask(database.superuserUrl, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  })

  it("says PostgreSQL's own reason when it cannot start", async () => {
    await database?.stop()
    database = null
    const start = startEmbeddedPostgres({ dataDir, settings: { shared_buffers: '1kB' } })
    await expect(start).rejects.toThrow(/FATAL/)
  })
})
