import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { insertSpeedScene, makePing, makeTest, TestAgent } from '../../factories/speed-scene.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { schoolTime } from './school-times.ts'

const AGENTS = 60
const TESTS = 8
const PINGS = 10
const ROUNDS_AT_MOST = 20

let test: TestApp
let owner: pg.Client
beforeAll(async () => {
  test = await createTestApp()
  owner = new pg.Client({ connectionString: test.database.owner_url })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await test.close()
})

/** Cuts the server's connections in the middle of what they are doing. */
async function cutConnections(): Promise<number> {
  const { rowCount } = await owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND state <> 'idle'`,
  )
  return rowCount ?? 0
}

async function countRows(table: 'speed_test' | 'agent_hour' | 'receipt'): Promise<number> {
  const row = await test.database.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return row.n
}

describe("agents that all come back with a day's queue at once", () => {
  it('are taken in once each, though the database is cut off in the middle and all is sent again', async () => {
    const kinds = { settlement_kinds: ['village'] }
    const scene = await insertSpeedScene(
      test.database.db,
      Array.from({ length: AGENTS }, () => kinds),
    )
    const senders = await Promise.all(
      scene.schools.map(async ({ school, buildings: [at] }) => {
        if (at === undefined) throw new Error('no building')
        const tests = Array.from({ length: TESTS }, (_, minute) => makeTest(at, schoolTime({ minute })))
        const pings = Array.from({ length: PINGS }, (_, hour) => makePing(at, schoolTime({ local_hour: 8 + hour })))
        return { agent: await TestAgent.of(test.app, school), rows: { tests, pings } }
      }),
    )
    let waiting = senders
    let cut = 0
    const counts = { accepted: 0, duplicate: 0 }
    for (let round = 0; waiting.length > 0 && round < ROUNDS_AT_MOST; round += 1) {
      const sending = Promise.all(waiting.map(({ agent, rows }) => agent.send(rows)))
      if (round === 0) await vi.waitUntil(async () => (cut += await cutConnections()) > 0, { interval: 1 })
      const answers = await sending
      for (const { status, body } of answers) {
        if (status !== 200) continue
        counts.accepted += body.accepted
        counts.duplicate += body.duplicate
      }
      // An answer that is lost on its way looks like one that never came: every third is sent again.
      waiting = waiting.filter((_, place) => answers[place]?.status !== 200 || (round === 0 && place % 3 === 0))
    }
    expect(waiting).toEqual([])
    expect(cut).toBeGreaterThan(0)
    const rows = AGENTS * (TESTS + PINGS)
    expect([await countRows('speed_test'), await countRows('agent_hour')]).toEqual([AGENTS * TESTS, AGENTS * PINGS])
    expect(await countRows('receipt')).toBe(rows)
    expect(counts.accepted).toBeLessThanOrEqual(rows)
    expect(counts.accepted + counts.duplicate).toBeGreaterThan(rows)
    const summed = await test.database.db
      .selectFrom('speed_hour')
      .select((eb) => eb.fn.sum<number>('tests').as('tests'))
      .executeTakeFirstOrThrow()
    expect(summed.tests).toBe(AGENTS * TESTS)
  })
})
