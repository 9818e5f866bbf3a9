import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIntakeClient, writeCsv, type IntakeClient } from '../../factories/intake-client.ts'
import { findSample } from '../../setup/sample-data.ts'

const BUILDING_HEADER = [
  'id',
  'name_2gis',
  'short_name',
  'address',
  'building_type',
  'latitude',
  'longitude',
  'cadastral_number',
]
const SARATOV = { territory_oktmo: '63701000' }

let client: IntakeClient
beforeAll(async () => (client = await createIntakeClient()))
afterAll(() => client.close())

describe('a legal entity with two branches (scene 1)', () => {
  it('makes three places of three rows with one ИНН, and counts the site once', async () => {
    const header = ['Наименование', 'ИНН', 'КПП', 'ОГРН', 'Муниципалитет', 'Адрес', 'Сайт']
    const done = await client.take(
      writeCsv(header, [
        [
          'МОУ «СОШ с. Узморье»',
          '1215066204',
          '121543001',
          null,
          'Энгельсский район',
          'с. Узморье, ул. Школьная, 1',
          'uzmorye.ru',
        ],
        [
          'МОУ «СОШ № 1»',
          '1215066204',
          '121501001',
          '1021200761438',
          'Энгельсский район',
          'г. Энгельс, ул. Мира, 5',
          'https://school1.ru/',
        ],
        [
          'Филиал в с. Терновка',
          '1215066204',
          '121543002',
          null,
          'Энгельсский район',
          'с. Терновка, ул. Новая, 2',
          'https://school1.ru',
        ],
      ]),
    )
    expect(done.counts).toMatchObject({ new: 3, refused: 0, ambiguous: 0 })
    const units = await client.units('kind=organisation&kind=branch&text=1215066204')
    expect(units.map((unit) => [unit.kind, unit.kpp, unit.site_url])).toEqual(
      expect.arrayContaining([
        ['organisation', '121501001', 'https://school1.ru/'],
        ['branch', '121543001', 'http://uzmorye.ru/'],
        ['branch', '121543002', null],
      ]),
    )
    expect(units).toHaveLength(3)
    expect(units.find((unit) => unit.kind === 'organisation')?.branches).toBe(2)
  })
})

describe('a list of buildings without codes (scene 2), made', () => {
  const rows = [
    ['1', 'ГАОУ Лицей №91', 'Лицей №91', 'ул Железная, зд 74', 'Основное здание', '51.53', '46.00', '64:48:050255:228'],
    [
      '2',
      'ГАОУ Лицей №91',
      'Лицей №91',
      'ул Тверская, зд 143А',
      'Основное здание',
      '51.54',
      '46.01',
      '64:48:030457:753',
    ],
    [
      '3',
      'ГАОУ Лицей №91',
      'Лицей №91',
      'ул Тверская, зд 143А',
      'Основное здание',
      '51.55',
      '46.02',
      '64:48:030342:440, 64:48:030457:753',
    ],
    ['4', null, 'Школа при университете', 'ул Разина, зд 73', 'Основное здание', null, null, null],
    ['5', 'ЧОУ Гимназия Зенит', 'Гимназия Зенит', 'ул Речная, зд 1', 'Основное здание', null, null, null],
    [
      '6',
      'МОУ Средняя общеобразовательная школа №846',
      'Школа №846',
      'ул Овражная, зд 2',
      'Основное здание',
      null,
      null,
      null,
    ],
    ['7', 'МОУ СОШ №846 Новые Просторы', 'Школа №846 Просторы', 'ул Долгая, зд 5', 'Основное здание', null, null, null],
    ['8', 'МБОУ Основная школа №791 ', 'Школа №791', 'ул Нефтяная, д 1', 'Основное здание', null, null, null],
    [
      '9',
      'МБОУ Основная школа №791',
      'Школа №791',
      'ул. Нефтяная, дом 1',
      'Основное здание',
      '51.42',
      '45.95',
      '64:48:020520:1333',
    ],
  ]
  let import_id: number

  it('doubles no organisation, lists the ambiguous, and marks private and regional ones', async () => {
    const received = await client.upload(writeCsv(BUILDING_HEADER, rows), SARATOV)
    import_id = received.import_id
    const validated = await client.parse(import_id)
    expect(validated.counts).toMatchObject({ new: 5, ambiguous: 2, refused: 0 })
    const judged = await client.rows(import_id)
    const byRow = new Map(judged.map((row) => [row.row_no, row]))
    expect(byRow.get(5)).toMatchObject({ verdict: 'ambiguous', identified_by: 'Нет полного наименования' })
    expect(byRow.get(4)).toMatchObject({ verdict: 'skipped' })
    expect(byRow.get(4)?.identified_by).toContain('Повтор строки 3')
    expect(byRow.get(8)?.candidates).toMatchObject([{ row_no: 7, reason: 'Тот же вид и номер, наименование другое' }])
    expect(byRow.get(10)?.identified_by).toContain('Дополняет строку 9')
  })

  it('takes the word of a person, and remembers it', async () => {
    const decided = await client.call('POST', `/imports/${import_id}/decisions`, {
      decisions: [
        {
          sheet_no: 1,
          row_no: 8,
          outcome: 'same_as_row',
          org_unit_id: null,
          same_as: { sheet_no: 1, row_no: 7 },
          reason: 'новый корпус',
        },
        { sheet_no: 1, row_no: 5, outcome: 'new', org_unit_id: null, same_as: null, reason: 'самостоятельная' },
      ],
    })
    expect(decided.body.counts).toMatchObject({ new: 7, ambiguous: 0 })
    const applied = await client.call('POST', `/imports/${import_id}/apply`)
    expect(applied.body).toMatchObject({ state: 'applied' })
    const units = await client.units()
    const find = (name: string) => units.filter((unit) => unit.full_name.includes(name))
    expect(find('Лицей №91')).toMatchObject([
      { founder_kind: 'regional', buildings: 2, municipality_name: 'г. о. Саратов' },
    ])
    expect(find('Зенит')).toMatchObject([{ founder_kind: 'private', buildings: 1 }])
    expect(find('№846')).toMatchObject([{ founder_kind: 'municipal', buildings: 2 }])
    expect(find('№791')).toMatchObject([{ buildings: 1 }])
    const again = await client.upload(`${writeCsv(BUILDING_HEADER, rows)}\r\n`, SARATOV)
    const second = await client.parse(again.import_id)
    expect(second.counts).toMatchObject({ new: 0, changed: 0, ambiguous: 0, same: 7 })
  })
})

const sample = findSample('buildings')
describe.runIf(sample !== null)('the 134 real buildings (scene 2)', () => {
  it('are taken without a doubled organisation; what is ambiguous waits for a person', async () => {
    const real = await createIntakeClient()
    try {
      const bytes = readFileSync(sample ?? '')
      const { import_id } = await real.upload(bytes, SARATOV)
      const validated = await real.parse(import_id)
      const { counts } = validated
      expect(counts.refused).toBe(0)
      expect(counts.new + counts.ambiguous + counts.skipped - 1).toBe(134)
      const ambiguous = await real.rows(import_id, 'verdict=ambiguous&limit=1000')
      expect(ambiguous.map((row) => row.identified_by).sort()).toEqual([
        'Нет полного наименования',
        'Тот же вид и номер, наименование другое',
      ])
      await real.call('POST', `/imports/${import_id}/apply`)
      const units = await real.units()
      const names = units.map((unit) => unit.full_name.trim())
      expect(new Set(names).size).toBe(names.length)
      expect(units.filter((unit) => unit.full_name.includes('Физико-технический лицей'))).toMatchObject([
        { founder_kind: 'regional', buildings: 2 },
      ])
      expect(units.filter((unit) => unit.founder_kind === 'private').map((unit) => unit.short_name)).toHaveLength(6)
      const regional = units.filter((unit) => unit.founder_kind === 'regional')
      expect(regional.reduce((sum, unit) => sum + unit.buildings, 0)).toBeGreaterThanOrEqual(13)
    } finally {
      await real.close()
    }
  })
})
