import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inChange, insertStatus, insertUnit, type MadeUnit } from '../../factories/registry.ts'
import {
  insertComputers,
  insertContract,
  insertLooks,
  insertPings,
  insertTest,
  makeRoomForTests,
} from '../../factories/speed-tests.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

let test: TestApp
let municipality: MadeUnit
let school: MadeUnit
let main: MadeUnit
let village: MadeUnit
beforeAll(async () => {
  test = await createTestApp()
  await makeRoomForTests(test.database.owner_url)
  await inChange(test.database.db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    municipality = await insertUnit(change, { kind: 'municipality', name: 'Вольский район', parent: region })
    const fields = {
      kind: 'organisation',
      parent: municipality,
      org_kind: 'school',
      founder_kind: 'municipal',
    } as const
    school = await insertUnit(change, { ...fields, name: 'Школа № 3' })
    const building = { kind: 'building', parent: school } as const
    main = await insertUnit(change, { ...building, name: 'Главное', settlement_kind: 'city', address: 'ул. Мира, 1' })
    village = await insertUnit(change, { ...building, name: 'В Терсе', settlement_kind: 'village' })
    const repaired = await insertUnit(change, { ...building, name: 'Ремонт', settlement_kind: 'city' })
    await insertStatus(change, repaired, { status: 'capital_repair', valid_from: '2026-01-01' })
    await insertLooks(change, main, 120, 35)
    await insertContract(change, main, { mbit: 100, number: '7' })
    await insertComputers(change, main, 60)
    await insertLooks(change, village, 8, 20)
    await insertContract(change, village, { mbit: 20, number: '5', valid_from: '2025-01-01', valid_to: '2025-11-30' })
    await insertContract(change, village, { mbit: 50, number: '8' })
    await insertTest(change, village, { at: '2026-09-10T08:00:00Z', cause: 'websocket_blocked' })
    const said = {
      reported_on: '2026-09-12',
      download_kbps: 90_000,
      source_kind: 'import',
      source_id: change.source_id,
    }
    await change.tx
      .insertInto('self_reported_speed')
      .values({ ...said, org_unit_id: village.org_unit_id, change_set_no: change.change_set_no })
      .execute()
    const other = await insertUnit(change, { ...fields, name: 'Школа № 4', founder_kind: 'regional' })
    await insertPings(change, other, { at: '2026-09-30T07:00:00Z', answered: 12 })
    await insertUnit(change, { ...fields, name: 'Школа № 5' })
  })
})
afterAll(() => test.close())

async function get(path: string) {
  const answer = await test.app.inject({ url: `/api/v1${path}`, headers: await test.headersFor(`/api/v1${path}`) })
  return {
    status: answer.statusCode,
    body: answer.json<Record<string, unknown> & { rows: Record<string, unknown>[] }>(),
  }
}

describe('GET /api/v1/internet/verdicts', () => {
  it('shows norm, contract, measured, self-reported and capacity apart, and names the worst building', async () => {
    const { status, body } = await get(`/internet/verdicts?period=2026-09&territory_id=${municipality.org_unit_id}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ organisations: 3, period: { code: '2026-09' } })
    const [first, second] = body.rows
    expect(first).toMatchObject({ short_name: 'Школа № 3', norm_verdict: 'below', worst_unit_id: village.org_unit_id })
    expect(first?.['buildings']).toMatchObject([
      {
        org_unit_id: main.org_unit_id,
        address: 'ул. Мира, 1',
        norm: { verdict: 'meets', norm_kbps: 100_000, occasions: 35 },
        measured: { median_download_kbps: 120_000, tests: 70 },
        contract: { verdict: 'kept', share: 1, share_high: 1, download_kbps: 100_000, contract_number: '7' },
        capacity: { verdict: 'known', computers: 60, mbps_per_computer: 2 },
        self_reported: null,
        status: null,
      },
      {
        org_unit_id: village.org_unit_id,
        norm: { verdict: 'below', norm_kbps: 50_000 },
        measured: { median_download_kbps: 8000 },
        contract: { verdict: 'not_kept', reached: 0, share_low: 0 },
        self_reported: { reported_on: '2026-09-12', download_kbps: 90_000 },
      },
      { norm: { verdict: 'not_enough_data' }, status: 'capital_repair', silence: { silence: 'excused' } },
    ])
    expect(second).toMatchObject({ short_name: 'Школа № 4', norm_verdict: 'not_enough_data' })
  })

  it('takes a quarter, a page, a founder and a single building', async () => {
    const { body: quarter } = await get('/internet/verdicts?period=2026Q3&limit=1&offset=1')
    expect(quarter).toMatchObject({ organisations: 3, period: { code: '2026Q3' }, rows: [{ short_name: 'Школа № 4' }] })
    const { body: regional } = await get('/internet/verdicts?period=2026-09&founder_kind=regional')
    expect(regional.rows.map(({ short_name }) => short_name)).toEqual(['Школа № 4'])
    const { body: one } = await get(`/internet/verdicts?period=2026-09&territory_id=${main.org_unit_id}`)
    expect(one.rows).toMatchObject([{ norm_verdict: 'meets', buildings: [{ org_unit_id: main.org_unit_id }] }])
  })

  it('refuses a period that is none, and a place that is not there', async () => {
    expect(await get('/internet/verdicts?period=2026Q9')).toMatchObject({
      ...{ status: 400, body: { code: 'EDU_PERIOD_INVALID' } },
    })
    expect((await get('/internet/verdicts?territory_id=999999')).status).toBe(404)
  })
})

describe('GET /api/v1/internet/by-provider', () => {
  it('counts buildings by verdict, and those without a contract apart', async () => {
    const { body } = await get('/internet/by-provider?period=2026-09')
    expect(body.rows).toEqual([
      expect.objectContaining({ provider: null, technology: null, buildings: 3, contract: { no_contract: 3 } }),
      {
        ...{ provider: 'ПАО «Ростелеком»', technology: 'fibre', buildings: 2 },
        ...{ contract: { kept: 1, not_kept: 1 }, norm: { meets: 1, below: 1 } },
        ...{ median_contract_kbps: 75_000, median_measured_kbps: 64_000 },
      },
    ])
  })
})

describe('GET /api/v1/internet/silent', () => {
  it('lists whom to look after with the likely cause, the longest silent first, at the end of the period', async () => {
    const { body } = await get('/internet/silent?period=2026-09')
    expect(body['classes']).toEqual({ silent: 2, live: 1, excused: 1, never_set_up: 1 })
    expect(body.rows).toMatchObject([
      {
        org_unit_id: village.org_unit_id,
        silence: 'silent',
        likely_cause: 'test_failed',
        test_cause: 'websocket_blocked',
      },
      { org_unit_id: main.org_unit_id, silence: 'silent', likely_cause: 'switched_off', test_cause: null },
      { organisation_name: 'Школа № 5', silence: 'never_set_up', likely_cause: 'not_installed', heard_at: null },
    ])
  })
})

describe('GET /api/v1/org-units/:id/connection-contracts', () => {
  it('lists contracts by building and first day, and the days on which none holds', async () => {
    const { status, body } = await get(`/org-units/${school.org_unit_id}/connection-contracts`)
    expect(status).toBe(200)
    expect(body.rows).toMatchObject([
      { org_unit_id: main.org_unit_id, contract_number: '7', download_kbps: 100_000, is_current: true },
      { org_unit_id: village.org_unit_id, contract_number: '5', valid_to: '2025-11-30', is_current: false },
      { org_unit_id: village.org_unit_id, contract_number: '8', is_current: true },
    ])
    expect(body['seams']).toEqual([
      {
        ...{ org_unit_id: village.org_unit_id, short_name: 'В Терсе', kind: 'gap' },
        ...{ first_day: '2025-12-01', last_day: '2025-12-31', before_number: '5', after_number: '8' },
      },
    ])
  })

  it('knows no place that is not there', async () =>
    expect((await get('/org-units/999999/connection-contracts')).status).toBe(404))
})
