import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueOwnToken } from '../../../server/src/access/own-programs.ts'
import type { AgentPlan } from '../../../server/src/contract/index.ts'
import { refreshWholeStructure } from '../../../server/src/db/org-unit-structure.ts'
import { isSchoolHour, localHourOf } from '../../../server/src/domain/schedule.ts'
import { readWorkingDays } from '../../../server/src/db/reference-files.ts'
import { RIGHTS_SINCE } from '../../factories/people.ts'
import { inChange, insertStatus, insertUnit, type MadeUnit } from '../../factories/registry.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { regionDay } from '../../setup/region-day.ts'

const TODAY = regionDay()
const DAY_MS = 86_400_000

describe('GET /agent/plan', () => {
  let server: TestApp
  let school: MadeUnit
  let town_building: MadeUnit
  let village_building: MadeUnit
  let annex: MadeUnit
  let plain_school: MadeUnit

  beforeAll(async () => {
    server = await createTestApp()
    const { db } = server.database
    await inChange(db, async (change) => {
      const region = await insertUnit(change, { kind: 'region', name: 'Область' })
      const town = await insertUnit(change, { kind: 'municipality', name: 'Район', parent: region })
      const organisation = {
        kind: 'organisation',
        parent: town,
        org_kind: 'school',
        founder_kind: 'municipal',
      } as const
      school = await insertUnit(change, { ...organisation, name: 'Школа с корпусами' })
      plain_school = await insertUnit(change, { ...organisation, name: 'Школа без корпусов' })
      const building = { kind: 'building', parent: school } as const
      town_building = await insertUnit(change, { ...building, name: 'Корпус 1', settlement_kind: 'city' })
      village_building = await insertUnit(change, { ...building, name: 'Корпус 2', settlement_kind: 'village' })
      annex = await insertUnit(change, { ...building, name: 'Корпус 3' })
      await insertStatus(change, annex, { status: 'capital_repair', valid_from: '2020-01-01' })
      const week = regionDay(7)
      await insertStatus(change, school, { status: 'holidays', valid_from: week })
    })
    await db.transaction().execute((tx) => refreshWholeStructure(tx, TODAY))
  })
  afterAll(() => server.close())

  async function planOf(unit: MadeUnit): Promise<AgentPlan> {
    const jurisdiction = { org_unit_id: unit.org_unit_id, founder_kinds: null }
    const purpose = { kind: 'school', label: 'agent', collector: null, jurisdiction } as const
    const token = await issueOwnToken(server.database.db, purpose, RIGHTS_SINCE)
    const answer = await server.app.inject({ url: '/api/v1/agent/plan', headers: { authorization: `Bearer ${token}` } })
    expect(answer.statusCode).toBe(200)
    return answer.json()
  }

  it('plans the buildings of the own school alone, each with the norm of its settlement', async () => {
    const { buildings } = await planOf(school)
    const norms = buildings.map(({ org_unit_id, low_below_kbps }) => [org_unit_id, low_below_kbps])
    expect(norms).toEqual([
      [town_building.org_unit_id, 100_000],
      [village_building.org_unit_id, 50_000],
      [annex.org_unit_id, null],
    ])
  })

  it('plans the organisation itself where it has no buildings, three times each school day for weeks', async () => {
    const { buildings } = await planOf(plain_school)
    expect(buildings.map(({ org_unit_id }) => org_unit_id)).toEqual([plain_school.org_unit_id])
    const times = buildings[0]?.tests_at ?? []
    const calendar = readWorkingDays()
    for (const at of times) {
      expect(isSchoolHour(localHourOf(Date.parse(at), 'Europe/Saratov'), calendar)).toBe(true)
    }
    const byDay = Map.groupBy(times, (at) => localHourOf(Date.parse(at), 'Europe/Saratov').local_day)
    expect(new Set([...byDay.values()].map((day) => day.length))).toEqual(new Set([3]))
    expect(Date.parse(times.at(-1) ?? '')).toBeGreaterThan(Date.now() + 28 * DAY_MS)
  })

  it('plans nothing for a building under repair, and none from the first day of the holidays of its school', async () => {
    const { buildings } = await planOf(school)
    const timesOf = (unit: MadeUnit) =>
      buildings.find((building) => building.org_unit_id === unit.org_unit_id)?.tests_at
    expect(timesOf(annex)).toEqual([])
    expect(Date.parse(timesOf(town_building)?.at(-1) ?? '')).toBeLessThan(Date.now() + 7 * DAY_MS)
    expect(timesOf(town_building)?.length).toBeGreaterThan(0)
  })
})
