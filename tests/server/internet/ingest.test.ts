import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SpeedTest } from '../../../server/src/contract/index.ts'
import { inChange, insertStatus, type MadeUnit } from '../../factories/registry.ts'
import {
  insertSpeedScene,
  insertTicket,
  makeConfirmed,
  makePing,
  makeTest,
  recordOf,
  TestAgent,
} from '../../factories/speed-scene.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { schoolTime, workingDays } from './school-times.ts'

let test: TestApp
let own: MadeUnit
let secondOwn: MadeUnit
let foreign: MadeUnit
let agent: TestAgent
beforeAll(async () => {
  test = await createTestApp({ allow_modelled: false })
  const scene = await insertSpeedScene(test.database.db, [
    { settlement_kinds: ['city', 'village'] },
    { settlement_kinds: ['city'] },
  ])
  const [first, second] = scene.schools
  const [a, b] = first?.buildings ?? []
  const c = second?.buildings[0]
  if (first === undefined || a === undefined || b === undefined || c === undefined) throw new Error('no schools')
  own = a
  secondOwn = b
  foreign = c
  agent = await TestAgent.of(test.app, first.school)
})
afterAll(() => test.close())

async function findFact(id: string) {
  return test.database.db.selectFrom('speed_test').where('test_id', '=', id).selectAll().executeTakeFirst()
}

async function countFacts(): Promise<number> {
  const row = await test.database.db
    .selectFrom('speed_test')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return row.n
}

describe('POST /api/v1/speed-tests', () => {
  it('stores a test with both sides, one change set and one audit event a batch', async () => {
    const { db } = test.database
    const row = await makeConfirmed(db, own, schoolTime(), { download_kbps: 61_000 })
    const pings = [makePing(own, schoolTime({ local_hour: 9 }))]
    expect(await agent.submit({ tests: [row], pings })).toEqual({ accepted: 2, duplicate: 0, rejected: [] })
    const fact = await findFact(row.id)
    expect(fact).toMatchObject({
      ...{ validity: 'valid', rule_version: 1, download_kbps: 61_000, server_download_kbps: 61_000 },
      ...{ server_upload_kbps: 40_000, medium: 'wired', agent_id: agent.agent_id, provenance: 'measured' },
    })
    const change_set_no = fact?.change_set_no ?? 0
    const hour = await db.selectFrom('agent_hour').selectAll().executeTakeFirstOrThrow()
    expect(hour).toMatchObject({ sent: 12, answered: 12, change_set_no })
    const events = await db
      .selectFrom('audit_event')
      .where('change_set_no', '=', change_set_no)
      .select(['action', 'subject', 'detail'])
      .execute()
    const detail = { accepted: 2, duplicate: 0, rejected: 0 }
    expect(events).toEqual([{ action: 'take_in_batch', subject: `agent ${agent.agent_id}`, detail }])
  })

  it.each<[string, (row: SpeedTest) => unknown, string]>([
    ['a text instead of an object', () => 'hello', '/'],
    ['a negative speed', (row) => ({ ...row, download: { bytes: 1, duration_ms: 1, kbps: -8 } }), '/download/kbps'],
    [
      'a speed that bytes and time do not give',
      (row) => ({ ...row, download: { ...row.download, kbps: 8 } }),
      '/download/kbps',
    ],
    ['an impossible latency', (row) => ({ ...row, min_rtt_us: 0 }), '/min_rtt_us'],
    ['a round trip longer than the test', (row) => ({ ...row, min_rtt_us: 10_000_001 }), '/min_rtt_us'],
    ['a result with a cause', (row) => ({ ...row, cause: 'no_network' }), '/cause'],
    ['no result without a cause', (row) => ({ ...row, upload: null }), '/cause'],
    ['a time of no calendar', (row) => ({ ...row, started_at: '2026-02-31T10:00:00Z' }), '/started_at'],
    ['a retest of itself', (row) => ({ ...row, retest_of: row.id }), '/retest_of'],
    ['an unknown field', (row) => ({ ...row, speed: 1 }), '/speed'],
  ])('refuses %s with its place and takes the row beside it', async (_name, spoil, place) => {
    const bad = spoil(makeTest(own, schoolTime()))
    const answer = await agent.submit({ tests: [bad, makeTest(own, schoolTime())] })
    expect(answer).toMatchObject({ accepted: 1, rejected: [{ list: 'tests', index: 0, code: 'EDU_ROW_INVALID' }] })
    expect(answer.rejected[0]?.message).toMatch(new RegExp(`^${place}: `))
  })

  it('refuses pings that cannot be', async () => {
    const answer = await agent.submit({
      pings: [makePing(own, schoolTime({ minute: 1 })), makePing(own, schoolTime(), 13), makePing(own, schoolTime())],
    })
    expect(answer.accepted).toBe(1)
    expect(answer.rejected.map(({ list, index, message }) => [list, index, message.split(':')[0]])).toEqual([
      ['pings', 0, '/hour_at'],
      ['pings', 1, '/answered'],
    ])
  })

  it('answers a repeated row as a duplicate and other content under its id as reuse', async () => {
    const row = makeTest(own, schoolTime())
    expect(await agent.submit({ tests: [row, row] })).toEqual({ accepted: 1, duplicate: 1, rejected: [] })
    const other = { ...row, agent_version: '2' }
    const answer = await agent.submit({ tests: [Object.fromEntries(Object.entries(row).reverse()), other] })
    expect(answer).toMatchObject({ accepted: 0, duplicate: 1, rejected: [{ index: 1, code: 'EDU_ID_REUSED' }] })
  })

  it('takes a queue of a month without network, and nothing from before the window or from the future', async () => {
    const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
    const rows = [daysAgo(31), daysAgo(69), daysAgo(71), daysAgo(-0.01)].map((at) => makeTest(own, at))
    const answer = await agent.submit({ tests: rows })
    expect(answer.accepted).toBe(2)
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([
      [2, 'EDU_TIME_OUT_OF_WINDOW'],
      [3, 'EDU_TIME_OUT_OF_WINDOW'],
    ])
  })

  it("refuses another school's building and takes both of its own", async () => {
    const rows = [own, secondOwn, foreign].map((building) => makeTest(building, schoolTime()))
    const answer = await agent.submit({ tests: rows, pings: [makePing(foreign, schoolTime())] })
    expect(answer).toMatchObject({
      accepted: 2,
      rejected: [
        { list: 'tests', index: 2, code: 'EDU_UNIT_FOREIGN' },
        { list: 'pings', index: 0, code: 'EDU_UNIT_FOREIGN' },
      ],
    })
  })

  it('refuses tickets of another building, of another way to test, used before, and never given', async () => {
    const { db } = test.database
    const used = await makeConfirmed(db, own, schoolTime())
    await agent.submit({ tests: [used] })
    const twice = await insertTicket(db, own)
    const tickets = [
      await insertTicket(db, secondOwn),
      await insertTicket(db, own, 'browser'),
      used.ticket_id,
      randomUUID(),
      twice,
      twice,
    ]
    const answer = await agent.submit({ tests: tickets.map((ticket_id) => makeTest(own, schoolTime(), { ticket_id })) })
    expect(answer.accepted).toBe(1)
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual(
      [0, 1, 2, 3, 5].map((index) => [index, 'EDU_TICKET_FOREIGN']),
    )
  })

  it('lets one of two tests under one ticket in that come at the same moment, and forgets the other', async () => {
    const ticket_id = await insertTicket(test.database.db, own)
    const rows = Array.from({ length: 6 }, (_, minute) => makeTest(own, schoolTime({ minute }), { ticket_id }))
    const answers = await Promise.all(rows.map((row) => agent.submit({ tests: [row] })))
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1)
    const ids = rows.map(({ id }) => id)
    const receipts = await test.database.db
      .selectFrom('receipt')
      .where('measurement_id', 'in', ids)
      .selectAll()
      .execute()
    expect(receipts).toHaveLength(1)
  })

  it('says of each test what it is good for', async () => {
    const { db } = test.database
    const confirm = (at: string, fields?: Parameters<typeof makeTest>[2]) => makeConfirmed(db, own, at, fields)
    const differing = makeTest(own, schoolTime(), { ticket_id: await insertTicket(db, own) })
    await db
      .insertInto('measurement_record')
      .values(recordOf(differing, { download_kbps: 200_000 }))
      .execute()
    const context = { ...differing.context, own_received_bytes: 90_000_000 }
    const cases: [SpeedTest, string][] = [
      [makeTest(own, schoolTime()), 'unconfirmed'],
      [differing, 'sides_differ'],
      [await confirm(schoolTime({ local_hour: 20 })), 'off_hours'],
      [await confirm(schoolTime(), { context }), 'own_traffic'],
      [await confirm(schoolTime(), { method: 'browser' }), 'lower_bound'],
      [makeTest(own, schoolTime(), { download: null, upload: null, cause: 'websocket_blocked' }), 'failed'],
    ]
    await agent.submit({ tests: cases.map(([row]) => row) })
    for (const [row, validity] of cases)
      expect([validity, (await findFact(row.id))?.validity]).toEqual([validity, validity])
  })

  it('excuses what a status of the school, or of all its municipality, excuses', async () => {
    const { db } = test.database
    const [day = '', before = ''] = workingDays(20).slice(18)
    await inChange(db, async (change) => {
      const above = (place: number) => ({ ...own, org_unit_id: own.path[place] ?? 0 })
      await insertStatus(change, above(2), { status: 'capital_repair', valid_from: day, valid_to: day })
      await insertStatus(change, above(1), { status: 'holidays', valid_from: before, valid_to: before })
    })
    const rows = await Promise.all([17, 18, 19].map((back) => makeConfirmed(db, own, schoolTime({ back }))))
    await agent.submit({ tests: rows })
    const facts = await Promise.all(rows.map(({ id }) => findFact(id)))
    expect(facts.map((fact) => fact?.validity)).toEqual(['valid', 'excused', 'excused'])
  })

  it('takes modelled history only where the settings allow it', async () => {
    const before = await countFacts()
    const { status, body } = await agent.send({ tests: [makeTest(own, schoolTime())], provenance: 'modelled' })
    expect([status, body.code, await countFacts()]).toEqual([403, 'EDU_FORBIDDEN', before])
  })
})
