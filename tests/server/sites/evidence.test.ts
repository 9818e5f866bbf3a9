import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertPerson } from '../../factories/people.ts'
import { insertSchoolSites, makeAudit, makeCheck, type MadeSite } from '../../factories/school-sites.ts'
import { makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { regionDay } from '../../setup/region-day.ts'

let test: TestApp
let collector: TestCollector
let site: MadeSite
beforeAll(async () => {
  test = await createTestApp()
  const [made] = await insertSchoolSites(test.database.db, 1)
  if (made === undefined) throw new Error('no site')
  site = made
  collector = new TestCollector(test.app)
  await makeAllDue(test.database.db)
})
afterAll(() => test.close())

async function read(path: string): Promise<{ status: number; type: string; body: Record<string, unknown> }> {
  const answer = await test.app.inject({ url: `/api/v1/${path}`, headers: { host: 'localhost' } })
  return { status: answer.statusCode, type: String(answer.headers['content-type']), body: answer.json() }
}

const page = {
  url: 'https://school-1.example/',
  fetched_at: new Date().toISOString(),
  http_status: 200,
  headers: [['server', 'nginx']] as [string, string][],
  body_sha256: 'b'.repeat(64),
  body_bytes: 4096,
  trimmed: true,
}

async function findEvidencePath(measurementId: string): Promise<string> {
  const row = await test.database.db
    .selectFrom('site_evidence')
    .where('measurement_id', '=', measurementId)
    .select(['org_unit_id', 'evidence_id'])
    .executeTakeFirstOrThrow()
  return `evidence/${row.org_unit_id}/${row.evidence_id}`
}

describe('evidence', () => {
  it('gives the kept copy as text within JSON, with the probe it belongs to', async () => {
    const [lease] = await collector.lease()
    if (lease === undefined) throw new Error('no lease')
    const html = '<script>alert(1)</script>Сайт на реконструкции'
    const evidence = { ...page, body_gzip_base64: gzipSync(html).toString('base64') }
    const check = makeCheck(lease, 'placeholder_repair', { evidence, http_status: 200 })
    await collector.submit([check])
    const { status, type, body } = await read(await findEvidencePath(check.id))
    expect(status).toBe(200)
    expect(type).toContain('application/json')
    expect(body).toMatchObject({
      body_text: html,
      headers: [['server', 'nginx']],
      cause: 'placeholder_repair',
      verdict: 'does_not_work',
      vantage: 'local',
      is_trimmed: true,
    })
  })

  it('gives no text when the copy is no gzip, and a coded error for an unknown id', async () => {
    const [lease] = await collector.lease(1, ['site_audit'])
    if (lease === undefined) throw new Error('no audit')
    const audit = makeAudit(lease, { pages: [{ ...page, body_gzip_base64: 'AAAA' }] })
    await collector.submit([audit])
    expect((await read(await findEvidencePath(audit.id))).body['body_text']).toBeNull()
    const unknown = await read(`evidence/${site.org_unit_id}/00000000-0000-4000-8000-000000000000`)
    expect(unknown).toMatchObject({ status: 404, body: { code: 'EDU_EVIDENCE_NOT_FOUND' } })
  })
})

const PNG = Buffer.from('89504e470d0a1a0a00000000', 'hex')

describe('a human check', () => {
  const entry = {
    checked_on: regionDay(-1),
    person: 'Иванова А. П.',
    note: 'Открыто с телефона',
    picture_base64: PNG.toString('base64'),
    judgements: [
      { subsection: 'catering', presence: 'present', markup: null, freshness: null, url: null, dated_on: null },
    ],
  }
  const path = () => `org-units/${site.org_unit_id}/sites/${site.target_id}/human-checks`

  it('stands on the card as a source of its own grade and in the matrix', async () => {
    expect((await collector.post(path(), entry)).status).toBe(201)
    const card = await read(`org-units/${site.org_unit_id}/sites`)
    expect(card.body['sites']).toMatchObject([
      {
        human_checks: [
          { person: 'Иванова А. П.', picture: { unreadable_since: null }, subsections: [{ subsection: 'catering' }] },
        ],
      },
    ])
    const matrix = await read('sites/rule-matrix')
    const subsections = matrix.body['subsections'] as { code: string }[]
    const kinds = matrix.body['cell_kinds'] as object[]
    const [row] = matrix.body['rows'] as { cells: (number | null)[] }[]
    const place = subsections.findIndex(({ code }) => code === 'catering')
    expect(kinds[row?.cells[place] ?? -1]).toEqual({
      presence: 'present',
      markup: null,
      freshness: null,
      source_grade: 'person',
    })
    expect(row?.cells.filter((cell) => cell !== null)).toHaveLength(1)
  })

  it('gives its picture with a type of its own and nothing that could run', async () => {
    const { body } = await collector.post(path(), entry)
    const url = `/api/v1/${path()}/${(body as { human_check_id: string }).human_check_id}/picture`
    const picture = await test.app.inject({ url, headers: { host: 'localhost' } })
    expect(picture.statusCode).toBe(200)
    expect(picture.rawPayload).toEqual(PNG)
    expect(picture.headers).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    })
  })

  it('gives no picture where a check has none, nor under the site of another', async () => {
    const { body } = await collector.post(path(), { ...entry, picture_base64: null })
    const { human_check_id } = body as { human_check_id: string }
    const absent = { status: 404, body: { code: 'EDU_EVIDENCE_NOT_FOUND' } }
    expect(await read(`${path()}/${human_check_id}/picture`)).toMatchObject(absent)
    const elsewhere = `org-units/${site.org_unit_id}/sites/00000000-0000-4000-8000-000000000000/human-checks`
    expect(await read(`${elsewhere}/${human_check_id}/picture`)).toMatchObject(absent)
  })

  it.each([
    ['a day that does not exist', { checked_on: '2026-02-30' }, '/checked_on'],
    ['a day that has not come', { checked_on: '2100-01-01' }, '/checked_on'],
    ['a WebP', { picture_base64: Buffer.from('RIFF\0\0\0\0WEBPVP8 ').toString('base64') }, '/picture_base64'],
    ['a page named a picture', { picture_base64: Buffer.from('<html>').toString('base64') }, '/picture_base64'],
    ['a subsection twice', { judgements: [...entry.judgements, ...entry.judgements] }, '/judgements'],
  ])('refuses %s with its place and writes nothing', async (_name, fault, place) => {
    const before = await test.database.db.selectFrom('change_set').select('change_set_no').execute()
    const answer = await collector.post(path(), { ...entry, ...fault })
    expect(answer).toMatchObject({ status: 400, body: { code: 'EDU_BAD_REQUEST', details: { path: place } } })
    expect(await test.database.db.selectFrom('change_set').select('change_set_no').execute()).toHaveLength(
      before.length,
    )
  })
})

describe('a human check of a municipality', () => {
  it('stands beside what an audit has confirmed, until the institute has looked', async () => {
    const [made] = await insertSchoolSites(test.database.db, 1)
    if (made === undefined) throw new Error('no site')
    await makeAllDue(test.database.db)
    const lease = (await collector.lease(1000, ['site_audit'])).find((one) => one.target_id === made.target_id)
    if (lease === undefined) throw new Error('no audit')
    const judged = { subsection: 'catering', url: null, markup: null, freshness: null, dated_on: null } as const
    const counts = { found_by: null, items_present: 0, items_expected: 0, items_marked: 0, findings: [] }
    const audit = makeAudit(lease, { subsections: [{ ...judged, ...counts, presence: 'absent' }] })
    expect(await collector.submit([audit])).toMatchObject({ accepted: 1 })
    const specialist = await insertPerson(test.database.db, [
      { role: 'municipal_specialist', org_unit_id: made.municipality_id, founder_kinds: null },
    ])
    const entry = {
      ...{
        checked_on: regionDay(-1),
        person: 'Петров П. П.',
        note: null,
      },
      ...{ picture_base64: null, judgements: [{ ...judged, presence: 'present' }] },
    }
    const url_of_checks = `/api/v1/org-units/${made.org_unit_id}/sites/${made.target_id}/human-checks`
    const enter = (headers: Record<string, string>) =>
      test.app.inject({ method: 'POST', url: url_of_checks, headers, payload: entry })
    const shown = async () => {
      const matrix = await read('sites/rule-matrix')
      const place = (matrix.body['subsections'] as { code: string }[]).findIndex(({ code }) => code === 'catering')
      const rows = matrix.body['rows'] as { org_unit_id: number; cells: number[] }[]
      const cell = rows.find((row) => row.org_unit_id === made.org_unit_id)?.cells[place] ?? -1
      return (matrix.body['cell_kinds'] as object[])[cell]
    }
    expect((await enter(specialist.headers)).statusCode).toBe(201)
    expect(await shown()).toMatchObject({ presence: 'absent', source_grade: 'collector' })
    const card = await read(`org-units/${made.org_unit_id}/sites`)
    expect(card.body['sites']).toMatchObject([{ human_checks: [{ person: 'Петров П. П.', is_decisive: false }] }])
    expect((await enter({ host: 'localhost' })).statusCode).toBe(201)
    expect(await shown()).toMatchObject({ presence: 'present', source_grade: 'person' })
  })
})

describe('dictionaries', () => {
  it('has words for every cause and subsection', async () => {
    const { body } = await read('dictionaries')
    const causes = body['causes'] as { ru: { meaning: string }; en: { remedy: string } }[]
    expect(causes.every((cause) => cause.ru.meaning !== '' && cause.en.remedy !== '')).toBe(true)
    expect(causes.length).toBeGreaterThan(40)
    expect(body['subsections']).toHaveLength(15)
  })
})
