import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findLatestChangeSetNo } from '../../../server/src/db/change-set.ts'
import { listPlaceFacts, type PlaceFactTable } from '../../../server/src/db/place-facts.ts'
import { createIntakeClient, writeCsv, type IntakeClient } from '../../factories/intake-client.ts'

const INN = '6907006968'
const REGISTRY = ['Наименование', 'Вид', 'ИНН', 'ИНН головной организации', 'Муниципалитет', 'Адрес']
const SCHOOL = ['МОУ «СОШ № 3»', 'организация', INN, null, 'Вольский район', 'г. Вольск, ул. Мира, 1']
const MAIN = ['Главное здание', 'здание', null, INN, null, 'г. Вольск, ул. Мира, 1']
const VILLAGE = ['Здание в селе', 'здание', null, INN, null, 'с. Терса, ул. Речная, 2']
const COLLEGE = [
  'ГАПОУ «Вольский колледж»',
  'организация',
  '1683011286',
  null,
  'Вольский район',
  'г. Вольск, ул. 1 Мая, 3',
]

const CONTRACTS = [
  'ИНН',
  'Адрес здания',
  'Технология',
  'Скорость по договору, Мбит/с',
  'Номер договора',
  'Действует с',
  'Действует по',
  'Цена в месяц, ₽',
  'Условие скорости',
  'Гарантированный трафик',
  'Оператор',
]
const contract = (
  address: string | null,
  technology: string,
  mbit: string | null,
  number: string | null,
  from: string,
  to: string | null,
) => [INN, address, technology, mbit, number, from, to, '4 500,50', 'до', 'да', 'ПАО «Ростелеком»']

let client: IntakeClient
let main = 0
let village = 0
let registry_import = 0
beforeAll(async () => {
  client = await createIntakeClient()
  const taken = await client.take(writeCsv(REGISTRY, [SCHOOL, MAIN, VILLAGE, COLLEGE]))
  registry_import = taken.import_id
  const units = await client.units('kind=building')
  main = units.find(({ address }) => address === MAIN[5])?.org_unit_id ?? 0
  village = units.find(({ address }) => address === VILLAGE[5])?.org_unit_id ?? 0
})
afterAll(() => client.close())

async function judge(kind: string, header: string[], rows: (string | null)[][], valid_on = '2026-09-01') {
  const { import_id } = await client.upload(writeCsv(header, rows), { kind, valid_on, file_name: `${kind}.csv` })
  const parsed = await client.parse(import_id)
  return { import_id, parsed, rows: await client.rows(import_id) }
}

async function take(kind: string, header: string[], rows: (string | null)[][], valid_on = '2026-09-01') {
  const judged = await judge(kind, header, rows, valid_on)
  expect(judged.parsed.state).toBe('validated')
  expect((await client.call('POST', `/imports/${judged.import_id}/apply`)).status).toBe(200)
  return judged
}

async function current<Table extends PlaceFactTable>(table: Table) {
  const { db } = client.database
  return listPlaceFacts(db, table, { known_at_change_set_no: await findLatestChangeSetNo(db) })
}

const issuesOf = (rows: Awaited<ReturnType<typeof judge>>['rows'], row_no: number): string[] =>
  rows.find((row) => row.row_no === row_no)?.issues.map(({ severity, message }) => `${severity}: ${message}`) ?? []

describe('sheet of contracts', () => {
  it('finds the building by address, keeps kbps, and takes the same key again as a new version', async () => {
    const first = await take('connection_contract', CONTRACTS, [
      contract('г. Вольск, ул. Мира, 1', 'оптика', '100', 'А-1', '01.01.2026', '31.12.2026'),
      contract('с. Терса, ул. Речная, 2', 'нет', null, null, '01.01.2026', null),
    ])
    expect(first.rows.map(({ verdict }) => verdict)).toEqual(['skipped', 'new', 'new'])
    expect(await current('connection_contract')).toMatchObject([
      {
        ...{ org_unit_id: main, valid_from: '2026-01-01', valid_to: '2026-12-31', technology: 'fibre' },
        ...{ download_kbps: 100_000, upload_kbps: null, speed_terms: 'up_to', has_guaranteed_traffic: true },
        ...{ monthly_price_kopecks: 450_050, contract_number: 'А-1', contract_key: 'А-1' },
        ...{ source_id: String(first.import_id), source_place: 'CSV!2' },
      },
      { org_unit_id: village, technology: 'none', download_kbps: null },
    ])
    const second = await take('connection_contract', CONTRACTS, [
      contract('г. Вольск, ул. Мира, 1', 'оптика', '200', 'а - 1', '01.01.2026', '31.12.2026'),
      contract('с. Терса, ул. Речная, 2', 'нет', null, null, '01.01.2026', null),
    ])
    expect(second.rows.map(({ verdict }) => verdict)).toEqual(['skipped', 'changed', 'same'])
    expect(second.rows[1]?.changes).toMatchObject({ download_kbps: { from: 100_000, to: 200_000 } })
    expect((await current('connection_contract')).map(({ download_kbps }) => download_kbps)).toEqual([200_000, null])

    const undo = { reason: 'не тот файл', with: [] }
    expect((await client.call('POST', `/imports/${first.import_id}/void`, undo)).status).toBe(200)
    expect((await current('connection_contract')).map(({ org_unit_id }) => org_unit_id)).toEqual([main])
    expect((await client.call('POST', `/imports/${second.import_id}/void`, undo)).status).toBe(200)
    expect(await current('connection_contract')).toEqual([])
  })

  it('shows overlaps and gaps at the row that makes them, known contracts included', async () => {
    const address = 'г. Вольск, ул. Мира, 1'
    const { import_id } = await take('connection_contract', CONTRACTS, [
      contract(address, 'оптика', '100', '1', '01.01.2025', '31.12.2025'),
    ])
    const { rows } = await judge('connection_contract', CONTRACTS, [
      contract(address, 'оптика', '100', '2', '01.12.2025', '31.05.2026'),
      contract(address, 'оптика', '100', '3', '01.07.2026', null),
    ])
    expect(issuesOf(rows, 2)).toEqual([
      'warning: Пересекается с договором № 1 (с 2025-12-01 по 2025-12-31): считается начавшийся позже',
    ])
    expect(issuesOf(rows, 3)).toEqual([
      'warning: Перерыв между договорами (с 2026-06-01 по 2026-06-30): договор № 2 с этим не смыкается',
    ])
    expect(rows.map(({ verdict }) => verdict)).toEqual(['skipped', 'new', 'new'])
    await client.call('POST', `/imports/${import_id}/void`, { reason: 'проба', with: [] })
  })

  it('gives each bad row one clear error with its cell, and takes the others', async () => {
    const address = 'г. Вольск, ул. Мира, 1'
    const good = contract(address, 'xDSL', '8', '9', '01.09.2026', null)
    const { rows } = await judge('connection_contract', CONTRACTS, [
      contract(address, 'голуби', '8', '10', '01.09.2026', null),
      contract(address, 'оптика', '-5', '11', '01.09.2026', null),
      contract(address, 'оптика', null, '12', '01.09.2026', null),
      contract(address, 'нет', '100', '13', '01.09.2026', null),
      contract(address, 'оптика', '100', '14', '01.09.2026', '31.08.2026'),
      contract('с. Нигде, 1', 'оптика', '100', '15', '01.09.2026', null),
      good,
      good,
      contract(address, 'xDSL', '16', '9', '01.09.2026', null),
      contract(null, 'оптика', '100', '16', '01.09.2026', null),
    ])
    expect(rows.map(({ verdict }) => verdict)).toEqual([
      ...['skipped', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused'],
      ...['new', 'skipped', 'refused', 'ambiguous'],
    ])
    const first = rows.slice(1, 6).map(({ issues }) => [issues.length, issues[0]?.cell])
    expect(first).toEqual([
      [1, 'C2'],
      [1, 'D3'],
      [1, 'D4'],
      [1, 'D5'],
      [1, 'G6'],
    ])
    expect(issuesOf(rows, 7)).toEqual(['error: Нет в реестре: Такого здания у организации нет'])
    expect(issuesOf(rows, 10)).toEqual(['error: Строка 8 говорит о том же иное'])
    expect(rows[10]?.candidates.map(({ org_unit_id }) => org_unit_id).sort()).toEqual([main, village].sort())
  })

  it('is refused as a whole without its columns', async () => {
    const { parsed } = await judge('connection_contract', ['ИНН', 'Оператор'], [[INN, 'ПАО']])
    expect(parsed).toMatchObject({ state: 'rejected' })
    expect(parsed.state_reason).toContain('«Технология», «Скорость по договору, Мбит/с»')
  })

  it('holds the registry file that made its building: undoing that one names the contracts', async () => {
    const { import_id } = await take('connection_contract', CONTRACTS, [
      contract('г. Вольск, ул. Мира, 1', 'оптика', '100', '77', '01.09.2026', null),
    ])
    const refused = await client.call('POST', `/imports/${registry_import}/void`, { reason: 'проба', with: [] })
    expect(refused).toMatchObject({ status: 409, body: { code: 'EDU_IMPORT_HAS_DEPENDENTS' } })
    expect(JSON.stringify(refused.body)).toContain(`"source_id":"${import_id}"`)
    await client.call('POST', `/imports/${import_id}/void`, { reason: 'проба', with: [] })
  })
})

describe('sheet of self-reported speeds', () => {
  it('keeps what is said apart, by day', async () => {
    const header = ['ИНН', 'Адрес здания', 'Скорость по сообщению, Мбит/с', 'Чем измерено', 'Дата']
    await take('self_reported_speed', header, [
      [INN, 'г. Вольск, ул. Мира, 1', '95,5', 'сайт в браузере', '10.09.2026'],
    ])
    expect(await current('self_reported_speed')).toMatchObject([
      { org_unit_id: main, reported_on: '2026-09-10', download_kbps: 95_500, method: 'сайт в браузере' },
    ])
  })
})

describe('sheet «Сведения об организации»', () => {
  const header = ['ИНН', 'Адрес здания', 'Обучающихся', 'Смен', 'Компьютеров', 'По состоянию на']

  it('is of the organisation where no address is named, and of the building where one is', async () => {
    const { rows } = await take('capacity_report', header, [
      [INN, null, '1 240', '2', '60', '20.09.2026'],
      [INN, 'с. Терса, ул. Речная, 2', '40', '1', '0', '20.09.2026'],
      ['1683011286', null, '500', null, null, '20.09.2026'],
    ])
    expect(rows.map(({ verdict }) => verdict)).toEqual(['skipped', 'new', 'new', 'new'])
    const facts = await current('capacity_report')
    expect(facts).toHaveLength(3)
    expect(facts.find(({ org_unit_id }) => org_unit_id === village)).toMatchObject({ computers: 0, pupils: 40 })
    expect(facts.find(({ pupils }) => pupils === 500)).toMatchObject({ computers: null, shifts: null })
    expect(facts.find(({ pupils }) => pupils === 1240)).toMatchObject({ computers: 60, shifts: 2 })
  })

  it('refuses a part of a computer and a fourth shift at their cells', async () => {
    const { rows } = await judge('capacity_report', header, [
      [INN, null, '10', '1', '1,5', '21.09.2026'],
      [INN, null, '10', '4', '1', '22.09.2026'],
    ])
    expect(rows.slice(1).map(({ verdict, issues }) => [verdict, issues[0]?.cell])).toEqual([
      ['refused', 'E2'],
      ['refused', 'D3'],
    ])
  })
})
