import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadReference } from '../../../server/src/db/load-reference.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

interface TerritoryRow {
  org_unit_id: number
  kind: string
  short_name: string
  oktmo: string | null
}

const headers = { host: 'localhost' }
let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
  await loadReference(test.database.db, { vantages: ['local'], today: '2026-11-21' })
})
afterAll(() => test.close())

async function listTerritories(day: string): Promise<TerritoryRow[]> {
  const answer = await test.app.inject({ url: `/api/v1/territories?day=${day}`, headers })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<{ rows: TerritoryRow[] }>().rows
}

function names(rows: TerritoryRow[], kind: string): string[] {
  return rows.filter((row) => row.kind === kind).map((row) => row.short_name)
}

describe('GET /territories', () => {
  it('has Саратовский район until the last day of 2021 and Гагаринский район from the next', async () => {
    const before = await listTerritories('2021-12-31')
    expect(names(before, 'municipality')).toHaveLength(42)
    expect(names(before, 'municipality')).toContain('Саратовский район')
    expect(names(before, 'city_district')).not.toContain('Гагаринский район')
    const after = await listTerritories('2022-01-01')
    expect(names(after, 'municipality')).toHaveLength(41)
    expect(names(after, 'municipality')).not.toContain('Саратовский район')
    expect(names(after, 'city_district')).toContain('Гагаринский район')
  })

  it('begins with the region and sorts municipalities as Russians do', async () => {
    const rows = await listTerritories('2026-11-21')
    expect(rows[0]).toMatchObject({ kind: 'region', oktmo: '63000000' })
    const municipalities = names(rows, 'municipality')
    expect(municipalities.indexOf('Ершовский район')).toBeLessThan(municipalities.indexOf('Ивантеевский район'))
    expect(municipalities.indexOf('Екатериновский район')).toBeLessThan(municipalities.indexOf('Ершовский район'))
  })

  it('refuses a day that does not exist and names the field', async () => {
    const answer = await test.app.inject({ url: '/api/v1/territories?day=2023-02-31', headers })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'EDU_PERIOD_INVALID', details: { field: 'day', found: '2023-02-31' } })
  })
})

describe('loadReference', () => {
  it('changes nothing when it is run again, at once or side by side', async () => {
    const options = { vantages: ['local'], today: '2026-11-21' }
    const again = await Promise.all([1, 2, 3].map(() => loadReference(test.database.db, options)))
    expect(again).toEqual([{ loaded: 0 }, { loaded: 0 }, { loaded: 0 }])
  })

  it('makes the two portals of the region targets with work for every vantage and no content audit', async () => {
    const work = await test.database.db
      .selectFrom('due_work as w')
      .innerJoin('target as t', 't.target_id', 'w.target_id')
      .select(['t.host', 'w.kind', 'w.vantage'])
      .orderBy('t.host')
      .execute()
    expect(work).toEqual([
      { host: 'edusar.soiro.ru', kind: 'site_check', vantage: 'local' },
      { host: 'teacher.soiro.ru', kind: 'site_check', vantage: 'local' },
    ])
  })
})
