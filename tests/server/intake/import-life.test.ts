import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIntakeClient, writeCsv, type IntakeClient, type OrgUnitAnswer } from '../../factories/intake-client.ts'

const HEADER = ['Наименование', 'ИНН', 'КПП', 'ОГРН', 'Муниципалитет', 'Адрес', 'Сайт', 'Действует с']
const SCHOOL = [
  'МОУ «СОШ № 3»',
  '6907006968',
  null,
  '1026901606610',
  'Вольский район',
  'г. Вольск, ул. Мира, 1',
  'https://old.ru/',
  null,
]

let client: IntakeClient
beforeAll(async () => (client = await createIntakeClient()))
afterAll(() => client.close())

function change(row: (string | null)[], column: string, value: string | null): (string | null)[] {
  return row.map((cell, index) => (HEADER[index] === column ? value : cell))
}

async function findSchool(query = ''): Promise<OrgUnitAnswer | undefined> {
  return (await client.units(`kind=organisation&text=6907006968${query}`))[0]
}

async function countWork(target_id: string | null): Promise<number> {
  const rows = await client.database.db
    .selectFrom('due_work')
    .where('target_id', '=', target_id)
    .select('kind')
    .execute()
  return rows.length
}

describe('POST /imports/{id}/void', () => {
  it('brings former values and the former site back, and is refused while something rests on the import', async () => {
    await client.take(writeCsv(HEADER, [SCHOOL]))
    const before = await findSchool()
    const moved = change(change(SCHOOL, 'Адрес', 'г. Вольск, ул. Новая, 9'), 'Сайт', 'https://new.ru/')
    const second = await client.take(writeCsv(HEADER, [moved]))
    const after = await findSchool()
    expect(after).toMatchObject({ address: 'г. Вольск, ул. Новая, 9', site_url: 'https://new.ru/' })
    expect(await countWork(before?.target_id ?? null)).toBe(0)
    const edit = { status: 'capital_repair', valid_from: '2026-09-01', valid_to: null, order_number: '12' }
    await client.call('POST', `/org-units/${after?.org_unit_id ?? 0}/statuses`, edit)
    expect((await findSchool())?.status).toBe('capital_repair')

    const request = { reason: 'не тот файл', with: [] as { source_kind: string; source_id: string }[] }
    const refused = await client.call('POST', `/imports/${second.import_id}/void`, request)
    expect(refused).toMatchObject({ status: 409, body: { code: 'EDU_IMPORT_HAS_DEPENDENTS' } })
    const { details } = refused.body as unknown as {
      details: { dependents: { source_kind: string; source_id: string }[] }
    }
    expect(details.dependents).toMatchObject([{ source_kind: 'person', org_units: 1 }])
    expect(await findSchool()).toEqual({ ...after, status: 'capital_repair' })

    request.with = details.dependents.map(({ source_kind, source_id }) => ({ source_kind, source_id }))
    const voided = await client.call('POST', `/imports/${second.import_id}/void`, request)
    expect(voided.body).toMatchObject({ state: 'voided', state_reason: 'не тот файл' })
    expect(await findSchool()).toEqual(before)
    expect(await countWork(before?.target_id ?? null)).toBe(2)
    expect(await countWork(after?.target_id ?? null)).toBe(0)
  })
})

describe('POST /imports/{id}/apply', () => {
  it('lets one of two applies at once through, and judges the other file anew', async () => {
    const row = ['МОУ «СОШ № 4»', '1683011286', null, null, 'Вольский район', 'ул. Лесная, 4', null, null]
    const files = [writeCsv(HEADER, [row]), writeCsv(HEADER, [change(row, 'Адрес', 'ул. Лесная, 5')])]
    const imports = await Promise.all(files.map((file) => client.upload(file)))
    for (const { import_id } of imports) await client.parse(import_id)
    const answers = await Promise.all(
      imports.map(({ import_id }) => client.call('POST', `/imports/${import_id}/apply`)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await client.units('text=1683011286')).toHaveLength(1)
    const loser = imports[answers.findIndex(({ status }) => status === 409)]
    expect((await client.call('GET', `/imports/${loser?.import_id ?? 0}`)).body.counts).toMatchObject({
      new: 0,
      changed: 1,
    })
  })

  it('knows the same file again', async () => {
    const file = writeCsv(HEADER, [SCHOOL])
    const again = await client.upload(file)
    expect(again).toMatchObject({ is_repeat: true, state: 'applied' })
  })

  it('takes the same file for another day, or another territory, as a new import, and each of them again as a repeat', async () => {
    const file = writeCsv(HEADER, [['МОУ «СОШ № 77»', ...SCHOOL.slice(1)]])
    const queries = [
      { valid_on: '2026-09-01' },
      { valid_on: '2026-10-01' },
      { valid_on: '2026-10-01', territory_oktmo: '63603000' },
    ]
    const first = []
    for (const query of queries) first.push(await client.upload(file, query))
    expect(first.map(({ is_repeat }) => is_repeat)).toEqual([false, false, false])
    const ids = first.map(({ import_id }) => import_id)
    expect(new Set(ids).size).toBe(3)
    const again = []
    for (const query of queries) again.push(await client.upload(file, query))
    expect(again.map(({ is_repeat, import_id }) => [is_repeat, import_id])).toEqual(ids.map((id) => [true, id]))
  })
})

describe('a school of Саратовский район', () => {
  it('stands there on 31 December 2021 and in Гагаринский район of Саратов the next day', async () => {
    const row = [
      'МОУ «СОШ с. Рыбушка»',
      '5032303688',
      null,
      null,
      'Саратовский район',
      'с. Рыбушка',
      null,
      '01.09.2019',
    ]
    await client.take(writeCsv(HEADER, [row]))
    const before = await client.units('text=5032303688&day=2021-12-31')
    expect(before).toMatchObject([{ municipality_name: 'Саратовский район', city_district_name: null }])
    const after = await client.units('text=5032303688&day=2022-01-01')
    expect(after).toMatchObject([{ municipality_name: 'г. о. Саратов', city_district_name: 'Гагаринский район' }])
    expect(after[0]?.org_unit_id).toBe(before[0]?.org_unit_id)
  })
})

describe('PUT /imports/{id}/chunks/{n}', () => {
  it('takes a chunk once, and refuses other rows under its number', async () => {
    const { import_id } = await client.upload('chunks;of\nthis;file\n')
    await client.lease(import_id)
    const put = (text: string) => {
      const rows = [{ sheet_no: 1, row_no: 1, cells: { A: text } }]
      const content_sha256 = createHash('sha256').update(JSON.stringify(rows)).digest('hex')
      return client.call('PUT', `/imports/${import_id}/chunks/0`, { content_sha256, rows })
    }
    expect((await put('a')).body).toEqual({ accepted: 1, duplicate: false })
    expect((await put('a')).body).toEqual({ accepted: 0, duplicate: true })
    expect(await put('b')).toMatchObject({ status: 409, body: { code: 'EDU_CHUNK_CHANGED' } })
    expect(await put('\u0000')).toMatchObject({ status: 400, body: { details: { cell: 'A1' } } })
    expect(await client.rows(import_id)).toHaveLength(1)
  })
})

describe('bad rows', () => {
  it.each([
    ['ИНН', '6907006969', 'B2', 'Неверный код'],
    ['ОГРН', '1026901606611', 'D2', 'Неверный код'],
    ['Муниципалитет', 'Заволжский район', 'E2', 'Нет такого муниципалитета'],
    ['Сайт', 'javascript:alert(1)', 'G2', 'Не адрес сайта'],
    ['Действует с', '31.02.2023', 'H2', 'Такого дня нет'],
    ['Наименование', '=HYPERLINK("http://example.test")', 'A2', 'Формула вместо значения'],
  ])('%s = %s is refused at its cell and nothing of the row is written', async (column, value, cell, message) => {
    const { import_id } = await client.upload(writeCsv(HEADER, [change(SCHOOL, column, value)]))
    const validated = await client.parse(import_id)
    expect(validated.counts).toMatchObject({ refused: 1, new: 0, changed: 0 })
    const [row] = await client.rows(import_id, 'verdict=refused')
    expect(row?.issues.filter((issue) => issue.severity === 'error')).toMatchObject([{ cell, message, found: value }])
  })

  it('a table without a header is rejected as a whole, with the place', async () => {
    const { import_id } = await client.upload('один;два\nтри;четыре\n')
    expect(await client.parse(import_id)).toMatchObject({ state: 'rejected', state_place: 'CSV, строка 1' })
    expect(await client.call('POST', `/imports/${import_id}/apply`)).toMatchObject({ status: 409 })
  })
})
