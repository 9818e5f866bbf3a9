import { read, utils } from '@e965/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inChange, insertSite, insertUnit } from '../../factories/registry.ts'
import { insertCheck, insertEvidence, insertVerdict, type MadeSite } from '../../factories/site-facts.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

let test: TestApp
let region_id: number
let engels_id: number
let site: MadeSite
let evidence_id: string

beforeAll(async () => {
  test = await createTestApp()
  await inChange(test.database.db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Саратовская область' })
    const engels = await insertUnit(change, { kind: 'municipality', name: 'Энгельсский район', parent: region })
    await insertUnit(change, { kind: 'municipality', name: 'Аткарский район', parent: region })
    const fields = { kind: 'organisation', founder_kind: 'municipal', org_kind: 'school' } as const
    const unit = await insertUnit(change, { ...fields, name: 'Школа № 1', parent: engels })
    await insertUnit(change, { ...fields, name: 'Школа без сайта', parent: engels })
    site = { unit, target_id: await insertSite(change, unit) }
    region_id = region.org_unit_id
    engels_id = engels.org_unit_id
    await insertVerdict(change, site, { at: '2026-09-30T10:00:00Z', verdict: 'works', round_no: 7 })
    const measurement_id = await insertCheck(change, site, {
      at: '2026-09-30T10:00:00Z',
      round_no: 7,
      http_status: 200,
      tls_ms: 20,
      certificate_valid: true,
    })
    evidence_id = await insertEvidence(change, site, { at: '2026-09-30T10:00:01Z', measurement_id })
  })
})
afterAll(() => test.close())

function fetchFile(url: string) {
  return test.app.inject({ url, headers: { host: 'localhost' } })
}

async function get(url: string) {
  const answer = await fetchFile(url)
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
}

describe('GET /api/v1/indicators', () => {
  it('gives each indicator with its words in both languages and its rules', async () => {
    const { body } = await get('/api/v1/indicators')
    expect(body['indicators']).toHaveLength(9)
    expect(body['indicators']).toContainEqual(
      expect.objectContaining({ code: 'working_sites', period_kind: 'month', coverage_floor: 0.5 }),
    )
    expect(body['exclusions']).toContainEqual(
      expect.objectContaining({ code: 'no_own_site', effect: 'not_expected', ru: 'Нет собственного сайта' }),
    )
  })
})

describe('GET /api/v1/indicators/{code}/values', () => {
  it('shows the last month of a quarter for the region and each municipality, the silent one without a value', async () => {
    const { status, body } = await get('/api/v1/indicators/working_sites/values?period=2026Q3')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      territory: { org_unit_id: region_id, kind: 'region' },
      period: { code: '2026-09', title: 'сентябрь 2026 г.', is_running: false, as_of: '2026-09-30T20:00:00.000Z' },
      is_approved: false,
      total: {
        value: 1,
        numerator: 1,
        denominator: 1,
        expected: 1,
        reported: 1,
        observed_at: '2026-09-30T10:00:00.000Z',
      },
    })
    expect(body['rows']).toMatchObject([
      { short_name: 'Аткарский район', figure: { value: null, refusal: 'no_data', numerator: null, expected: 0 } },
      {
        short_name: 'Энгельсский район',
        figure: { value: 1, refusal: null, excluded: [{ reason: 'no_own_site', units: 1 }] },
      },
    ])
  })

  it.each([
    ['/api/v1/indicators/nothing/values', 404, 'EDU_INDICATOR_NOT_FOUND'],
    ['/api/v1/indicators/working_sites/values?period=2026Q5', 400, 'EDU_PERIOD_INVALID'],
    ['/api/v1/indicators/working_sites/values?period=2098', 400, 'EDU_PERIOD_INVALID'],
    ['/api/v1/indicators/working_sites/values?known_at=soon', 400, 'EDU_KNOWN_AT_INVALID'],
    ['/api/v1/indicators/working_sites/values?territory_id=999999', 404, 'EDU_ORG_UNIT_NOT_FOUND'],
    ['/api/v1/indicators/working_sites/values?territory_id=x', 400, 'EDU_BAD_REQUEST'],
  ])('answers %s with %i %s', async (url, status, code) => {
    const answer = await get(url)
    expect(answer.status).toBe(status)
    expect(answer.body['code']).toBe(code)
  })
})

describe('GET /api/v1/sites/overview', () => {
  it('gives all four indicators by municipality', async () => {
    const { status, body } = await get('/api/v1/sites/overview?period=2026-09')
    expect(status).toBe(200)
    expect(body['total']).toMatchObject({
      working_sites: { value: 1 },
      site_availability: { value: null, refusal: 'no_data', expected: 1, reported: 0 },
      full_section: { value: null, refusal: 'no_data' },
      valid_certificates: { value: 1 },
    })
    expect(body['rows']).toMatchObject([
      { short_name: 'Аткарский район' },
      { org_unit_id: engels_id, figures: { valid_certificates: { numerator: 1, denominator: 1 } } },
    ])
  })
})

describe('GET /api/v1/indicators/{code}/lineage and facts', () => {
  it('leads from the figure to the school, its verdict and the page kept as evidence', async () => {
    const lineage = await get('/api/v1/indicators/working_sites/lineage?period=2026-09')
    expect(lineage.body['parts']).toMatchObject([
      { part: 'excluded', units: 1, numerator: null },
      { part: 'numerator', units: 1, numerator: 1, denominator: 1 },
    ])
    const inNumerator = await get('/api/v1/indicators/working_sites/lineage?period=2026-09&part=numerator')
    expect(inNumerator.body['rows']).toMatchObject([{ short_name: 'Школа № 1', target_id: site.target_id }])
    const facts = await get(
      `/api/v1/indicators/working_sites/facts?period=2026-09&org_unit_id=${site.unit.org_unit_id}`,
    )
    expect(facts.body['rows']).toMatchObject([
      { kind: 'site_verdict', outcome: 'works', part: 2, whole: 3, evidence_ids: [evidence_id], actor: 'test' },
    ])
  })

  it('pages through the units', async () => {
    const second = await get('/api/v1/indicators/working_sites/lineage?period=2026-09&limit=1&offset=1')
    expect(second.body['rows']).toMatchObject([{ short_name: 'Школа без сайта', excluded_reason: 'no_own_site' }])
  })
})

describe('GET /api/v1/indicators/{code}/export', () => {
  it('gives a workbook that says what it is: territory, period, moment, version, "not approved"', async () => {
    const answer = await fetchFile('/api/v1/indicators/working_sites/export.xlsx?period=2026Q3')
    expect(answer.headers['content-disposition']).toContain(`working_sites-${region_id}-2026-09.xlsx`)
    const workbook = read(answer.rawPayload)
    const rows = utils.sheet_to_json<(string | number | null)[]>(workbook.Sheets[workbook.SheetNames[0] ?? ''] ?? {}, {
      header: 1,
      defval: null,
    })
    const heading = rows.slice(0, 8).map(([line]) => line)
    expect(heading).toContain('Территория: Саратовская область')
    expect(heading).toContain('Период: сентябрь 2026 г.')
    expect(heading).toContain('Методика: версия 1')
    expect(heading).toContain('Не утверждено')
    expect(heading.some((line) => String(line).startsWith('По данным на: '))).toBe(true)
    expect(rows.at(-3)).toEqual(['Всего: Саратовская область', 1, 1, 1, 1, 1, 1, 'нет собственного сайта – 1'])
    expect(rows.at(-2)).toEqual(['Аткарский район', null, null, null, null, 0, 0, 'нет данных'])
  })

  it('gives the same table as CSV', async () => {
    const answer = await fetchFile('/api/v1/indicators/working_sites/export.csv?period=2026Q3')
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.body).toContain('Энгельсский район;100,0;1;1;100,0;1;1;нет собственного сайта – 1')
  })
})
