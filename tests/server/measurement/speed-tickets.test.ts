import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { issueOwnToken } from '../../../server/src/access/own-programs.ts'
import type { MeasurementRecord, RecordBatchAnswer, Ticket, TicketKey } from '../../../server/src/contract/index.ts'
import { refreshWholeStructure } from '../../../server/src/db/org-unit-structure.ts'
import { clearSpeedTickets } from '../../../server/src/jobs/clear-speed-tickets.ts'
import { readTicket } from '../../../server/src/speed-tickets/ticket-token.ts'
import { RIGHTS_SINCE } from '../../factories/people.ts'
import { inChange, insertUnit } from '../../factories/registry.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

let test: TestApp
/** A school with two buildings, another school, and the headers of programs. */
let units: { region: number; school: number; old: number; new: number; other: number }
let school: { authorization: string }
let measurement: { authorization: string }

beforeAll(async () => {
  test = await createTestApp()
  const { db } = test.database
  units = await inChange(db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    const add = (name: string, kind: 'organisation' | 'branch', parent: typeof region) =>
      insertUnit(change, { kind, name, parent })
    const school_unit = await add('Школа № 1', 'organisation', region)
    const old_part = await add('Старый корпус', 'branch', school_unit)
    const new_part = await add('Новый корпус', 'branch', school_unit)
    const other = await add('Школа № 2', 'organisation', region)
    await refreshWholeStructure(change.tx, '2026-11-21')
    return {
      ...{ region: region.org_unit_id, school: school_unit.org_unit_id, old: old_part.org_unit_id },
      ...{ new: new_part.org_unit_id, other: other.org_unit_id },
    }
  })
  const issue = async (kind: 'school' | 'measurement', org_unit_id: number) => {
    const own = { kind, label: kind, collector: null, jurisdiction: { org_unit_id, founder_kinds: null } }
    return { authorization: `Bearer ${await issueOwnToken(db, own, RIGHTS_SINCE)}` }
  }
  school = await issue('school', units.school)
  measurement = await issue('measurement', units.region)
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.database.db.deleteFrom('measurement_ticket').execute()
  await test.database.db.deleteFrom('measurement_record').execute()
})

interface Answer<Body> {
  status: number
  retry_after: unknown
  body: Body & { code?: string }
}

async function post<Body>(
  path: string,
  headers: object,
  payload: object,
  remoteAddress: string,
): Promise<Answer<Body>> {
  const request = { method: 'POST', url: `/api/v1${path}`, headers: { ...headers }, payload, remoteAddress } as const
  const answer = await test.app.inject(request)
  return { status: answer.statusCode, retry_after: answer.headers['retry-after'], body: answer.json() }
}

const ask = (org_unit_id: number, address = '203.0.113.1') =>
  post<Ticket>('/speed-tickets', school, { org_unit_id }, address)
const handIn = (records: MeasurementRecord[]) =>
  post<RecordBatchAnswer>('/measurement-records', measurement, { records }, '127.0.0.1')
const seen = { end: 'complete', bytes: 12_500_000, duration_ms: 10_000 } as const
const recordOf = (ticket_id: string): MeasurementRecord => ({
  ...{ ticket_id, started_at: '2026-10-01T05:00:00.000Z', download: seen, upload: null },
  client_address: '203.0.113.1',
})

describe('POST /speed-tickets', () => {
  it('gives a ticket that the public key alone tells from others', async () => {
    const { status, body } = await ask(units.old)
    expect(status).toBe(200)
    const key = await test.app.inject({ url: '/api/v1/speed-tickets/key', headers: measurement })
    const { public_key } = key.json<TicketKey>()
    const read = await readTicket(public_key, body.access_token, body.server_url)
    expect(read?.ticket_id).toBe(body.ticket_id)
    expect(body.server_url).toBe('ws://127.0.0.1:8081')
    expect(new Date(body.expires_at).getTime() - Date.now()).toBeGreaterThan(100_000)
    expect(JSON.stringify(key.json())).not.toContain('"d"')
  })

  it('knows no building of another school', async () => {
    expect(await ask(units.other)).toMatchObject({ status: 404, body: { code: 'EDU_ORG_UNIT_NOT_FOUND' } })
  })

  it('lets one test at a time run in a building, until the measurement server says that it is over', async () => {
    const first = await ask(units.old)
    const second = await ask(units.old, '203.0.113.2')
    expect(second).toMatchObject({ status: 429, body: { code: 'EDU_SPEED_TEST_RUNNING' } })
    expect(Number(second.retry_after)).toBe(30)
    await handIn([recordOf(first.body.ticket_id)])
    expect((await ask(units.old, '203.0.113.2')).status).toBe(200)
  })

  it('gives one of two who ask at once a ticket', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => ask(units.new, `203.0.113.${index}`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429, 429, 429, 429])
  })

  it('lets only so many run behind one address, which an IPv6 network shares', async () => {
    expect((await ask(units.old, '2001:db8:1:2::1')).status).toBe(200)
    expect((await ask(units.new, '2001:db8:1:2::2')).status).toBe(200)
    expect(await ask(units.school, '2001:db8:1:2::3')).toMatchObject({
      status: 429,
      body: { code: 'EDU_SPEED_TESTS_LIMITED' },
    })
    expect((await ask(units.school, '2001:db8:1:3::3')).status).toBe(200)
  })

  it('does not wait for tests that were never made', async () => {
    await ask(units.old)
    const long_ago = new Date(Date.now() - 180_000)
    await test.database.db
      .insertInto('measurement_ticket')
      .columns(['ticket_id', 'org_unit_id', 'method', 'issued_at', 'expires_at', 'client_network', 'issued_to'])
      .values({
        ...{ ticket_id: crypto.randomUUID(), org_unit_id: units.new, method: 'agent', issued_at: long_ago },
        ...{ expires_at: long_ago, client_network: '203.0.113.9', issued_to: 'token 1' },
      })
      .execute()
    expect((await ask(units.new, '203.0.113.9')).status).toBe(200)
  })
})

describe('POST /measurement-records', () => {
  it('keeps one record for each known ticket, however often it is handed in', async () => {
    const { body } = await ask(units.old)
    const known = recordOf(body.ticket_id)
    const unknown = recordOf(crypto.randomUUID())
    expect((await handIn([known, unknown])).body).toEqual({ accepted: 1, duplicate: 0, unknown: 1 })
    expect((await handIn([{ ...known, download: null }])).body).toEqual({ accepted: 0, duplicate: 1, unknown: 0 })
    const kept = await test.database.db.selectFrom('measurement_record').selectAll().execute()
    expect(kept).toMatchObject([
      { ticket_id: body.ticket_id, download_bytes: 12_500_000, download_ms: 10_000, upload_end: null },
    ])
  })
})

describe('clearSpeedTickets', () => {
  it('takes away what no test can rest on any more', async () => {
    const { body } = await ask(units.old)
    await handIn([recordOf(body.ticket_id)])
    const fresh = await ask(units.new)
    const then = new Date(Date.now() - 91 * 86_400_000)
    const old = {
      ticket_id: crypto.randomUUID(),
      issued_at: then,
      expires_at: then,
      client_network: 'x',
      issued_to: 'x',
    }
    await test.database.db
      .insertInto('measurement_ticket')
      .values({ ...old, org_unit_id: units.old, method: 'agent' })
      .execute()
    expect(await clearSpeedTickets(test.database.db)).toEqual({ tickets: 1, records: 0 })
    const left = await test.database.db.selectFrom('measurement_ticket').select('ticket_id').execute()
    expect(left.map(({ ticket_id }) => ticket_id).sort()).toEqual([body.ticket_id, fresh.body.ticket_id].sort())
  })
})

describe('a school code', () => {
  const places = (code: string, address: string) =>
    post<{ school_name: string; places: { org_unit_id: number; name: string }[] }>(
      '/speed-tickets/browser/places',
      { cookie: '' },
      { code },
      address,
    )
  const browserTicket = (code: string, org_unit_id: number, address: string) =>
    post<Ticket>('/speed-tickets/browser', { cookie: '' }, { code, org_unit_id }, address)
  async function issueCode(): Promise<string> {
    const answer = await test.app.inject({ method: 'POST', url: `/api/v1/org-units/${units.school}/school-code` })
    return answer.json<{ code: string }>().code
  }

  it('shows the school’s buildings and tests one of them, however it is written', async () => {
    const code = await issueCode()
    expect(code).toMatch(/^[a-hjkmnp-z2-9]{8}$/)
    const written = `${code.slice(0, 4).toUpperCase()}-${code.slice(4)}`
    const { body } = await places(written, '198.51.100.1')
    expect(body.school_name).toBe('Школа № 1')
    expect(body.places.map(({ name }) => name)).toEqual(['Старый корпус', 'Новый корпус'])
    expect(await browserTicket(code, units.new, '198.51.100.1')).toMatchObject({ status: 200 })
    const [ticket] = await test.database.db.selectFrom('measurement_ticket').selectAll().execute()
    expect(ticket).toMatchObject({ method: 'browser', issued_to: `school code of ${units.school}` })
    expect((await browserTicket(code, units.other, '198.51.100.1')).status).toBe(404)
  })

  it('works no more once another was issued', async () => {
    const before = await issueCode()
    const after = await issueCode()
    expect(await places(before, '198.51.100.2')).toMatchObject({
      status: 404,
      body: { code: 'EDU_SCHOOL_CODE_UNKNOWN' },
    })
    expect((await places(after, '198.51.100.2')).status).toBe(200)
  })

  it('cannot be guessed: a network is stopped after ten wrong ones, and others go on', async () => {
    const code = await issueCode()
    for (let turn = 0; turn < 10; turn += 1) expect((await places(`wrong${turn}`, '198.51.100.3')).status).toBe(404)
    const stopped = await places(code, '198.51.100.3')
    expect(stopped).toMatchObject({ status: 429, body: { code: 'EDU_RATE_LIMITED' } })
    expect(Number(stopped.retry_after)).toBeGreaterThan(800)
    expect((await places(code, '198.51.100.4')).status).toBe(200)
  }, 60_000)
})
