import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refreshWholeStructure } from '../../../server/src/db/org-unit-structure.ts'
import { createIntakeClient, writeCsv, type IntakeClient } from '../../factories/intake-client.ts'
import { makeConfirmed, makeTest, TestAgent } from '../../factories/speed-scene.ts'
import { makeRoomForTests } from '../../factories/speed-tests.ts'
import { schoolTime } from './school-times.ts'
import { regionDay } from '../../setup/region-day.ts'

const INN = '6907006968'
const REGISTRY = [
  'Наименование',
  'Вид',
  'Тип организации',
  'ИНН',
  'ИНН головной организации',
  'Муниципалитет',
  'Тип населённого пункта',
  'Адрес',
]
const CONTRACTS = ['ИНН', 'Адрес здания', 'Технология', 'Скорость по договору, Мбит/с', 'Оператор', 'Действует с']
const ADDRESSES = {
  main: 'г. Вольск, ул. Мира, 1',
  second: 'г. Вольск, ул. Мира, 3',
  slow: 'с. Терса, ул. Речная, 2',
  offline: 'с. Широкий Буерак, ул. Новая, 5',
  repaired: 'г. Вольск, ул. Октябрьская, 7',
  filtered: 'г. Вольск, ул. 1 Мая, 9',
} as const
type Place = keyof typeof ADDRESSES
const VILLAGES: readonly Place[] = ['slow', 'offline']
const LOOKS = 6

interface Building {
  org_unit_id: number
  norm: { verdict: string; reason: string | null; norm_kbps: number }
  measured: { median_download_kbps: number | null; tests: number }
  silence: { silence: string; likely_cause: string | null; test_cause: string | null }
  status: string | null
}
interface Organisation {
  short_name: string
  norm_verdict: string
  worst_unit_id: number
  buildings: Building[]
}

let client: IntakeClient
let ids: Record<Place, number>
let school_id = 0

function buildingRow(place: Place): (string | null)[] {
  const kind = VILLAGES.includes(place) ? 'село' : 'город'
  return [`Здание: ${place}`, 'здание', null, null, INN, null, kind, ADDRESSES[place]]
}

/** Looks at one line, each with a retest that agrees. */
async function measure(agent: TestAgent, place: Place, download_kbps: number): Promise<void> {
  const { db } = client.database
  const unit = { org_unit_id: ids[place] }
  const tests = []
  for (let back = 0; back < LOOKS; back += 1) {
    const first = await makeConfirmed(db, unit, schoolTime({ back }), { download_kbps })
    const retest_of = first.id
    tests.push(first, await makeConfirmed(db, unit, schoolTime({ back, minute: 20 }), { download_kbps, retest_of }))
  }
  expect(await agent.submit({ tests })).toMatchObject({ accepted: LOOKS * 2, rejected: [] })
}

beforeAll(async () => {
  client = await createIntakeClient()
  await makeRoomForTests(client.database.owner_url)
  const school = [
    'МОУ «СОШ № 3»',
    'организация',
    'общеобразовательная',
    INN,
    null,
    'Вольский район',
    'город',
    ADDRESSES.main,
  ]
  const places = Object.keys(ADDRESSES) as Place[]
  await client.take(writeCsv(REGISTRY, [school, ...places.map(buildingRow)]))
  const units = await client.units('kind=building')
  const idOf = (place: Place): number => units.find(({ address }) => address === ADDRESSES[place])?.org_unit_id ?? 0
  ids = Object.fromEntries(places.map((place) => [place, idOf(place)])) as Record<Place, number>
  const [found] = await client.units()
  school_id = found?.org_unit_id ?? 0
  const contracts = places.map((place) =>
    place === 'offline'
      ? [INN, ADDRESSES[place], 'нет', null, null, '01.01.2026']
      : [INN, ADDRESSES[place], 'оптика', VILLAGES.includes(place) ? '50' : '100', 'ПАО «Ростелеком»', '01.01.2026'],
  )
  await client.take(writeCsv(CONTRACTS, contracts), { kind: 'connection_contract', file_name: 'договоры.csv' })
  const { db } = client.database
  await db.transaction().execute((tx) => refreshWholeStructure(tx, regionDay()))
  const repair = { status: 'capital_repair', valid_from: '2026-01-01', valid_to: null, order_number: '7' }
  const entered = await client.call('POST', `/org-units/${ids.repaired}/statuses`, repair)
  expect(entered.status).toBe(201)
  const agent = await TestAgent.of(client.app, { org_unit_id: school_id } as Parameters<typeof TestAgent.of>[1])
  await measure(agent, 'main', 100_000)
  await measure(agent, 'second', 100_000)
  await measure(agent, 'slow', 8_000)
  const unit = { org_unit_id: ids.filtered }
  const nothing = { download: null, upload: null, min_rtt_us: null, cause: 'websocket_blocked' } as const
  await agent.submit({ tests: [makeTest(unit, schoolTime(), nothing)] })
}, 60_000)
afterAll(() => client.close())

async function findSchool(): Promise<{ organisation: Organisation; of: (place: Place) => Building }> {
  const answer = await client.call('GET', `/internet/verdicts?period=${schoolQuarter()}`)
  const { rows } = answer.body as unknown as { rows: Organisation[] }
  const [organisation] = rows
  if (organisation === undefined) throw new Error('no school')
  return {
    organisation,
    of: (place) => {
      const building = organisation.buildings.find(({ org_unit_id }) => org_unit_id === ids[place])
      if (building === undefined) throw new Error(`no building ${place}`)
      return building
    },
  }
}

/** The quarter of the newest tests: a month may begin between two of them. */
function schoolQuarter(): string {
  const day = schoolTime()
  return `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

describe('four buildings: 100, 100, 8 Мбит/с and no connection, two of them in villages', () => {
  it('makes the organisation fall below the norm by its worst building, and names it', async () => {
    const { organisation, of } = await findSchool()
    expect(organisation).toMatchObject({ norm_verdict: 'below', worst_unit_id: ids.offline })
    expect(of('main').norm).toMatchObject({ verdict: 'meets', norm_kbps: 100_000 })
    expect(of('second').norm).toMatchObject({ verdict: 'meets', norm_kbps: 100_000 })
    expect(of('slow')).toMatchObject({
      ...{ norm: { verdict: 'below', norm_kbps: 50_000 }, measured: { median_download_kbps: 8_000 } },
    })
    expect(of('offline')).toMatchObject({
      ...{ norm: { verdict: 'below', reason: 'no_connection' }, measured: { median_download_kbps: null, tests: 0 } },
    })
  })

  it('does not read capital repair as silence', async () => {
    const { of } = await findSchool()
    expect(of('repaired')).toMatchObject({ status: 'capital_repair', silence: { silence: 'excused' } })
    const silent = (await client.call('GET', '/internet/silent')).body as unknown as { rows: Building[] }
    expect(silent.rows.map(({ org_unit_id }) => org_unit_id)).not.toContain(ids.repaired)
  })

  it('reads a filter that cuts the WebSocket as a failure to measure, never as a low speed', async () => {
    const { of } = await findSchool()
    expect(of('filtered')).toMatchObject({
      ...{ norm: { verdict: 'not_enough_data' }, measured: { median_download_kbps: null, tests: 0 } },
      silence: { test_cause: 'websocket_blocked' },
    })
    const listed = await client.call('GET', `/org-units/${school_id}/speed-tests?building_id=${ids.filtered}`)
    expect(listed.body).toMatchObject({
      rows: [{ validity: 'failed', cause: 'websocket_blocked', download_kbps: null }],
    })
  })
})
