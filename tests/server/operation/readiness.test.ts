import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

// Nobody: signing in would ask the database that is away.
const headers = { host: 'localhost', cookie: '' }
let test: TestApp
beforeAll(async () => (test = await createTestApp()))
afterAll(() => test.close())

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: test.database.owner_url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function ask(url: string): Promise<{ status: number; body: unknown }> {
  const answer = await test.app.inject({ url, headers })
  return { status: answer.statusCode, body: answer.json() }
}

describe('GET /api/v1/ready', () => {
  it('names the database that answers', async () => {
    expect(await ask('/api/v1/ready')).toEqual({
      status: 200,
      body: { status: 'ready', postgres_version: expect.stringMatching(/^1[5-9]\./) as string, change_set_no: 0 },
    })
  })

  it('says so when the schema is that of another version', async () => {
    await asOwner(`INSERT INTO schema_migration (name, sha256) VALUES ('9999_of_tomorrow.sql', '')`)
    const unready = await ask('/api/v1/ready')
    expect(unready).toMatchObject({
      status: 503,
      body: { code: 'EDU_NOT_READY', details: { reasons: ['schema_differs'] } },
    })
    await asOwner(`DELETE FROM schema_migration WHERE name LIKE '9999%'`)
    expect((await ask('/api/v1/ready')).status).toBe(200)
  })

  it('says so when the database does not answer, while the process still lives', async () => {
    const name = new URL(test.database.owner_url).pathname.slice(1)
    const admin = new URL(test.database.owner_url)
    admin.pathname = '/postgres'
    const client = new pg.Client({ connectionString: admin.href })
    await client.connect()
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
    expect(await ask('/api/v1/ready')).toMatchObject({
      status: 503,
      body: { code: 'EDU_NOT_READY', details: { reasons: ['database_unreachable'] } },
    })
    expect(await ask('/api/v1/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
    const scrape = await test.app.inject({ url: '/metrics', headers })
    expect(scrape.statusCode).toBe(200)
    expect(scrape.body).toContain('\nedumon_database_up 0\n')
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    await client.end()
    await expect.poll(async () => (await ask('/api/v1/ready')).status).toBe(200)
  })
})
