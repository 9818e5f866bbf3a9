import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertSchoolSites, makeCheck, type MadeSite } from '../../factories/school-sites.ts'
import { makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

let test: TestApp
let sites: MadeSite[]

beforeAll(async () => {
  test = await createTestApp()
  sites = await insertSchoolSites(test.database.db, 3)
})
afterAll(() => test.close())

interface StateRow {
  org_unit_id: number
  target_id: string
  verdict: string | null
  cause: string | null
  last_checked_at: string | null
}

async function listStates(query = ''): Promise<StateRow[]> {
  const answer = await test.app.inject({ url: `/api/v1/sites/states${query}`, headers: { host: 'localhost' } })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json<{ rows: StateRow[] }>().rows
}

describe('GET /api/v1/sites/states', () => {
  it('has a row for each site, without a verdict before the first round', async () => {
    const rows = await listStates()
    expect(rows.map((row) => row.target_id).sort()).toEqual(sites.map((site) => site.target_id).sort())
    expect(rows.every((row) => row.verdict === null && row.last_checked_at === null)).toBe(true)
  })

  it('tells the verdict and its cause after a round', async () => {
    const collector = new TestCollector(test.app)
    await makeAllDue(test.database.db)
    const broken = sites[0]?.target_id
    const leases = await collector.lease()
    await collector.submit(leases.map((lease) => makeCheck(lease, lease.target_id === broken ? 'tls_expired' : null)))
    const rows = await listStates()
    expect(rows.find((row) => row.target_id === broken)).toMatchObject({
      verdict: 'does_not_work',
      cause: 'tls_expired',
    })
    expect(rows.filter((row) => row.verdict === 'works')).toHaveLength(2)
  })

  it('is empty for a territory without sites', async () => expect(await listStates('?territory_id=999999')).toEqual([]))
})
