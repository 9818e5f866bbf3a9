import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAccess } from '../../../server/src/access/decide-access.ts'
import { listHeldGrants } from '../../../server/src/access/find-subject.ts'
import { isCovered, NOTHING } from '../../../server/src/db/access-scope.ts'
import { refreshStructure } from '../../../server/src/jobs/refresh-structure.ts'
import { insertPerson, type TestPerson } from '../../factories/people.ts'
import { inChange, insertUnit, insertVersion, type MadeUnit } from '../../factories/registry.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const LAST_DAY = '2021-12-31'
const FIRST_DAY = '2022-01-01'

let test: TestApp
let people: Record<'district' | 'city' | 'neighbour', TestPerson>
let schools: Record<'joining' | 'leaving' | 'city', MadeUnit>

beforeAll(async () => {
  test = await createTestApp()
  const { db } = test.database
  const places = await inChange(db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    const make = (name: string) => insertUnit(change, { kind: 'municipality', name, parent: region })
    const [district, city, neighbour] = [
      await make('Саратовский район'),
      await make('Саратов'),
      await make('Энгельсский район'),
    ]
    const school = (name: string, parent: MadeUnit) =>
      insertUnit(change, { kind: 'organisation', name, parent, org_kind: 'school', founder_kind: 'municipal' })
    schools = {
      joining: await school('Школа Сторожёвки', district),
      leaving: await school('Школа у моста', district),
      city: await school('Школа № 1', city),
    }
    const move = (unit: MadeUnit, parent: MadeUnit, name: string) => {
      const moved = { ...unit, path: [...parent.path, unit.org_unit_id], municipality_id: parent.org_unit_id }
      const fields = { valid_from: FIRST_DAY, org_kind: 'school', founder_kind: 'municipal' }
      return insertVersion(change, { ...fields, unit: moved, parent, name })
    }
    await move(schools.joining, city, 'Школа Сторожёвки')
    await move(schools.leaving, neighbour, 'Школа у моста')
    const closed = { unit: district, parent: region, name: 'Саратовский район', is_closed: true }
    await insertVersion(change, { ...closed, valid_from: FIRST_DAY })
    return { district, city, neighbour }
  })
  const at = ({ org_unit_id }: MadeUnit) =>
    insertPerson(db, [{ role: 'municipal_specialist', org_unit_id, founder_kinds: ['municipal'] }])
  people = { district: await at(places.district), city: await at(places.city), neighbour: await at(places.neighbour) }
})
afterAll(() => test.close())

/** Which of the schools lie in what the person may read, as every query asks it. */
async function covered({ user_id }: TestPerson): Promise<string[]> {
  const { db } = test.database
  const grants = await listHeldGrants(db, { user_id, means: 'password' }, FIRST_DAY)
  const person = {
    kind: 'person',
    user_id,
    login: '',
    display_name: '',
    session_id: '',
    state: 'complete',
    grants,
  } as const
  const decision = decideAccess(person, 'sites:read')
  const scope = decision.refusal === null ? decision.scope : NOTHING
  const rows = await db
    .selectFrom('org_unit')
    .where(isCovered(scope, sql`org_unit_id`))
    .select('org_unit_id')
    .execute()
  const ids = new Set(rows.map((row) => row.org_unit_id))
  return Object.entries(schools).flatMap(([name, { org_unit_id }]) => (ids.has(org_unit_id) ? [name] : []))
}

describe('rights after Саратовский район joined Саратов', () => {
  it('follow the structure of the day: each unit to where it went, and none stays with the former municipality', async () => {
    await refreshStructure(test.database.db, LAST_DAY)
    expect(await covered(people.district)).toEqual(['joining', 'leaving'])
    expect(await covered(people.city)).toEqual(['city'])
    expect(await covered(people.neighbour)).toEqual([])
    await refreshStructure(test.database.db, FIRST_DAY)
    expect(await covered(people.district)).toEqual([])
    expect(await covered(people.city)).toEqual(['joining', 'city'])
    expect(await covered(people.neighbour)).toEqual(['leaving'])
  })
})
