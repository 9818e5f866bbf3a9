import { inChange, insertUnit, type Change, type MadeUnit } from './registry.ts'
import { makeRoomForTests } from './speed-tests.ts'
import { createTestDatabase, type TestDatabase } from '../setup/test-database.ts'

/** Makes schools and their buildings within one municipality. */
export interface SchoolMaker {
  change: Change
  school: (name?: string, org_kind?: string) => Promise<MadeUnit>
  /** With null the kind of its settlement is not known. */
  building: (school: MadeUnit, settlement_kind?: string | null, name?: string) => Promise<MadeUnit>
}

/** A region in a database of its own, where each test counts what it made in a municipality of its own. */
export interface InternetRegion {
  database: TestDatabase
  inMunicipality: (work: (maker: SchoolMaker) => Promise<void>) => Promise<number>
}

export async function createInternetRegion(): Promise<InternetRegion> {
  const database = await createTestDatabase()
  await makeRoomForTests(database.owner_url)
  const region = await inChange(database.db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
  return {
    database,
    inMunicipality: (work) =>
      inChange(database.db, async (change) => {
        const municipality = await insertUnit(change, { kind: 'municipality', name: 'Район', parent: region })
        await work({
          change,
          school: (name = 'Школа', org_kind = 'school') =>
            insertUnit(change, { kind: 'organisation', name, parent: municipality, org_kind, settlement_kind: 'city' }),
          building: (parent, settlement_kind: string | null = 'city', name = 'Здание') =>
            insertUnit(change, { kind: 'building', name, parent, settlement_kind }),
        })
        return municipality.org_unit_id
      }),
  }
}
