import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectorHeaders, insertRegionPerson, type TestPerson } from '../../factories/people.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'
import { startServer, waitUntilReady, type ServerProcess } from '../hardening/server-process.ts'

let database: TestDatabase
let signedIn: TestPerson['headers']
beforeAll(async () => {
  database = await createTestDatabase()
  signedIn = (await insertRegionPerson(database.db)).headers
})
afterAll(() => database.drop())

async function start(settings: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServer({ DATABASE_URL: database.application_url, ...settings })
  await waitUntilReady(server)
  return server
}

/** Holds a table so that requests which read it wait. */
async function lockTable(table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database.owner_url })
  await client.connect()
  await client.query('BEGIN')
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
  return async () => {
    await client.query('ROLLBACK')
    await client.end()
  }
}

async function countWaiting(): Promise<number> {
  const client = new pg.Client({ connectionString: database.owner_url })
  await client.connect()
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  await client.end()
  return rows[0]?.count ?? 0
}

async function listSessions(): Promise<number[]> {
  const client = new pg.Client({ connectionString: database.owner_url })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'edumon_app'`,
  )
  await client.end()
  return rows.map(({ pid }) => pid)
}

describe('SIGTERM', () => {
  it('takes no new connection, finishes the request that runs, and lets the database go', async () => {
    const own = new Set(await listSessions())
    const server = await start()
    const release = await lockTable('import')
    const running = fetch(`${server.url}/api/v1/imports`, { headers: signedIn })
    await expect.poll(countWaiting).toBe(1)
    server.child.kill('SIGTERM')
    await expect
      .poll(() =>
        fetch(`${server.url}/api/v1/health`, { headers: { connection: 'close' } }).then(
          () => 'taken',
          () => 'refused',
        ),
      )
      .toBe('refused')
    await release()
    expect((await running).status).toBe(200)
    expect(await server.ended).toBe(0)
    expect(server.lines().map(({ msg }) => msg)).toContain('stopped')
    await expect.poll(async () => (await listSessions()).filter((pid) => !own.has(pid))).toEqual([])
  })

  it('does not wait for ever: what is not finished by the limit is cut off and rolled back', async () => {
    const server = await start({ EDUMON_STOP_LIMIT_S: '1' })
    const release = await lockTable('import')
    const running = fetch(`${server.url}/api/v1/imports`, { headers: signedIn }).then(
      () => 'answered',
      () => 'cut off',
    )
    await expect.poll(countWaiting).toBe(1)
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(1)
    expect(await running).toBe('cut off')
    expect(server.lines().at(-1)).toMatchObject({ msg: 'stopped before everything was finished' })
    await release()
  })
})

describe('POST /api/v1/leases/return', () => {
  it('frees the work at once, and only that of the collector itself', async () => {
    const server = await start()
    const kept = { kind: 'sheet_parse' as const, import_id: null, due_at: new Date(0) }
    await database.db
      .insertInto('due_work')
      .values([1, 2].map((no) => ({ ...kept, work_key: `${no}` })))
      .execute()
    const identity = { name: 'one', version: '1', vantage: 'local' }
    const other = { ...identity, name: 'other' }
    const tokens = new Map(
      await Promise.all(
        [identity, other].map(async (who) => [who.name, await collectorHeaders(database.db, who)] as const),
      ),
    )
    type Request = { collector: typeof identity } & Record<string, unknown>
    const post = async <T>(path: string, body: Request): Promise<T> => {
      const answer = await fetch(`${server.url}/api/v1/${path}`, {
        method: 'POST',
        headers: { ...tokens.get(body.collector.name), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(answer.status).toBe(200)
      return (await answer.json()) as T
    }
    const take = (collector: typeof identity) =>
      post<{ leases: { lease_id: string }[] }>('leases', { collector, kinds: ['sheet_parse'], max: 10 })
    const { leases } = await take(identity)
    const lease_ids = leases.map(({ lease_id }) => lease_id)
    expect(lease_ids).toHaveLength(2)
    expect((await take(other)).leases).toEqual([])
    expect(await post('leases/return', { collector: other, lease_ids })).toEqual({ returned: 0 })
    expect(await post('leases/return', { collector: identity, lease_ids: [...lease_ids, randomUUID()] })).toEqual({
      returned: 2,
    })
    expect(await post('leases/return', { collector: identity, lease_ids })).toEqual({ returned: 0 })
    expect((await take(other)).leases).toHaveLength(2)
    const expected = await database.db.selectFrom('lease').select('collector').execute()
    expect(expected.map(({ collector }) => collector)).toEqual(['other', 'other'])
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })
})
