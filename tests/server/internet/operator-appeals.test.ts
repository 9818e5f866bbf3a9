import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inChange, insertUnit, type MadeUnit } from '../../factories/registry.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

let test: TestApp
let school: MadeUnit
let building: MadeUnit
let other: MadeUnit
beforeAll(async () => {
  test = await createTestApp()
  await inChange(test.database.db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    const municipality = await insertUnit(change, { kind: 'municipality', name: 'Район', parent: region })
    school = await insertUnit(change, { kind: 'organisation', name: 'Школа', parent: municipality })
    building = await insertUnit(change, { kind: 'building', name: 'Здание', parent: school })
    other = await insertUnit(change, { kind: 'organisation', name: 'Другая', parent: municipality })
  })
})
afterAll(() => test.close())

const APPEAL = {
  ...{ appeal_number: 'ОБ-17', sent_on: '2026-09-10', operator: 'ПАО «Ростелеком»', subject: 'Скорость ниже договора' },
  ...{ answer: null as string | null, answered_on: null as string | null },
}

async function call(method: 'GET' | 'POST', unit: MadeUnit, payload?: object, query = '') {
  const url = `/api/v1/org-units/${unit.org_unit_id}/operator-appeals`
  const headers = await test.headersFor(url)
  const answer = await test.app.inject({ method, url: `${url}${query}`, headers, ...(payload ? { payload } : {}) })
  return {
    status: answer.statusCode,
    body: answer.json<Record<string, unknown> & { rows: Record<string, unknown>[] }>(),
  }
}

describe('operator appeals', () => {
  it('are kept with their answer once it comes, and as known before without it', async () => {
    const entered = await call('POST', building, APPEAL)
    expect(entered).toMatchObject({ status: 201, body: { ...APPEAL, org_unit_id: building.org_unit_id } })
    const known_at = new Date(Date.parse(entered.body['entered_at'] as string) + 1000)
    await expect.poll(() => Date.now(), { timeout: 3000 }).toBeGreaterThan(known_at.getTime())
    const answered = { ...APPEAL, answer: 'Линия будет заменена', answered_on: '2026-09-25' }
    expect((await call('POST', building, answered)).status).toBe(201)

    expect((await call('GET', school)).body.rows).toMatchObject([answered])
    const then = await call('GET', building, undefined, `?known_at=${known_at.toISOString()}`)
    expect(then.body.rows).toMatchObject([APPEAL])
    expect((await call('GET', other)).body.rows).toEqual([])
    const events = await test.database.db
      .selectFrom('audit_event')
      .where('action', '=', 'operator_appeal.enter')
      .select(['org_unit_id', 'before', 'after'])
      .orderBy('audit_event_id')
      .execute()
    expect(events).toMatchObject([
      { org_unit_id: building.org_unit_id, before: null },
      { before: { answer: null }, after: { answer: 'Линия будет заменена' } },
    ])
  })

  it('are refused with the field that contradicts', async () => {
    const wrong: [object, string][] = [
      [{ sent_on: '2026-02-30' }, '/sent_on'],
      [{ sent_on: '2999-01-01' }, '/sent_on'],
      [{ answer: 'Да' }, '/answered_on'],
      [{ answered_on: '2026-09-11' }, '/answered_on'],
      [{ answer: 'Да', answered_on: '2026-09-09' }, '/answered_on'],
    ]
    for (const [fields, field] of wrong) {
      const refused = await call('POST', school, { ...APPEAL, ...fields })
      expect(refused).toMatchObject({ status: 400, body: { code: 'EDU_BAD_REQUEST', details: { field } } })
    }
    expect((await call('POST', school, { ...APPEAL, appeal_number: ' ' })).status).toBe(400)
    expect((await call('GET', { ...school, org_unit_id: 999_999 })).status).toBe(404)
  })
})
