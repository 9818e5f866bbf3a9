import pg from 'pg'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../setup/test-app.ts'

let test: TestApp
beforeAll(async () => (test = await createTestApp()))
afterAll(() => test.close())

async function ask(text: string, pid: number): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: test.database.owner_url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, [pid])).rows
  } finally {
    await client.end()
  }
}

describe('a database connection that is lost', () => {
  it('between two statements of a transaction fails that transaction only', async () => {
    const lost = test.app.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx)
      const pid = rows[0]?.pid ?? 0
      await ask('SELECT pg_terminate_backend($1)', pid)
      await expect.poll(() => ask('SELECT FROM pg_stat_activity WHERE pid = $1', pid)).toEqual([])
      await sql`SELECT 1`.execute(tx)
    })
    await expect(lost).rejects.toThrow()
    const answer = await test.app.inject({ url: '/api/v1/ready', headers: { host: 'localhost' } })
    expect(answer.statusCode).toBe(200)
  })
})
