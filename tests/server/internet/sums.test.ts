import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lowerEdgeOf } from '../../../server/src/domain/log-histogram.ts'
import { periodOf } from '../../../server/src/domain/periods.ts'
import { dayInZone } from '../../../server/src/domain/region-day.ts'
import { refreshWholeStructure } from '../../../server/src/db/org-unit-structure.ts'
import { rebuildSpeedSums, sumSpeedTests } from '../../../server/src/jobs/sum-speed-tests.ts'
import { insertPerson } from '../../factories/people.ts'
import { inChange, insertVersion, type MadeUnit } from '../../factories/registry.ts'
import { insertContract } from '../../factories/speed-tests.ts'
import { insertSpeedScene, makeConfirmed, TestAgent, type SpeedScene } from '../../factories/speed-scene.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { schoolTime, workingDays } from './school-times.ts'

const ZONE = 'Europe/Saratov'
const CITY = [99_999, 100_000, 120_000]
const VILLAGE = [20_000, 50_000]

interface DistributionRow {
  settlement_kind: string
  norm_kbps: number | null
  tests: number
  at_norm: number | null
  median_kbps: number | null
  bars: { from_kbps: number; to_kbps: number; tests: number }[]
}

let test: TestApp
let scene: SpeedScene
let period: string
beforeAll(async () => {
  test = await createTestApp()
  scene = await insertSpeedScene(test.database.db, [
    { settlement_kinds: ['city', 'village'] },
    { settlement_kinds: ['city'], founder_kind: 'regional' },
  ])
  // All tests of a scene in one month, whatever today is.
  period = periodOf('month', workingDays(1)[0] ?? '').code
})
afterAll(() => test.close())

function place(school: number, building: number): { unit: MadeUnit; school: MadeUnit } {
  const made = scene.schools[school]
  const unit = made?.buildings[building]
  if (made === undefined || unit === undefined) throw new Error('no building')
  return { unit, school: made.school }
}

async function measure(school: number, building: number, speeds: readonly number[]): Promise<void> {
  const { unit, school: made } = place(school, building)
  const agent = await TestAgent.of(test.app, made)
  const rows = await Promise.all(
    speeds.map((download_kbps, minute) =>
      makeConfirmed(test.database.db, unit, schoolTime({ minute, local_hour: 9 }), { download_kbps }),
    ),
  )
  await agent.submit({ tests: rows })
}

async function read<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const answer = await test.app.inject({ url: `/api/v1/internet/${path}`, headers })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json<T>()
}

async function distribution(query = '', headers?: Record<string, string>): Promise<Record<string, DistributionRow>> {
  const { rows } = await read<{ rows: DistributionRow[] }>(`distribution?period=${period}${query}`, headers)
  return Object.fromEntries(rows.map((row) => [row.settlement_kind, row]))
}

function countTests(rows: Record<string, DistributionRow>): Record<string, number> {
  return Object.fromEntries(Object.entries(rows).map(([kind, { tests }]) => [kind, tests]))
}

function summarise() {
  return sumSpeedTests(test.database.db, { now: new Date(), time_zone: ZONE })
}

async function readKept() {
  const { rows: months } = await sql`SELECT * FROM speed_month WHERE bins <> '{}' ORDER BY 1, 2, 3, 4`.execute(
    test.database.db,
  )
  const { rows: hours } = await sql`SELECT * FROM speed_week_hour WHERE bins <> '{}' ORDER BY 1, 2, 3, 4, 5`.execute(
    test.database.db,
  )
  return { months, hours }
}

describe('GET /api/v1/internet/distribution', () => {
  it('counts from the ledger what no summary holds yet, exactly from the norm on', async () => {
    await measure(0, 0, CITY)
    await measure(0, 1, VILLAGE)
    const { city, village, urban_settlement } = await distribution()
    expect(city).toMatchObject({ norm_kbps: 100_000, tests: 3, at_norm: 2 })
    expect(Math.abs((city?.median_kbps ?? 0) - 100_000)).toBeLessThan(2000)
    expect(village).toMatchObject({ norm_kbps: 50_000, tests: 2, at_norm: 1 })
    expect(urban_settlement).toMatchObject({ tests: 0, at_norm: 0, median_kbps: null, bars: [] })
    expect(city?.bars.map(({ from_kbps, tests }) => [from_kbps, tests])).toEqual([
      [Math.round(lowerEdgeOf(-6)), 1],
      [100_000, 2],
    ])
  })

  it('says the same from sums, from sums and the ledger together, and from the ledger of a past moment', async () => {
    const fromLedger = await distribution()
    expect((await summarise()).ledger_rows).toBe(2)
    expect(await distribution()).toEqual(fromLedger)
    const known_at = new Date().toISOString()
    await measure(1, 0, [300_000])
    expect(countTests(await distribution())).toMatchObject({ city: 4, village: 2 })
    expect(countTests(await distribution(`&known_at=${known_at}`))).toMatchObject({ city: 3, village: 2 })
    await summarise()
    expect(countTests(await distribution())).toMatchObject({ city: 4, village: 2 })
    expect(await summarise()).toEqual({ ledger_rows: 0, moved_units: 0 })
  })

  it('shows each of what they answer for: by founder, by school, and nothing of others', async () => {
    const municipality = scene.municipality.org_unit_id
    const grant = { role: 'municipal_specialist' as const, org_unit_id: municipality }
    const { db } = test.database
    const specialist = await insertPerson(db, [{ ...grant, founder_kinds: ['municipal'] }])
    expect(countTests(await distribution('', specialist.headers))).toMatchObject({ city: 3, village: 2 })
    const both = await insertPerson(db, [
      { ...grant, founder_kinds: ['municipal'] },
      { ...grant, org_unit_id: scene.region.org_unit_id, founder_kinds: ['municipal', 'regional'] },
    ])
    expect(countTests(await distribution('', both.headers))).toMatchObject({ city: 4, village: 2 })
    const school = place(1, 0).school.org_unit_id
    const operator = await insertPerson(db, [{ role: 'school_operator', org_unit_id: school, founder_kinds: null }])
    expect(countTests(await distribution('', operator.headers))).toMatchObject({ city: 1, village: 0 })
    expect(countTests(await distribution(`&territory_id=${municipality}`))).toMatchObject({ city: 4, village: 2 })
    expect(countTests(await distribution(`&territory_id=${place(0, 0).school.org_unit_id}`))).toMatchObject({ city: 3 })
    const elsewhere = await distribution(`&territory_id=${school}`, specialist.headers)
    expect(countTests(elsewhere)).toMatchObject({ city: 0, village: 0 })
  })

  it('counts the buildings alone that a filter leaves, by settlement and by the contract of the period', async () => {
    const { unit } = place(0, 0)
    await inChange(test.database.db, (change) =>
      insertContract(change, unit, { mbit: 100, valid_from: '2024-01-01', number: '1' }),
    )
    const asked = `&provider=${encodeURIComponent('ПАО «Ростелеком»')}`
    expect(countTests(await distribution(asked))).toMatchObject({ city: 3, village: 0 })
    expect(countTests(await distribution('&provider=none'))).toMatchObject({ city: 1, village: 2 })
    expect(countTests(await distribution('&technology=fibre'))).toMatchObject({ city: 3, village: 0 })
    expect(countTests(await distribution('&technology=radio'))).toMatchObject({ city: 0, village: 0 })
    expect(countTests(await distribution(`${asked}&settlement=village`))).toMatchObject({ city: 0, village: 0 })
    expect(countTests(await distribution('&settlement=village'))).toMatchObject({ city: 0, village: 2 })
    const school = place(1, 0).school.org_unit_id
    const operator = await insertPerson(test.database.db, [
      { role: 'school_operator', org_unit_id: school, founder_kinds: null },
    ])
    expect(countTests(await distribution('&settlement=city', operator.headers))).toMatchObject({ city: 1 })
  })

  it('refuses a period that is none', async () => {
    const answer = await test.app.inject({ url: '/api/v1/internet/distribution?period=2026-13' })
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'EDU_PERIOD_INVALID'])
  })
})

describe('GET /api/v1/internet/heatmap', () => {
  it('gives the median and the number of tests by weekday and hour', async () => {
    const { rows } = await read<{
      rows: { weekday: number; local_hour: number; tests: number; median_kbps: number }[]
    }>(`heatmap?period=${period}`)
    const weekday = new Date(`${workingDays(1)[0] ?? ''}T00:00:00Z`).getUTCDay()
    expect(rows).toEqual([{ weekday, local_hour: 9, tests: 6, median_kbps: rows[0]?.median_kbps }])
    expect(Math.abs((rows[0]?.median_kbps ?? 0) - 99_999)).toBeLessThan(2000)
  })
})

describe('sums of territories', () => {
  it('move with the registry, and equal those made anew from the ledger', async () => {
    const { db } = test.database
    const { unit, school } = place(0, 1)
    const described = { name: 'Здание', parent: school, settlement_kind: 'urban_settlement', valid_from: '2021-01-01' }
    await inChange(db, (change) => insertVersion(change, { ...described, unit }))
    await db.transaction().execute((tx) => refreshWholeStructure(tx, dayInZone(new Date(), ZONE)))
    expect(await summarise()).toMatchObject({ moved_units: 1 })
    expect(countTests(await distribution())).toMatchObject({ city: 4, village: 0, urban_settlement: 2 })
    await measure(0, 1, [70_000])
    await summarise()
    const kept = await readKept()
    expect(kept.months.length).toBeGreaterThan(3)
    await rebuildSpeedSums(db, { now: new Date(), time_zone: ZONE })
    expect(await readKept()).toEqual(kept)
  })
})
