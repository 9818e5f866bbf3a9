import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertPerson, type TestPerson } from '../../factories/people.ts'
import { createTwoMunicipalities, uploadAs, type TwoMunicipalities } from '../../factories/two-municipalities.ts'

const OWN = 'Вольский район'
const FOREIGN = 'Энгельсский район'
const MUNICIPAL = 'муниципальный'

let world: TwoMunicipalities
let specialist: TestPerson
beforeAll(async () => {
  world = await createTwoMunicipalities()
  const jurisdiction = { org_unit_id: world.own.municipality_id, founder_kinds: ['municipal'] as const }
  specialist = await insertPerson(world.client.database.db, [{ role: 'municipal_specialist', ...jurisdiction }])
})
afterAll(() => world.client.close())

async function askAsSpecialist(method: 'GET' | 'POST', path: string, payload?: object) {
  const sent = payload === undefined ? {} : { payload }
  const answer = await world.client.app.inject({ method, url: `/api/v1${path}`, headers: specialist.headers, ...sent })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
}

/** Words at each refused row, by the row's number. */
async function listRefused(import_id: number): Promise<[number, string[]][]> {
  const rows = await world.client.rows(import_id, 'verdict=refused&limit=100')
  return rows.map(({ row_no, issues }) => [row_no, issues.map(({ message }) => message)])
}

describe("a municipality's file with three rows of others (scene 7)", () => {
  it('is taken but for these three, each of which says that it is not their territory', async () => {
    const import_id = await uploadAs(world.client, specialist.headers, [
      ['МОУ «СОШ № 21»', '6907006968', OWN, MUNICIPAL, null],
      ['МОУ «СОШ № 22»', '1683011286', FOREIGN, MUNICIPAL, null],
      ['МОУ «СОШ № 23»', null, OWN, MUNICIPAL, null],
      ['ГБПОУ «Колледж № 24»', null, OWN, 'областной', null],
      [`Школа ${world.other.mark}`, null, FOREIGN, MUNICIPAL, 'https://taken-over.example/'],
      ['МОУ «СОШ № 26»', '1215066204', OWN, MUNICIPAL, null],
    ])
    const alien = [expect.stringMatching(/^Не ваша территория/)]
    expect(await listRefused(import_id)).toEqual([
      [3, alien],
      [5, alien],
      [6, alien],
    ])
    const applied = await askAsSpecialist('POST', `/imports/${import_id}/apply`)
    expect(applied).toMatchObject({ status: 200, body: { state: 'applied', counts: { new: 3, refused: 3 } } })
    const names = async (text: string) => (await world.client.units(`text=${encodeURIComponent(text)}`)).length
    expect(await Promise.all(['СОШ № 21', 'СОШ № 23', 'СОШ № 26'].map(names))).toEqual([1, 1, 1])
    expect(await Promise.all(['СОШ № 22', 'Колледж № 24'].map(names))).toEqual([0, 0])
    const [untouched] = await world.client.units(`text=${encodeURIComponent(`Школа ${world.other.mark}`)}`)
    expect(untouched?.site_url).not.toBe('https://taken-over.example/')
  })
})

describe('the undo of a file that records of the whole region rest on', () => {
  it('is refused to the municipality, which learns how many there are and not what, and is left to the region', async () => {
    const import_id = await uploadAs(world.client, specialist.headers, [['МОУ «СОШ № 31»', null, OWN, MUNICIPAL, null]])
    expect((await askAsSpecialist('POST', `/imports/${import_id}/apply`)).status).toBe(200)
    const byRegion = await uploadAs(world.client, {}, [
      ['МОУ «СОШ № 31»', null, OWN, MUNICIPAL, 'https://school-31.example/'],
    ])
    expect((await world.client.call('POST', `/imports/${byRegion}/apply`)).status).toBe(200)

    const request = { reason: 'не тот файл', with: [] as object[] }
    const refused = await askAsSpecialist('POST', `/imports/${import_id}/void`, request)
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'EDU_IMPORT_HAS_DEPENDENTS', details: { dependents: [], foreign: 1 } },
    })
    request.with = [{ source_kind: 'import', source_id: String(byRegion) }]
    expect((await askAsSpecialist('POST', `/imports/${import_id}/void`, request)).status).toBe(409)
    expect((await world.client.call('GET', `/imports/${byRegion}`)).body.state).toBe('applied')

    expect((await world.client.call('POST', `/imports/${import_id}/void`, request)).status).toBe(200)
    expect((await world.client.call('GET', `/imports/${byRegion}`)).body.state).toBe('voided')
  })
})
