import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertPerson } from '../../factories/people.ts'
import { createIntakeClient, writeCsv, type IntakeClient } from '../../factories/intake-client.ts'

const HEADER = ['Наименование', 'ИНН', 'Муниципалитет', 'Адрес', 'Сайт']
const FIRST = ['МОУ «СОШ № 3»', '6907006968', 'Вольский район', 'г. Вольск, ул. Мира, 1', 'https://third.ru/']
const SECOND = ['МОУ «СОШ № 4»', '1683011286', 'Вольский район', 'г. Вольск, ул. Лесная, 4', 'https://fourth.ru/']
const GONE = ['МОУ «СОШ № 5»', '1215066204', 'Вольский район', 'г. Вольск, ул. Новая, 5', 'https://fifth.ru/']

interface MissingAnswer {
  total: number
  rows: {
    org_unit_id: number
    full_name: string
    earlier_row_no: number
    earlier_valid_on: string
    outcome: string | null
    reason: string | null
    is_remembered: boolean
  }[]
}

let client: IntakeClient
beforeAll(async () => (client = await createIntakeClient()))
afterAll(() => client.close())

async function dryRun(rows: string[][], valid_on: string, sender: string): Promise<number> {
  // The same bytes would be recognised as the same upload: nothing is read from the last column.
  const dated = rows.map((row) => [...row, valid_on])
  const { import_id } = await client.upload(writeCsv([...HEADER, 'Выгружено'], dated), { valid_on, sender })
  await client.parse(import_id)
  return import_id
}

async function findMissing(import_id: number): Promise<MissingAnswer> {
  return (await client.call('GET', `/imports/${import_id}/missing`)).body as unknown as MissingAnswer
}

function decide(import_id: number, decision: { outcome: string; org_unit_ids: number[] | null; reason: string }) {
  return client.call('POST', `/imports/${import_id}/missing/decisions`, decision)
}

async function isOpenOn(day: string): Promise<boolean> {
  return (await client.units(`text=1215066204&day=${day}`)).length > 0
}

describe('GET /imports/{id}/missing', () => {
  it("lists what the sender's earlier file had, asks, and keeps it while nobody has decided", async () => {
    await client.take(writeCsv(HEADER, [FIRST, SECOND, GONE]), { valid_on: '2026-09-01', sender: 'Вольск' })
    const later = await dryRun([FIRST, SECOND], '2026-10-01', 'Вольск')
    expect((await findMissing(later)).rows).toMatchObject([
      { full_name: 'МОУ «СОШ № 5»', earlier_row_no: 4, earlier_valid_on: '2026-09-01', outcome: null },
    ])
    expect((await client.call('GET', `/imports/${later}`)).body).toMatchObject({ missing: { undecided: 1 } })
    expect((await client.call('POST', `/imports/${later}/apply`)).status).toBe(200)
    expect(await isOpenOn('2026-11-01')).toBe(true)
  })

  it("says nothing of another sender's files, of lists without a unit in common, and of rows that are refused", async () => {
    expect((await findMissing(await dryRun([FIRST], '2026-10-02', 'Другой отправитель'))).total).toBe(0)
    const kindergarten = ['МДОУ «Детский сад № 1»', '7707083893', 'Вольский район', 'г. Вольск, ул. Мира, 7', '']
    expect((await findMissing(await dryRun([kindergarten], '2026-10-02', 'Вольск'))).total).toBe(0)
    const spoilt = GONE.map((cell) => (cell === '1215066204' ? '1215066205' : cell))
    const withSpoilt = await dryRun([FIRST, SECOND, spoilt], '2026-10-02', 'Вольск')
    expect((await client.call('GET', `/imports/${withSpoilt}`)).body.counts.refused).toBe(1)
    expect((await findMissing(withSpoilt)).total).toBe(0)
  })
})

describe('POST /imports/{id}/missing/decisions', () => {
  it('refuses a unit that the file does not lack, and writes nothing of the request', async () => {
    const later = await dryRun([FIRST, SECOND], '2026-10-03', 'Вольск')
    const [gone] = (await findMissing(later)).rows
    const answer = await decide(later, { outcome: 'keep', org_unit_ids: [gone?.org_unit_id ?? 0, 1], reason: 'есть' })
    expect(answer).toMatchObject({ status: 400, body: { code: 'EDU_BAD_REQUEST', details: { found: [1] } } })
    expect((await findMissing(later)).rows).toMatchObject([{ outcome: null }])
  })

  it("ends a withdrawn unit on the file's day, stops its checks, and a void brings both back", async () => {
    const later = await dryRun([FIRST, SECOND], '2026-10-04', 'Вольск')
    const [gone] = (await findMissing(later)).rows
    const [before] = await client.units('text=1215066204')
    const decided = await decide(later, {
      outcome: 'withdraw',
      org_unit_ids: [gone?.org_unit_id ?? 0],
      reason: 'присоединена к СОШ № 3',
    })
    expect(decided.body).toMatchObject({ missing: { undecided: 0, keep: 0, withdraw: 1 } })
    expect(await isOpenOn('2026-11-01')).toBe(true)

    expect((await client.call('POST', `/imports/${later}/apply`)).status).toBe(200)
    expect(await isOpenOn('2026-10-03')).toBe(true)
    expect(await isOpenOn('2026-10-04')).toBe(false)
    const work = client.database.db.selectFrom('due_work').where('target_id', '=', before?.target_id ?? null)
    expect(await work.select('kind').execute()).toHaveLength(0)

    const voided = await client.call('POST', `/imports/${later}/void`, { reason: 'не присоединена', with: [] })
    expect(voided.status).toBe(200)
    expect(await client.units('text=1215066204')).toEqual([before])
    expect(await work.select('kind').execute()).toHaveLength(2)
    // The decision of an undone file does not count any more.
    expect((await findMissing(await dryRun([FIRST, SECOND], '2026-10-05', 'Вольск'))).rows).toMatchObject([
      { outcome: null },
    ])
  })

  it('remembers "keep" with its reason for the sender\'s later files, once its file is applied', async () => {
    const later = await dryRun([FIRST, SECOND], '2026-10-06', 'Вольск')
    await decide(later, { outcome: 'keep', org_unit_ids: null, reason: 'забыли в файле' })
    expect((await findMissing(await dryRun([SECOND, FIRST], '2026-10-06', 'Вольск'))).rows).toMatchObject([
      { outcome: null },
    ])
    expect((await client.call('POST', `/imports/${later}/apply`)).status).toBe(200)
    expect((await findMissing(await dryRun([SECOND, FIRST], '2026-10-07', 'Вольск'))).rows).toMatchObject([
      { outcome: 'keep', reason: 'забыли в файле', is_remembered: true },
    ])
  })
})

describe('a municipality that uploads under the sender name of another', () => {
  it("decides nothing in that one's files", async () => {
    const sender = 'Министерство'
    const rows = [FIRST, SECOND, GONE]
    await client.take(
      writeCsv(
        [...HEADER, 'Учредитель'],
        rows.map((row) => [...row, 'муниципальный']),
      ),
      {
        ...{ valid_on: '2026-11-01', sender },
      },
    )
    const volsk = await client.units('kind=municipality&text=Вольский')
    const jurisdiction = { org_unit_id: volsk[0]?.org_unit_id ?? 0, founder_kinds: ['municipal'] as const }
    const { headers } = await insertPerson(client.database.db, [{ role: 'municipal_specialist', ...jurisdiction }])
    const askAs = (method: 'GET' | 'POST', path: string, payload?: object | Buffer) =>
      client.app.inject({
        ...{ method, url: `/api/v1${path}` },
        headers: { ...headers, ...(Buffer.isBuffer(payload) ? { 'content-type': 'application/octet-stream' } : {}) },
        ...(payload === undefined ? {} : { payload }),
      })
    const uploadAs = async (sent: string[][], valid_on: string) => {
      const search = new URLSearchParams({ kind: 'registry', file_name: `${valid_on}.csv`, valid_on, sender })
      const bytes = Buffer.from(writeCsv(HEADER, sent))
      const { import_id } = (await askAs('POST', `/imports?${search.toString()}`, bytes)).json<{ import_id: number }>()
      await client.parse(import_id)
      return import_id
    }
    const applyAs = async (import_id: number) =>
      expect((await askAs('POST', `/imports/${import_id}/apply`)).statusCode).toBe(200)
    await applyAs(await uploadAs([FIRST, SECOND, GONE], '2026-11-02'))
    const planted = await uploadAs([FIRST, SECOND], '2026-11-03')
    const decision = { outcome: 'keep', org_unit_ids: null, reason: 'подложено' }
    expect((await askAs('POST', `/imports/${planted}/missing/decisions`, decision)).json()).toMatchObject({
      missing: { keep: 1 },
    })
    await applyAs(planted)
    expect((await findMissing(await dryRun([FIRST, SECOND], '2026-11-04', sender))).rows).toMatchObject([
      { full_name: 'МОУ «СОШ № 5»', outcome: null, is_remembered: false },
    ])
    const own = (await askAs('GET', `/imports/${await uploadAs([SECOND, FIRST], '2026-11-05')}/missing`)).json<object>()
    expect(own).toMatchObject({ rows: [{ outcome: 'keep', is_remembered: true }] })
  })
})

describe('a sheet of an earlier day', () => {
  it('says from which day on the registry already knows something else, and leaves that as it is', async () => {
    const moved = FIRST.map((cell) => (cell === 'г. Вольск, ул. Мира, 1' ? 'г. Вольск, ул. Мира, 9' : cell))
    const { import_id } = await client.upload(writeCsv(HEADER, [moved]), { valid_on: '2026-08-01', sender: 'Архив' })
    await client.parse(import_id)
    await client.call('POST', `/imports/${import_id}/apply`)
    const late = FIRST.map((cell) => (cell === 'г. Вольск, ул. Мира, 1' ? 'г. Вольск, ул. Мира, 7' : cell))
    const earlier = await client.upload(writeCsv(HEADER, [late]), { valid_on: '2026-08-15', sender: 'Архив' })
    await client.parse(earlier.import_id)
    const [row] = await client.rows(earlier.import_id, 'verdict=changed')
    expect(row?.issues).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        message: expect.stringContaining('Действует только до 2026-09-01') as string,
      }),
    )
    await client.call('POST', `/imports/${earlier.import_id}/apply`)
    const addressOn = async (day: string) => (await client.units(`text=6907006968&day=${day}`))[0]?.address
    expect(await addressOn('2026-08-20')).toBe('г. Вольск, ул. Мира, 7')
    expect(await addressOn('2026-09-02')).toBe('г. Вольск, ул. Мира, 1')
  })
})
