import { read, utils } from '@e965/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inChange, insertSite, insertUnit } from '../../factories/registry.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
  await inChange(test.database.db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    const municipality = await insertUnit(change, { kind: 'municipality', name: 'Вольский район', parent: region })
    const fields = { kind: 'organisation', parent: municipality } as const
    const school = await insertUnit(change, { ...fields, name: 'Школа', org_kind: 'school', founder_kind: 'municipal' })
    await insertUnit(change, { ...fields, name: 'Колледж', org_kind: 'college', founder_kind: 'regional' })
    await insertSite(change, school)
  })
})
afterAll(() => test.close())

function fetchFile(url: string) {
  return test.app.inject({ url, headers: { host: 'localhost' } })
}

describe('GET /api/v1/org-units/export', () => {
  it('holds exactly what the filter shows', async () => {
    const answer = await fetchFile('/api/v1/org-units/export.xlsx?founder_kind=municipal')
    expect(answer.statusCode).toBe(200)
    const sheet = read(answer.rawPayload).Sheets['Организации'] ?? {}
    const rows = utils.sheet_to_json<(string | number | null)[]>(sheet, { header: 1, defval: null })
    expect(rows.slice(rows.findIndex(([first]) => first === 'Краткое наименование') + 1)).toEqual([
      ['Школа', 'Школа', 'Вольский район', null, 'школа', 'муниципалитет', null, null, null, expect.any(String), 0, 0],
    ])
  })

  it('gives all rows as CSV when nothing is filtered', async () => {
    const answer = await fetchFile('/api/v1/org-units/export.csv')
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.body).toContain('Колледж;Колледж;Вольский район;;колледж;область;;;;;0;0')
    expect(answer.body).toContain('Строк: 2')
  })
})
