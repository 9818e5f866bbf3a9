import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmLateTests } from '../../../server/src/ingest-speed/confirm-late-tests.ts'
import { insertPerson } from '../../factories/people.ts'
import type { MadeUnit } from '../../factories/registry.ts'
import {
  insertSpeedScene,
  insertTicket,
  makeConfirmed,
  makeTest,
  recordOf,
  TestAgent,
  type MadeSchool,
} from '../../factories/speed-scene.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { schoolTime } from './school-times.ts'

interface TestList {
  rows: { test_id: string; org_unit_id: number; validity: string; server_download_kbps: number | null }[]
  next_before: string | null
}
interface Building {
  org_unit_id: number
  norm_kbps: number | null
  download_kbps: number | null
  last_validity: string | null
  validity_counts: { validity: string; tests: number }[]
  tests: { test_id: string }[]
}
type Answer = TestList & { buildings: Building[]; code: string }

let test: TestApp
let own: MadeSchool
let other: MadeSchool
let agent: TestAgent
beforeAll(async () => {
  test = await createTestApp()
  const scene = await insertSpeedScene(test.database.db, [
    { settlement_kinds: ['city', 'village'] },
    { settlement_kinds: ['city'] },
  ])
  const [first, second] = scene.schools
  if (first === undefined || second === undefined) throw new Error('no schools')
  own = first
  other = second
  agent = await TestAgent.of(test.app, own.school)
})
afterAll(() => test.close())

function building(place: number): MadeUnit {
  const found = own.buildings[place]
  if (found === undefined) throw new Error('no building')
  return found
}

async function read(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: Answer }> {
  const answer = await test.app.inject({ url: `/api/v1/org-units/${path}`, headers })
  return { status: answer.statusCode, body: answer.json<Answer>() }
}

describe('GET /api/v1/org-units/:id/speed-tests', () => {
  it('lists the tests of all buildings page by page, newest first, by validity and building', async () => {
    const { db } = test.database
    const rows = await Promise.all(
      Array.from({ length: 7 }, (_, minute) => makeConfirmed(db, building(minute % 2), schoolTime({ minute }))),
    )
    await agent.submit({ tests: [...rows, makeTest(building(1), schoolTime({ local_hour: 8 }))] })
    const path = `${own.school.org_unit_id}/speed-tests`
    const seen: string[] = []
    let before = ''
    for (let page = 0; page < 9; page += 1) {
      const { body } = await read(`${path}?limit=3${before}`)
      seen.push(...body.rows.map(({ test_id }) => test_id))
      if (body.next_before === null) break
      before = `&before=${encodeURIComponent(body.next_before)}`
    }
    expect(seen).toHaveLength(8)
    expect(seen.slice(0, 7)).toEqual(rows.map(({ id }) => id).reverse())
    const unconfirmed = await read(`${path}?validity=unconfirmed`)
    expect(unconfirmed.body.rows.map((row) => [row.org_unit_id, row.server_download_kbps])).toEqual([
      [building(1).org_unit_id, null],
    ])
    const ofOne = await read(`${path}?building_id=${building(0).org_unit_id}`)
    expect(ofOne.body.rows).toHaveLength(4)
    const wrong = await read(`${path}?before=2026-13-45T00:00:00.000Z_${seen[0] ?? ''}`)
    expect(wrong).toMatchObject({ status: 400, body: { code: 'EDU_BAD_REQUEST' } })
  })

  it('does not exist for those who do not answer for the school', async () => {
    const { school } = other
    const grant = { role: 'school_operator' as const, org_unit_id: school.org_unit_id, founder_kinds: null }
    const stranger = await insertPerson(test.database.db, [grant])
    for (const path of ['speed-tests', 'internet']) {
      expect((await read(`${own.school.org_unit_id}/${path}`, stranger.headers)).status).toBe(404)
      expect((await read(`${school.org_unit_id}/${path}`, stranger.headers)).status).toBe(200)
    }
  })
})

describe('GET /api/v1/org-units/:id/internet', () => {
  it('describes each building with its own norm, and as it was known before', async () => {
    const at = building(1)
    const row = makeTest(at, schoolTime({ local_hour: 12 }), {
      ticket_id: await insertTicket(test.database.db, at),
      download_kbps: 33_000,
    })
    await agent.submit({ tests: [row] })
    const known_at = new Date().toISOString()
    await test.database.db.transaction().execute(async (tx) => {
      await tx.insertInto('measurement_record').values(recordOf(row)).execute()
      await confirmLateTests(tx, [row.ticket_id ?? ''])
    })
    const find = async (query: string): Promise<Building[]> => {
      const { body } = await read(`${own.school.org_unit_id}/internet${query}`)
      return body.buildings
    }
    const now = await find('')
    expect(now.map(({ org_unit_id, norm_kbps }) => [org_unit_id, norm_kbps])).toEqual([
      [own.school.org_unit_id, null],
      [building(0).org_unit_id, 100_000],
      [at.org_unit_id, 50_000],
    ])
    expect(now[2]).toMatchObject({ last_validity: 'valid', download_kbps: 33_000 })
    expect(now[2]?.tests[0]?.test_id).toBe(row.id)
    expect(now[2]?.validity_counts).toEqual([
      { validity: 'unconfirmed', tests: 1 },
      { validity: 'valid', tests: 4 },
    ])
    const then = (await find(`?known_at=${known_at}`))[2]
    expect(then).toMatchObject({ last_validity: 'unconfirmed', download_kbps: 80_000 })
    expect(then?.validity_counts).toEqual([
      { validity: 'unconfirmed', tests: 2 },
      { validity: 'valid', tests: 3 },
    ])
  })
})
