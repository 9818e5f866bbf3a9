import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SpeedTest } from '../../../server/src/contract/index.ts'
import { openChangeSet } from '../../../server/src/db/change-set.ts'
import { confirmLateTests } from '../../../server/src/ingest-speed/confirm-late-tests.ts'
import { rebuildSpeedStates } from '../../../server/src/jobs/rebuild-speed-state.ts'
import type { MadeUnit } from '../../factories/registry.ts'
import { insertSpeedScene, insertTicket, makePing, makeTest, recordOf, TestAgent } from '../../factories/speed-scene.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { schoolTime } from './school-times.ts'

let test: TestApp
let buildings: MadeUnit[]
let agent: TestAgent
beforeAll(async () => {
  test = await createTestApp()
  const scene = await insertSpeedScene(test.database.db, [{ settlement_kinds: ['city', 'village', 'village'] }])
  const [school] = scene.schools
  if (school === undefined) throw new Error('no school')
  buildings = school.buildings
  agent = await TestAgent.of(test.app, school.school)
})
afterAll(() => test.close())

function building(place: number): MadeUnit {
  const found = buildings[place]
  if (found === undefined) throw new Error(`no building ${place}`)
  return found
}

/** The record of a test arrives, as the measurement server posts it. */
function record(row: SpeedTest, seen: Parameters<typeof recordOf>[1] = {}) {
  return test.database.db.transaction().execute(async (tx) => {
    await tx.insertInto('measurement_record').values(recordOf(row, seen)).execute()
    return confirmLateTests(tx, [row.ticket_id ?? ''])
  })
}

async function sumHours(org_unit_id: number) {
  const { rows } = await sql<{ validity: string; tests: number; kbps: number; bins: number }>`
    SELECT validity, sum(tests)::int AS tests, sum(download_kbps_sum)::int AS kbps,
           sum(sign(tests) * cardinality(download_bins))::int AS bins
      FROM speed_hour WHERE org_unit_id = ${org_unit_id} GROUP BY validity ORDER BY validity`.execute(test.database.db)
  return rows
}

async function readStates() {
  const rows = await test.database.db.selectFrom('speed_state').selectAll().orderBy('org_unit_id').execute()
  return rows.map(({ change_set_no, ...state }) => {
    expect(change_set_no).toBeGreaterThan(0)
    return state
  })
}

describe('confirmLateTests', () => {
  it('confirms a test whose record came after it, and moves it in the rollups by further rows', async () => {
    const at = building(0)
    const row = makeTest(at, schoolTime(), { ticket_id: await insertTicket(test.database.db, at) })
    await agent.submit({ tests: [row] })
    expect(await sumHours(at.org_unit_id)).toEqual([{ validity: 'unconfirmed', tests: 1, kbps: 80_000, bins: 1 }])
    expect((await readStates())[0]).toMatchObject({ last_validity: 'unconfirmed', valid_test_id: null })
    const { confirmed, change_set_no } = await record(row)
    expect(confirmed).toBe(1)
    expect(await sumHours(at.org_unit_id)).toEqual([
      { validity: 'unconfirmed', tests: 0, kbps: 0, bins: 0 },
      { validity: 'valid', tests: 1, kbps: 80_000, bins: 1 },
    ])
    expect((await readStates())[0]).toMatchObject({
      last_validity: 'valid',
      valid_test_id: row.id,
      download_kbps: 80_000,
    })
    const said = await test.database.db.selectFrom('speed_confirmation').selectAll().execute()
    const server = { server_download_kbps: 80_000, server_upload_kbps: 40_000 }
    expect(said).toMatchObject([{ test_id: row.id, validity: 'valid', ...server, change_set_no }])
  })

  it('says that the sides differ where they do, and nothing twice', async () => {
    const at = building(1)
    const row = makeTest(at, schoolTime(), { ticket_id: await insertTicket(test.database.db, at) })
    await agent.submit({ tests: [row] })
    expect((await record(row, { download_kbps: 500_000 })).confirmed).toBe(1)
    const again = await test.database.db.transaction().execute((tx) => confirmLateTests(tx, [row.ticket_id ?? '']))
    expect(again).toEqual({ confirmed: 0, change_set_no: null })
    expect((await sumHours(at.org_unit_id)).filter(({ tests }) => tests !== 0)).toMatchObject([
      { validity: 'sides_differ', tests: 1 },
    ])
  })

  it('leaves no test unconfirmed whose record comes at the same moment', async () => {
    const at = building(2)
    const rows = await Promise.all(
      Array.from({ length: 30 }, async (_, minute) =>
        makeTest(at, schoolTime({ minute }), { ticket_id: await insertTicket(test.database.db, at) }),
      ),
    )
    await Promise.all(rows.flatMap((row) => [agent.submit({ tests: [row] }), record(row)]))
    const counted = (await sumHours(at.org_unit_id)).filter(({ tests }) => tests !== 0)
    expect(counted).toMatchObject([{ validity: 'valid', tests: 30, bins: 30 }])
  })
})

describe('the newest of each building', () => {
  it('equals the one rebuilt from the facts, whatever the order that facts come in', async () => {
    const at = building(1)
    const late = makeTest(at, schoolTime({ local_hour: 9 }), { ticket_id: await insertTicket(test.database.db, at) })
    const failed = makeTest(at, schoolTime({ local_hour: 12 }), { download: null, cause: 'dns_failed' })
    await agent.submit({ tests: [failed], pings: [makePing(at, schoolTime({ local_hour: 13 }))] })
    await agent.submit({ tests: [late, makeTest(at, schoolTime({ back: 3 }))] })
    await agent.submit({ pings: [makePing(at, schoolTime({ local_hour: 15 }), 0)] })
    await record(late)
    const kept = await readStates()
    expect(kept.find((state) => state.org_unit_id === at.org_unit_id)).toMatchObject({
      ...{ last_test_id: failed.id, last_validity: 'failed', last_cause: 'dns_failed', valid_test_id: late.id },
      heard_at: new Date(schoolTime({ local_hour: 14 })),
    })
    await test.database.db.transaction().execute(async (tx) => {
      const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: 'test', summary: 'rebuild' })
      await rebuildSpeedStates(tx, change_set_no)
    })
    expect(await readStates()).toEqual(kept)
  })
})
