import type { Kysely } from 'kysely'
import type { DB } from '../../server/src/db/schema.gen.ts'
import { refreshStructure } from '../../server/src/jobs/refresh-structure.ts'
import { scheduleTargets } from '../../server/src/jobs/schedule.ts'
import { createTestApp, type TestApp } from '../setup/test-app.ts'
import { insertPerson, type TestPerson } from './people.ts'
import { inChange, insertSite, insertUnit, type MadeUnit } from './registry.ts'
import type { MadeSite } from './site-facts.ts'

/** A region with two municipalities, two schools in the first and one in the second, and people of each role. */
export interface ObjectionScene {
  test: TestApp
  db: Kysely<DB>
  municipality: MadeUnit
  school: MadeSite
  sister: MadeSite
  stranger: MadeSite
  people: Record<
    'director' | 'sister' | 'specialist' | 'other_specialist' | 'institute' | 'second_institute',
    TestPerson
  >
  close: () => Promise<void>
}

export async function createObjectionScene(): Promise<ObjectionScene> {
  const test = await createTestApp()
  const { db } = test.database
  const made = await inChange(db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    const own = await insertUnit(change, { kind: 'municipality', name: 'Вольский район', parent: region })
    const other = await insertUnit(change, { kind: 'municipality', name: 'Балаковский район', parent: region })
    const makeSchool = async (name: string, parent: MadeUnit): Promise<MadeSite> => {
      const unit = await insertUnit(change, { kind: 'organisation', name, parent, org_kind: 'school' })
      return { unit, target_id: await insertSite(change, unit) }
    }
    const sites = {
      school: await makeSchool('Школа № 1', own),
      sister: await makeSchool('Школа № 2', own),
      stranger: await makeSchool('Школа № 3', other),
    }
    const targets = Object.values(sites).map(({ unit, target_id }) => ({
      ...{ org_unit_id: unit.org_unit_id, target_id, kind: 'site' as const },
    }))
    await scheduleTargets(change.tx, targets, { vantages: ['local'] })
    return { ...sites, region, municipality: own, other }
  })
  await refreshStructure(db, '2026-01-01')
  const at = (role: Parameters<typeof insertPerson>[1][number]['role'], unit: MadeUnit, name: string) =>
    insertPerson(db, [{ role, org_unit_id: unit.org_unit_id, founder_kinds: null }], name)
  return {
    ...{ test, db, municipality: made.municipality, school: made.school, sister: made.sister, stranger: made.stranger },
    people: {
      director: await at('school_operator', made.school.unit, 'Чернова О. А.'),
      sister: await at('school_operator', made.sister.unit, 'Белова И. И.'),
      specialist: await at('municipal_specialist', made.municipality, 'Лапин И. П.'),
      other_specialist: await at('municipal_specialist', made.other, 'Чужая А. А.'),
      institute: await at('institute_staff', made.region, 'Громов П. С.'),
      second_institute: await at('institute_staff', made.region, 'Орлов С. С.'),
    },
    close: test.close,
  }
}

/** Says that a site does not work, as its kept state and as a verdict. */
export async function breakSite(db: Kysely<DB>, { unit, target_id }: MadeSite, at: Date): Promise<void> {
  await inChange(db, async ({ tx, change_set_no }) => {
    const key = { org_unit_id: unit.org_unit_id, target_id, change_set_no }
    const said = { verdict: 'does_not_work', cause: 'dns_timeout' }
    const kept = {
      newest_verdict: said.verdict,
      newest_verdict_at: at,
      newest_verdict_round_no: 1,
      newest_probe_at: at,
    }
    await tx
      .insertInto('site_verdict')
      .values({ ...key, ...said, decided_at: at, round_no: 1, agreeing: 1, counted: 1, vantages: ['local'] })
      .execute()
    await tx
      .insertInto('site_state')
      .values({ ...key, ...said, ...kept, verdict_since: at, last_verdict_at: at, last_checked_at: at })
      .onConflict((conflict) => conflict.columns(['org_unit_id', 'target_id']).doUpdateSet({ ...said, ...kept }))
      .execute()
  })
}
