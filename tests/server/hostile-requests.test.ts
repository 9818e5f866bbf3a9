import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadReference } from '../../server/src/db/load-reference.ts'
import { createTestApp, type TestApp } from '../setup/test-app.ts'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
  await loadReference(test.database.db, { vantages: ['local'], today: '2026-11-21' })
})
afterAll(() => test.close())

async function ask(method: 'GET' | 'POST', path: string, body?: string): Promise<{ status: number; code: string }> {
  const json = body === undefined ? {} : { payload: body }
  const headers = { host: 'localhost', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const answer = await test.app.inject({ method, url: `/api/v1${path}`, headers, ...json })
  return { status: answer.statusCode, code: answer.json<{ code: string }>().code }
}

describe('a query that no database can answer', () => {
  it.each([
    ['a NUL in a text', '/org-units?text=a%00b', 'EDU_BAD_REQUEST'],
    ['a page beyond all rows', '/org-units?offset=1e308', 'EDU_BAD_REQUEST'],
    ['a number beyond all records', '/imports/9223372036854775808', 'EDU_BAD_REQUEST'],
    ['an incident beyond all records', '/sites/incidents/1e300', 'EDU_BAD_REQUEST'],
    ['a day of the year 0', '/territories?day=0000-01-01', 'EDU_PERIOD_INVALID'],
    ['a moment without a day', '/sites/states?known_at=2026', 'EDU_KNOWN_AT_INVALID'],
    ['a moment that does not exist', '/sites/certificates?known_at=2026-02-30T00:00:00Z', 'EDU_KNOWN_AT_INVALID'],
    ['a moment without a zone', '/sites/overview?known_at=2026-02-20T00:00:00', 'EDU_KNOWN_AT_INVALID'],
    ['a moment of antiquity', '/org-units?known_at=0099-01-01T00:00:00Z', 'EDU_KNOWN_AT_INVALID'],
  ])('is refused with its fault: %s', async (_name, path, code) => {
    expect(await ask('GET', path)).toEqual({ status: 400, code })
  })

  it('never hands a route a parameter that it does not declare', async () => {
    expect((await ask('GET', '/org-units/1/sites?territory_id=x')).status).toBe(200)
  })
})

describe('a body with a text that no database can hold', () => {
  const status = (order_number: string): string =>
    `{"valid_from":"2026-01-01","valid_to":null,"status":"quarantine","order_number":"${order_number}"}`

  it.each([
    ['NUL', '\\u0000'],
    ['half a character', '\\ud800'],
  ])('is refused: %s', async (_name, text) => {
    expect(await ask('POST', '/org-units/1/statuses', status(text))).toEqual({ status: 400, code: 'EDU_BAD_REQUEST' })
    const batch = `{"collector":{"name":"x","version":"${text}","vantage":"local"},"witness":null,"health":null,"measurements":[]}`
    expect(await ask('POST', '/measurements', batch)).toEqual({ status: 400, code: 'EDU_BAD_REQUEST' })
  })

  it('takes the same body with an ordinary text', async () => {
    expect((await ask('POST', '/org-units/1/statuses', status('№ 5'))).status).toBe(201)
  })
})
