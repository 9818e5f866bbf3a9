import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MeasurementRecord, SpeedTest } from '../../../server/src/contract/index.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { issueSchoolCode } from '../../../server/src/speed-tickets/school-code.ts'
import { storeRecords } from '../../../server/src/speed-tickets/store-records.ts'
import type { MadeUnit } from '../../factories/registry.ts'
import { insertSpeedScene, makeTest } from '../../factories/speed-scene.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { schoolTime } from './school-times.ts'

const BROWSER_ID = 'b6f3c1de-55aa-4c8e-9a41-0d2f7f1c9e01'
const headers = { host: 'localhost:8080' }

let test: TestApp
let own: MadeUnit
let foreign: MadeUnit
let code: string
beforeAll(async () => {
  test = await createTestApp()
  const scene = await insertSpeedScene(test.database.db, [
    { settlement_kinds: ['city'] },
    { settlement_kinds: ['city'] },
  ])
  const [first, second] = scene.schools
  if (first?.buildings[0] === undefined || second?.buildings[0] === undefined) throw new Error('no buildings')
  own = first.buildings[0]
  foreign = second.buildings[0]
  code = (await issueSchoolCode(test.database.db, first.school.org_unit_id, systemAuthor('test'))).code
})
afterAll(() => test.close())

async function post(path: string, payload: object) {
  const answer = await test.app.inject({ method: 'POST', url: `/api/v1/${path}`, headers, payload })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
}

async function makeBrowserTest(at: MadeUnit): Promise<SpeedTest> {
  const ticket = await post('speed-tickets/browser', { code, org_unit_id: at.org_unit_id })
  return { ...makeTest(at, schoolTime(), { ticket_id: ticket.body['ticket_id'] as string }), method: 'browser' }
}

function submit(row: object, by = code) {
  return post('speed-tests/browser', { code: by, agent_id: BROWSER_ID, test: row })
}

function recordOf({ ticket_id, started_at, download, upload }: SpeedTest): MeasurementRecord {
  const seen = (side: SpeedTest['download']) =>
    side === null ? null : { end: 'complete' as const, bytes: side.bytes, duration_ms: side.duration_ms }
  return {
    ...{ ticket_id: ticket_id ?? '', started_at, client_address: '192.0.2.7' },
    ...{ download: seen(download), upload: seen(upload) },
  }
}

function findTest({ org_unit_id, id }: SpeedTest) {
  const { db } = test.database
  const select = db.selectFrom('speed_test').where('org_unit_id', '=', org_unit_id).where('test_id', '=', id)
  return select.selectAll().executeTakeFirst()
}

describe('POST /speed-tests/browser', () => {
  it('takes a test by the school code once, and grades it as a lower bound when the record has come', async () => {
    const row = await makeBrowserTest(own)
    expect((await submit(row)).body).toEqual({ accepted: 1, duplicate: 0, rejected: [] })
    expect((await submit(row)).body).toEqual({ accepted: 0, duplicate: 1, rejected: [] })
    expect(await findTest(row)).toMatchObject({ method: 'browser', validity: 'unconfirmed', agent_id: BROWSER_ID })
    const answer = await storeRecords(test.database.db, [recordOf(row)], systemAuthor('measurement server'))
    expect(answer).toEqual({ accepted: 1, duplicate: 0, unknown: 0 })
    const confirmed = await test.database.db
      .selectFrom('speed_confirmation')
      .where('test_id', '=', row.id)
      .select('validity')
      .executeTakeFirst()
    expect(confirmed).toEqual({ validity: 'lower_bound' })
  })

  it('takes no test for an agent, whatever it says it was made by', async () => {
    const row = await makeBrowserTest(own)
    expect((await submit({ ...row, method: 'agent' })).body).toMatchObject({ accepted: 1 })
    expect(await findTest(row)).toMatchObject({ method: 'browser' })
  })

  it('refuses the building of another school, an unknown code and what is no test, and keeps nothing of them', async () => {
    const row = { ...makeTest(foreign, schoolTime()), method: 'browser' as const }
    expect((await submit(row)).body).toMatchObject({ accepted: 0, rejected: [{ code: 'EDU_UNIT_FOREIGN' }] })
    expect(await submit(row, 'ABCD-EFGH')).toMatchObject({ status: 404, body: { code: 'EDU_SCHOOL_CODE_UNKNOWN' } })
    const negative = { ...row, org_unit_id: own.org_unit_id, download: { bytes: 1, duration_ms: 1, kbps: -5 } }
    expect((await submit(negative)).body).toMatchObject({
      accepted: 0,
      rejected: [{ code: 'EDU_ROW_INVALID', message: expect.stringContaining('/download/kbps') as string }],
    })
    expect(await findTest(row)).toBeUndefined()
  })
})
