import { refreshWholeStructure } from '../../server/src/db/org-unit-structure.ts'
import { dayInZone } from '../../server/src/domain/region-day.ts'
import { localHourOf } from '../../server/src/domain/schedule.ts'
import { SpeedHours } from '../../server/src/ingest-speed/speed-hours.ts'
import { createTestApp, type TestApp } from '../setup/test-app.ts'
import { insertPerson, type TestPerson } from './people.ts'
import { inChange, insertUnit, type Change, type MadeUnit } from './registry.ts'
import { insertComputers, insertContract, insertTest, makeRoomForTests } from './speed-tests.ts'

const ZONE = 'Europe/Saratov'
/** Month of the scene's tests; its 1st is a Tuesday. */
export const SCENE_PERIOD = '2026-09'
const SCHOOL_HOURS_UTC = [5, 6, 7, 8, 9, 10]
const WEEKEND = [0, 6]

interface PlaceFields {
  school: string
  name: string
  settlement_kind: string
  /** Degrees north and east; absent: nobody has said where it stands. */
  at?: [number, number]
  /** Null: it is on record that there is no connection; absent: no contract was entered. */
  contract_mbit?: number | null
  /** Absent: nothing was ever measured. */
  mbit?: number
  /** Day of September after which nothing is heard. */
  heard_until?: number
  computers?: number
}

const PLACES: readonly PlaceFields[] = [
  {
    school: 'Школа № 3',
    name: 'Главное здание',
    at: [52.046, 47.379],
    settlement_kind: 'city',
    contract_mbit: 100,
    mbit: 125,
    computers: 60,
  },
  {
    school: 'Школа № 3',
    name: 'Здание в Терсе',
    at: [52.108, 47.525],
    settlement_kind: 'village',
    contract_mbit: 50,
    mbit: 8,
    computers: 12,
  },
  { school: 'Школа № 3', name: 'Спортивный корпус', settlement_kind: 'city' },
  {
    school: 'Школа № 5',
    name: 'Школа № 5',
    at: [52.034, 47.401],
    settlement_kind: 'city',
    contract_mbit: 200,
    mbit: 140,
    computers: 80,
  },
  {
    school: 'Гимназия № 1',
    name: 'Гимназия № 1',
    at: [52.051, 47.366],
    settlement_kind: 'city',
    contract_mbit: 100,
    mbit: 96,
    computers: 90,
  },
  {
    school: 'СОШ р. п. Сенной',
    name: 'СОШ р. п. Сенной',
    at: [52.163, 46.959],
    settlement_kind: 'urban_settlement',
    contract_mbit: 50,
    mbit: 62,
  },
  {
    school: 'СОШ с. Заречное',
    name: 'СОШ с. Заречное',
    at: [52.221, 47.142],
    settlement_kind: 'village',
    contract_mbit: 50,
    mbit: 30,
    heard_until: 20,
  },
  {
    school: 'СОШ с. Куриловка',
    name: 'СОШ с. Куриловка',
    at: [51.983, 47.602],
    settlement_kind: 'village',
    contract_mbit: null,
  },
]

/** School hours of the month's working days from the 7th on, until a day. */
function listLooks(until: number): Date[] {
  const days = Array.from({ length: until - 6 }, (_, index) => new Date(Date.UTC(2026, 8, 7 + index)))
  return days
    .filter((day) => !WEEKEND.includes(day.getUTCDay()))
    .flatMap((day) => SCHOOL_HOURS_UTC.map((hour) => new Date(day.getTime() + hour * 3_600_000)))
}

/** Slower towards noon, a little different from day to day. */
function speedAt(mbit: number, at: Date): number {
  const towardsNoon = 1 - 0.05 * (at.getUTCHours() - 5)
  return mbit * towardsNoon * (1 + 0.03 * ((at.getUTCDate() % 5) - 2))
}

async function insertMeasured(change: Change, unit: MadeUnit, fields: PlaceFields, hours: SpeedHours): Promise<void> {
  const { mbit, heard_until = 30 } = fields
  if (mbit === undefined) return
  for (const look of listLooks(heard_until)) {
    const speed = speedAt(mbit, look)
    const retest_of = await insertTest(change, unit, { at: look, mbit: speed })
    const retest = new Date(look.getTime() + 600_000)
    await insertTest(change, unit, { at: retest, mbit: speed, retest_of })
    for (const at of [look, retest]) {
      const kbps = Math.round(speed * 1000)
      const counted = { org_unit_id: unit.org_unit_id, method: 'agent', validity: 'valid', min_rtt_us: 9000 } as const
      hours.add({ ...localHourOf(at.getTime(), ZONE), ...counted, download_kbps: kbps, upload_kbps: kbps })
    }
  }
}

async function insertPlaces(change: Change, municipality: MadeUnit): Promise<Map<string, MadeUnit>> {
  const schools = new Map<string, MadeUnit>()
  const hours = new SpeedHours()
  const kinds = { kind: 'organisation', org_kind: 'school', founder_kind: 'municipal', parent: municipality } as const
  for (const fields of PLACES) {
    const { name, settlement_kind, at: [latitude, longitude] = [] } = fields
    const stands = {
      settlement_kind,
      ...(latitude !== undefined && { latitude }),
      ...(longitude !== undefined && { longitude }),
    }
    const known = schools.get(fields.school)
    const school = known ?? (await insertUnit(change, { ...kinds, ...stands, name: fields.school }))
    schools.set(fields.school, school)
    const place =
      name === fields.school ? school : await insertUnit(change, { kind: 'building', name, ...stands, parent: school })
    if (fields.contract_mbit !== undefined)
      await insertContract(change, place, { mbit: fields.contract_mbit, number: '7' })
    if (fields.computers !== undefined) await insertComputers(change, place, fields.computers)
    await insertMeasured(change, place, fields, hours)
    if (name === 'Здание в Терсе') {
      const before = { mbit: 20, number: '5', valid_from: '2025-01-01', valid_to: '2025-11-30' }
      await insertContract(change, place, before)
      await insertTest(change, place, { at: '2026-09-30T11:00:00Z', cause: 'websocket_blocked' })
      await insertTest(change, place, { at: '2026-09-29T16:00:00Z', mbit: 7, validity: 'off_hours' })
    }
  }
  await hours.write(change.tx, { change_set_no: change.change_set_no, provenance: 'measured' })
  return schools
}

/** A running API with pages over a municipality whose schools were measured in September 2026. */
export interface InternetScene {
  url: string
  test: TestApp
  municipality: MadeUnit
  schools: ReadonlyMap<string, MadeUnit>
  /** May read all of it and enter appeals. */
  person: TestPerson
}

export async function createInternetScene(): Promise<InternetScene> {
  const test = await createTestApp()
  await makeRoomForTests(test.database.owner_url)
  const { region, municipality, schools } = await inChange(test.database.db, async (change) => {
    const made = await insertUnit(change, { kind: 'region', name: 'Саратовская область' })
    const part = await insertUnit(change, { kind: 'municipality', name: 'Вольский район', parent: made })
    return { region: made, municipality: part, schools: await insertPlaces(change, part) }
  })
  await test.database.db.transaction().execute((tx) => refreshWholeStructure(tx, dayInZone(new Date(), ZONE)))
  const { org_unit_id } = region
  const person = await insertPerson(test.database.db, [{ role: 'ministry_analyst', org_unit_id, founder_kinds: null }])
  const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
  return { url, test, municipality, schools, person }
}
