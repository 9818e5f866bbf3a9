import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVERYTHING } from '../../../server/src/db/access-scope.ts'
import { findLatestChangeSetNo } from '../../../server/src/db/change-set.ts'
import { parsePeriod } from '../../../server/src/domain/periods.ts'
import { findVerdicts } from '../../../server/src/speed-verdicts/find-verdicts.ts'
import { hashTests } from '../../../server/src/speed-verdicts/judge-place.ts'
import { judgePlaces, readPlaceRecords } from '../../../server/src/speed-verdicts/judge-places.ts'
import { listMeasuredPlaces } from '../../../server/src/speed-verdicts/measured-places.ts'
import { storeVerdicts } from '../../../server/src/speed-verdicts/store-verdicts.ts'
import { listValidTests } from '../../../server/src/speed-verdicts/valid-tests.ts'
import { createInternetRegion, type InternetRegion } from '../../factories/internet-region.ts'
import { inChange, insertVersion, voidSource, type MadeUnit } from '../../factories/registry.ts'
import {
  insertComputers,
  insertConfirmation,
  insertContract,
  insertLooks,
  insertTest,
} from '../../factories/speed-tests.ts'

const ZONE = 'Europe/Saratov'
const NOW = new Date('2026-10-05T06:00:00Z')
const CODES = ['2026-08', '2026-09', '2026-10', '2026Q3'] as const

let world: InternetRegion
let kept: MadeUnit
let broken: MadeUnit
let idle: MadeUnit
beforeAll(async () => {
  world = await createInternetRegion()
  await world.inMunicipality(async ({ change, school, building }) => {
    const owner = await school()
    kept = await building(owner)
    broken = await building(owner, 'village')
    idle = await school('Без измерений')
    await insertLooks(change, kept, 100, 35)
    await insertLooks(change, broken, 30, 20)
    await insertTest(change, broken, { at: '2026-08-20T07:00:00Z', mbit: 30 })
    for (const unit of [kept, broken]) await insertContract(change, unit, { mbit: 100, number: '1' })
    await insertComputers(change, kept, 50)
    await insertContract(change, idle, { mbit: null })
  })
})
afterAll(() => world.database.drop())

const store = (now = NOW) => storeVerdicts(world.database.db, now, ZONE)

async function questionOf(code: string, known?: number) {
  const { db } = world.database
  const period = parsePeriod(code)
  if (period === null) throw new Error(`no period ${code}`)
  const day = period.last_day < '2026-10-05' ? period.last_day : '2026-10-05'
  const known_at_change_set_no = known ?? (await findLatestChangeSetNo(db))
  return { period, day, known_at_change_set_no, time_zone: ZONE }
}

/** Verdicts as pages get them, and as the facts alone give them. */
async function bothWays(code: string, known?: number) {
  const { db } = world.database
  const question = await questionOf(code, known)
  const places = await listMeasuredPlaces(db, { scope: EVERYTHING, ...question })
  const records = await readPlaceRecords(db, places, question)
  const found = await findVerdicts(db, places, records, question)
  return { found, judged: await judgePlaces(db, places, records, question) }
}

async function expectEqual(): Promise<void> {
  for (const code of CODES) {
    const { found, judged } = await bothWays(code)
    expect([...found].sort(([a], [b]) => a - b)).toEqual([...judged].sort(([a], [b]) => a - b))
  }
}

async function rowsOf(unit: MadeUnit, period_code: string) {
  const rows = await world.database.db
    .selectFrom('speed_verdict')
    .where('org_unit_id', '=', unit.org_unit_id)
    .where('period_code', '=', period_code)
    .selectAll()
    .orderBy('kind')
    .orderBy('change_set_no')
    .execute()
  return rows.map((row) => ({ ...row, kind: row.kind as 'norm' | 'contract' | 'capacity' }))
}

describe('storeVerdicts', () => {
  it('stores norm, contract and capacity of each month and quarter with tests, and finds those tests again', async () => {
    expect(await store()).toEqual({ buildings: 2, verdicts: 15 })
    const [capacity, contract, norm] = await rowsOf(kept, '2026-09')
    expect(capacity).toMatchObject({ verdict: 'known', computers: 50, median_download_kbps: 100_000 })
    expect(contract).toMatchObject({ verdict: 'kept', occasions: 35, reached: 35, share: 1, asked_kbps: 100_000 })
    expect(norm).toMatchObject({ verdict: 'meets', asked_kbps: 100_000, occasions: 35, tests: 70 })
    expect((await rowsOf(broken, '2026-09')).map(({ verdict }) => verdict)).toEqual(['no_report', 'not_kept', 'below'])
    expect((await rowsOf(broken, '2026-08')).map(({ verdict }) => verdict)).toEqual([
      ...['no_report', 'not_enough_data', 'not_enough_data'],
    ])
    expect((await rowsOf(broken, '2026Q3')).at(-1)).toMatchObject({
      verdict: 'below',
      occasions: 21,
      unconfirmed_low: 1,
    })

    const { first_test_at, last_test_at, through_change_set_no } = norm ?? {}
    if (first_test_at == null || last_test_at == null) throw new Error('no tests')
    const window = { from: first_test_at, to: new Date(last_test_at.getTime() + 1) }
    const asked = { org_unit_ids: [kept.org_unit_id], known_at_change_set_no: through_change_set_no ?? 0 }
    const tests = (await listValidTests(world.database.db, { ...window, ...asked })).get(kept.org_unit_id) ?? []
    expect(tests).toHaveLength(70)
    expect(hashTests(tests)).toBe(norm?.tests_sha256)
  })

  it('stores nothing again while nothing changed, and what is stored equals what the facts give', async () => {
    expect(await store()).toMatchObject({ verdicts: 0 })
    await expectEqual()
  })

  it('judges anew by a new test, a confirmation, a contract, a report, a move and an undone file', async () => {
    const { db } = world.database
    const at = '2026-09-29T07:00:00Z'
    const changes: ((change: Parameters<Parameters<typeof inChange>[1]>[0]) => Promise<unknown>)[] = [
      (change) => insertTest(change, idle, { at, mbit: 60 }),
      (change) => insertContract(change, broken, { mbit: 30, number: '2', valid_from: '2026-09-01' }),
      (change) => insertComputers(change, broken, 10),
      (change) =>
        insertVersion(change, { unit: kept, name: 'Здание', settlement_kind: 'village', valid_from: '2026-09-15' }),
    ]
    for (const work of changes) {
      await inChange(db, work)
      await expectEqual()
      expect((await store()).verdicts).toBeGreaterThan(0)
      await expectEqual()
    }
    expect((await rowsOf(kept, '2026-09')).at(-1)).toMatchObject({ kind: 'norm', asked_kbps: 50_000 })

    const test_id = await inChange(db, (change) => insertTest(change, idle, { at, validity: 'unconfirmed' }))
    await store()
    expect((await rowsOf(idle, '2026-09')).at(-1)).toMatchObject({ tests: 1 })
    await inChange(db, (change) => insertConfirmation(change, idle, { at, test_id, validity: 'valid' }))
    await expectEqual()
    await store()
    expect((await rowsOf(idle, '2026-09')).at(-1)).toMatchObject({ tests: 2 })

    const contracts = (await rowsOf(broken, '2026-09')).filter(({ kind }) => kind === 'contract')
    expect(contracts.map(({ verdict }) => verdict)).toEqual(['not_kept', 'cannot_tell_yet'])
    const undone = await db
      .selectFrom('connection_contract')
      .where('contract_number', '=', '2')
      .select('source_id')
      .executeTakeFirstOrThrow()
    await voidSource(db, undone.source_id)
    await expectEqual()
    await store()
    const after = (await rowsOf(broken, '2026-09')).filter(({ kind }) => kind === 'contract')
    expect(after.map(({ verdict }) => verdict)).toEqual(['not_kept', 'cannot_tell_yet', 'not_kept'])
    await expectEqual()
  })

  it('answers as known then with the verdicts of then', async () => {
    const first = (await rowsOf(broken, '2026-09')).find(({ kind }) => kind === 'contract')
    const { found, judged } = await bothWays('2026-09', first?.change_set_no)
    expect(found.get(broken.org_unit_id)).toEqual(judged.get(broken.org_unit_id))
    expect(found.get(broken.org_unit_id)?.contract.verdict).toBe('not_kept')
    expect(found.get(kept.org_unit_id)?.norm.norm_kbps).toBe(100_000)
  })

  it('follows the calendar: a contract that ends changes the verdict without anybody doing anything', async () => {
    const { db } = world.database
    await inChange(db, async (change) => {
      await insertContract(change, kept, { mbit: 200, number: '3', valid_from: '2026-10-06' })
      await insertLooks(change, idle, 10, 1)
      await insertTest(change, kept, { at: '2026-10-02T07:00:00Z' })
    })
    await store()
    expect((await rowsOf(kept, '2026-10')).find(({ kind }) => kind === 'contract')).toMatchObject({
      asked_kbps: 100_000,
    })
    await store(new Date('2026-10-07T06:00:00Z'))
    expect((await rowsOf(kept, '2026-10')).filter(({ kind }) => kind === 'contract').at(-1)).toMatchObject({
      asked_kbps: 200_000,
    })
  })

  it('judges tests that arrive after their building has ended, for the time before', async () => {
    const { db } = world.database
    await inChange(db, async (change) => {
      await insertVersion(change, { unit: idle, name: 'Без измерений', valid_from: '2026-10-01', is_closed: true })
      for (const hour of ['05', '06', '08'])
        await insertTest(change, idle, { at: `2026-09-30T${hour}:00:00Z`, mbit: 90 })
    })
    await store(new Date('2026-10-07T07:00:00Z'))
    expect((await rowsOf(idle, '2026-09')).at(-1)).toMatchObject({ kind: 'norm', tests: 7 })
    await expectEqual()
  })

  it('writes one audit event for each run that stored something', async () => {
    const { db } = world.database
    const events = await db
      .selectFrom('audit_event')
      .where('action', '=', 'speed_verdict.store')
      .select('change_set_no')
      .orderBy('change_set_no')
      .execute()
    const runs = await db
      .selectFrom('speed_verdict_run')
      .where('verdicts', '>', 0)
      .select('change_set_no')
      .orderBy('change_set_no')
      .execute()
    expect(runs.length).toBeGreaterThan(5)
    expect(events.map(({ change_set_no }) => change_set_no)).toEqual(runs.map(({ change_set_no }) => change_set_no))
  })
})
