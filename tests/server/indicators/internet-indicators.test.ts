import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLineage } from '../../../server/src/indicators/lineage.ts'
import { internetContract } from '../../../server/src/indicators/internet-contract.ts'
import { internetNorm } from '../../../server/src/indicators/internet-norm.ts'
import type { Indicator } from '../../../server/src/indicators/indicator.ts'
import { mbpsPerComputer } from '../../../server/src/indicators/mbps-per-computer.ts'
import { measuredCoverage } from '../../../server/src/indicators/measured-coverage.ts'
import { judgeContextPlaces } from '../../../server/src/indicators/place-judgements.ts'
import { silentBuildings } from '../../../server/src/indicators/silent-buildings.ts'
import { evaluateAt, place } from '../../factories/evaluation.ts'
import { createInternetRegion, type InternetRegion } from '../../factories/internet-region.ts'
import { inChange, insertStatus, voidSource } from '../../factories/registry.ts'
import {
  insertComputers,
  insertConfirmation,
  insertContract,
  insertLooks,
  insertPings,
  insertTest,
} from '../../factories/speed-tests.ts'

let world: InternetRegion
beforeAll(async () => (world = await createInternetRegion()))
afterAll(() => world.database.drop())

async function totalOf(indicator: Indicator, territory_id: number, more: { known_at?: string } = {}) {
  return (await evaluateAt(world.database.db, indicator, { territory_id, period: '2026-09', ...more })).total
}

async function unitsOf(indicator: Indicator, territory_id: number) {
  const { context } = await place(world.database.db, indicator, { territory_id, period: '2026-09' })
  return (await readLineage(world.database.db, indicator, context, { limit: 50, offset: 0 })).rows
}

describe('internet_norm', () => {
  it('judges an organisation by its worst building and names it: 100, 100, 8 and no connection', async () => {
    const territory = await world.inMunicipality(async ({ change, school, building }) => {
      const four = await school('Школа с четырьмя зданиями')
      const [first, second] = [await building(four), await building(four)]
      const [slow, none] = [
        await building(four, 'village', 'Здание в Терсе'),
        await building(four, 'village', 'Без связи'),
      ]
      for (const unit of [first, second]) await insertLooks(change, unit, 100, 3)
      await insertLooks(change, slow, 8, 3)
      await insertContract(change, none, { mbit: null })
      const good = await school('Сельская школа')
      const rural = await building(good, 'village')
      await insertLooks(change, rural, 50, 3)
    })
    expect(await totalOf(internetNorm, territory)).toMatchObject({
      value: 0.5,
      numerator: 1,
      denominator: 2,
      expected: 2,
    })
    expect(await unitsOf(internetNorm, territory)).toMatchObject([
      { short_name: 'Школа с четырьмя зданиями', part: 'denominator_only', worst_unit_name: 'Без связи' },
      { short_name: 'Сельская школа', part: 'numerator', worst_unit_name: 'Здание' },
    ])
  })

  it('leaves out with a reason what is not known, and expects nothing of a building under repair', async () => {
    const territory = await world.inMunicipality(async ({ change, school, building }) => {
      const few = await building(await school('Мало'))
      await insertLooks(change, few, 8, 2)
      const unconfirmed = await building(await school('Не подтверждено'))
      for (const day of [7, 8, 9]) await insertTest(change, unconfirmed, { at: `2026-09-0${day}T07:00:00Z`, mbit: 8 })
      const unknown = await building(await school('Неизвестно где'), null)
      await insertLooks(change, unknown, 8, 3)
      const repaired = await building(await school('Ремонт'))
      await insertLooks(change, repaired, 8, 3)
      await insertStatus(change, repaired, { status: 'capital_repair', valid_from: '2026-09-20' })
      await insertLooks(change, await school('Без зданий'), 100, 3)
      await insertLooks(change, await school('Детский сад', 'preschool'), 8, 3)
    })
    expect(await totalOf(internetNorm, territory)).toMatchObject({
      ...{ numerator: 1, denominator: 1, expected: 4, reported: 2 },
      excluded: [
        { reason: 'capital_repair', units: 1 },
        { reason: 'few_tests', units: 1 },
        { reason: 'low_not_confirmed', units: 1 },
        { reason: 'settlement_unknown', units: 1 },
      ],
    })
  })

  it('counts only valid tests of the period that the building made itself, by the newest word on each', async () => {
    const at = '2026-09-08T06:00:00Z'
    const territory = await world.inMunicipality(async ({ change, school }) => {
      const unit = await school()
      await insertLooks(change, unit, 100, 2)
      for (const validity of ['off_hours', 'unconfirmed']) await insertTest(change, unit, { at, validity })
      await insertTest(change, unit, { at, method: 'browser' })
      await insertTest(change, unit, { at: '2026-08-31T19:59:59Z' })
      await insertTest(change, unit, { at: '2026-09-30T20:00:00Z' })
      await insertTest(change, unit, { at, cause: 'websocket_blocked' })
      const confirmed = await school()
      await insertLooks(change, confirmed, 100, 2)
      const test_id = await insertTest(change, confirmed, { at, validity: 'unconfirmed' })
      await insertConfirmation(change, confirmed, { at, test_id, validity: 'valid' })
    })
    expect(await totalOf(internetNorm, territory)).toMatchObject({
      numerator: 1,
      denominator: 1,
      expected: 2,
      reported: 1,
    })
  })

  it('has no value where nothing was measured, which is not 0', async () => {
    const territory = await world.inMunicipality(async ({ school, building }) => {
      await building(await school())
    })
    expect(await totalOf(internetNorm, territory)).toMatchObject({
      ...{ value: null, refusal: 'no_data', numerator: null, denominator: null, expected: 1, reported: 0 },
    })
  })
})

describe('internet_contract', () => {
  it('counts kept over kept and not kept, and forgets a contract whose file is undone', async () => {
    let source_id = ''
    let before = ''
    const territory = await world.inMunicipality(async ({ change, school }) => {
      source_id = change.source_id
      before = change.recorded_at.toISOString()
      const units = [
        await school('Держит'),
        await school('Не держит'),
        await school('Мало'),
        await school('Нет договора'),
      ]
      const [kept, broken, few, none] = units
      for (const unit of units.slice(0, 3)) await insertContract(change, unit, { mbit: 100 })
      if (kept !== undefined) await insertLooks(change, kept, 80, 35)
      if (broken !== undefined) await insertLooks(change, broken, 79, 20)
      if (few !== undefined) await insertLooks(change, few, 79, 19)
      if (none !== undefined) await insertLooks(change, none, 79, 35)
    })
    const total = { value: 0.5, numerator: 1, denominator: 2, expected: 4, reported: 2 }
    expect(await totalOf(internetContract, territory)).toMatchObject({
      ...total,
      excluded: [
        { reason: 'few_tests', units: 1 },
        { reason: 'no_contract', units: 1 },
      ],
    })
    const { context } = await place(world.database.db, internetContract, { territory_id: territory, period: '2026-09' })
    const facts = await internetContract.facts(world.database.db, context, territory)
    expect(facts.filter(({ kind }) => kind === 'contract')).toHaveLength(3)
    expect(facts.filter(({ kind }) => kind === 'speed_test').length).toBeGreaterThan(100)

    // Registry, tests and contracts are one source here: only the contracts are undone by one of their own.
    const own = await inChange(world.database.db, async (change) => {
      const broken = (await unitsOf(internetContract, territory)).find(({ short_name }) => short_name === 'Не держит')
      if (broken === undefined) throw new Error('no such school')
      const unit = { ...broken, municipality_id: null }
      await insertContract(change, unit, { mbit: 90, valid_from: '2026-08-01', number: '2' })
      return change.source_id
    })
    // 79 of 90 is more than the agreed fraction: 20 of 20 cannot be told yet.
    expect(await totalOf(internetContract, territory)).toMatchObject({ numerator: 1, denominator: 1 })
    expect(await totalOf(internetContract, territory, { known_at: before })).toMatchObject(total)
    await voidSource(world.database.db, own)
    expect(await totalOf(internetContract, territory)).toMatchObject(total)
    expect(source_id).not.toBe(own)
  })
})

describe('measured_coverage', () => {
  it('is of all buildings that are expected, 0 when none is measured, and null when none is expected', async () => {
    const territory = await world.inMunicipality(async ({ change, school, building }) => {
      const two = await school()
      await insertLooks(change, await building(two), 8, 3)
      await building(two)
      const repaired = await building(two)
      await insertStatus(change, repaired, { status: 'capital_repair', valid_from: '2026-01-01' })
    })
    expect(await totalOf(measuredCoverage, territory)).toMatchObject({ value: 0.5, numerator: 1, denominator: 2 })
    const unmeasured = await world.inMunicipality(async ({ school }) => {
      await school()
    })
    expect(await totalOf(measuredCoverage, unmeasured)).toMatchObject({ value: 0, numerator: 0, denominator: 1 })
    const empty = await world.inMunicipality(async ({ school }) => {
      await school('Сад', 'preschool')
    })
    expect(await totalOf(measuredCoverage, empty)).toMatchObject({ value: null, expected: 0 })
  })
})

describe('mbps_per_computer', () => {
  it('is a ratio of sums over buildings with both, and no computers are no denominator', async () => {
    const territory = await world.inMunicipality(async ({ change, school, building }) => {
      const single = await school('Одно здание')
      await insertLooks(change, await building(single), 100, 3)
      await insertComputers(change, single, 20)
      await insertComputers(change, single, 999, '2026-12-31')
      const two = await school('Два здания')
      const [first, second] = [await building(two), await building(two)]
      await insertLooks(change, first, 50, 3)
      await insertLooks(change, second, 50, 3)
      await insertComputers(change, first, 80)
      // Of the organisation as a whole: it does not say where they stand.
      await insertComputers(change, two, 500)
      const none = await school('Без компьютеров')
      await insertLooks(change, none, 100, 3)
      await insertComputers(change, none, 0)
    })
    expect(await totalOf(mbpsPerComputer, territory)).toMatchObject({
      ...{ numerator: 150, denominator: 100, value: 1.5, expected: 3, reported: 2 },
      excluded: [
        { reason: 'no_capacity_report', units: 1 },
        { reason: 'no_computers', units: 1 },
      ],
    })
    expect((await unitsOf(mbpsPerComputer, territory)).map(({ part }) => part)).toEqual([
      ...['counted', 'counted', 'excluded', 'excluded'],
    ])
  })
})

describe('silent_buildings', () => {
  it('tells silent from live, excused and never set up, at the end of the period', async () => {
    const territory = await world.inMunicipality(async ({ change, school }) => {
      const [live, risky, silent, pinged] = [await school(), await school(), await school('Молчит'), await school()]
      await insertTest(change, live, { at: '2026-09-30T07:00:00Z', cause: 'dns_failed' })
      await insertTest(change, risky, { at: '2026-09-25T07:00:00Z' })
      await insertTest(change, silent, { at: '2026-09-01T07:00:00Z' })
      await insertTest(change, silent, { at: '2026-10-01T07:00:00Z' })
      await insertPings(change, pinged, { at: '2026-09-29T07:00:00Z', answered: 0 })
      const excused = await school()
      await insertTest(change, excused, { at: '2026-06-01T07:00:00Z' })
      await insertStatus(change, excused, { status: 'capital_repair', valid_from: '2026-06-02' })
      await school()
    })
    expect(await totalOf(silentBuildings, territory)).toMatchObject({
      ...{ numerator: 1, denominator: 4, value: 0.25, expected: 5, reported: 4 },
      excluded: [
        { reason: 'capital_repair', units: 1 },
        { reason: 'never_set_up', units: 1 },
      ],
    })
    expect((await unitsOf(silentBuildings, territory))[0]).toMatchObject({ short_name: 'Молчит', part: 'numerator' })
  })
})

describe('judgements that several reads ask for at once', () => {
  it('are made once for all of them, anew afterwards, and apart for another territory and what is known since', async () => {
    const { db } = world.database
    const inOne = await world.inMunicipality(async ({ change, school }) => insertLooks(change, await school(), 8, 3))
    const inOther = await world.inMunicipality(async ({ school }) => {
      await school()
    })
    const askAt = async (territory_id: number) =>
      (await place(db, internetNorm, { territory_id, period: '2026-09' })).context
    const [one, other] = [await askAt(inOne), await askAt(inOther)]
    const reads = [judgeContextPlaces(db, one), judgeContextPlaces(db, { ...one }), judgeContextPlaces(db, other)]
    const [first, second, apart] = await Promise.all(reads)
    expect(second).toBe(first)
    expect(apart?.map(({ place: { path } }) => path.includes(inOther))).toEqual([true])
    expect(await judgeContextPlaces(db, one)).not.toBe(first)
    const earlier = { ...one, known_at_change_set_no: one.known_at_change_set_no - 2 }
    const [then, now] = await Promise.all([judgeContextPlaces(db, earlier), judgeContextPlaces(db, one)])
    expect([then.length, now.length]).toEqual([0, 1])
  })
})
