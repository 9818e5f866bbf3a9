import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertPerson } from '../../factories/people.ts'
import { readDocxText, readPdfText } from '../../factories/read-document.ts'
import { inChange, insertUnit, type MadeUnit } from '../../factories/registry.ts'
import { insertContract, insertLooks, insertTest, makeRoomForTests } from '../../factories/speed-tests.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

let test: TestApp
let school: MadeUnit
let other: MadeUnit
let village: MadeUnit
beforeAll(async () => {
  test = await createTestApp()
  await makeRoomForTests(test.database.owner_url)
  await inChange(test.database.db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    const municipality = await insertUnit(change, { kind: 'municipality', name: 'Вольский район', parent: region })
    const fields = { kind: 'organisation', parent: municipality, org_kind: 'school' } as const
    school = await insertUnit(change, { ...fields, name: 'Школа № 3' })
    other = await insertUnit(change, { ...fields, name: 'Школа № 4' })
    const building = { kind: 'building', parent: school } as const
    await insertUnit(change, { ...building, name: 'Главное', settlement_kind: 'city' })
    village = await insertUnit(change, {
      ...{ ...building, name: 'В Терсе', settlement_kind: 'village', address: 'с. Терса, ул. Ёлочная, 2 <к. 1>' },
    })
    await insertLooks(change, village, 8.2, 30)
    await insertContract(change, village, { mbit: 50, number: 'ЕСПД-17' })
    await insertTest(change, village, { at: '2026-09-29T08:00:00Z', cause: 'websocket_blocked' })
  })
})
afterAll(() => test.close())

async function fetchRecord(
  unit: MadeUnit,
  extension: string,
  query = 'period=2026-09',
  headers?: Record<string, string>,
) {
  const url = `/api/v1/org-units/${unit.org_unit_id}/measurement-record.${extension}`
  const sent = headers ?? (await test.headersFor(url))
  const answer = await test.app.inject({ url: `${url}?${query}`, headers: sent })
  return { status: answer.statusCode, type: answer.headers['content-type'], bytes: answer.rawPayload, answer }
}

const SAID = [
  'Протокол измерений доступа к Интернету',
  'сентябрь 2026 г.',
  'Школа № 3',
  'с. Терса, ул. Ёлочная, 2',
  'ПАО «Ростелеком»',
  'ЕСПД-17, с 01.01.2026',
  'не менее 50 Мбит/с',
  'ниже нормы',
  'договор не соблюдается',
  '0 из 30 достигли 80 % скорости договора',
  '60 из 61',
  '07.09.2026, 09:00',
  'кабель',
  'пригодно; повторное',
  'не смогли измерить: фильтр не пропускает WebSocket',
]

describe.each(['pdf', 'docx'])('GET /api/v1/org-units/:id/measurement-record.%s', (extension) => {
  it('says what was measured, by which rule, and what follows for norm and contract', async () => {
    const { status, bytes } = await fetchRecord(village, extension)
    expect(status).toBe(200)
    const raw = extension === 'pdf' ? await readPdfText(bytes) : readDocxText(bytes)
    const text = raw.replaceAll('\u00a0', ' ')
    for (const words of SAID) expect(text).toContain(words)
    expect(text).toMatch(/[0-9a-f]{64}/)
    expect(text).not.toContain('моделирован')
  })

  it('is equal to the byte for the same moment', async () => {
    const first = await fetchRecord(village, extension)
    // The times in a zip archive have a step of two seconds.
    const begun = Date.now()
    await expect.poll(() => Date.now() - begun, { timeout: 5000 }).toBeGreaterThan(2100)
    expect((await fetchRecord(village, extension)).bytes.equals(first.bytes)).toBe(true)
  })

  it('leaves an event, is of one building, and hidden from those who do not answer for it', async () => {
    await fetchRecord(village, extension)
    const event = await test.database.db
      .selectFrom('audit_event')
      .where('action', '=', 'measurement_record.export')
      .select(['org_unit_id', 'detail'])
      .orderBy('audit_event_id', 'desc')
      .executeTakeFirstOrThrow()
    expect(event).toMatchObject({ org_unit_id: village.org_unit_id, detail: { extension, tests: 61 } })
    expect((await fetchRecord(school, extension)).status).toBe(400)
    const grant = { role: 'school_operator' as const, org_unit_id: other.org_unit_id, founder_kinds: null }
    const stranger = await insertPerson(test.database.db, [grant])
    expect((await fetchRecord(village, extension, '', stranger.headers)).status).toBe(404)
    expect((await fetchRecord(village, extension, 'period=2026Q7')).status).toBe(400)
  })
})
