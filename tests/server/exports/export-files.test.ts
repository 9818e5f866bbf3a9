import { read, utils } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { writeCsvTable } from '../../../server/src/exports/csv.ts'
import type { ExportTable } from '../../../server/src/exports/export-table.ts'
import { writeWorkbook } from '../../../server/src/exports/workbook.ts'

const TABLE: ExportTable = {
  sheet_name: 'Полный раздел «Сведения…»: [все]',
  heading: ['Доля сайтов', 'Не утверждено'],
  columns: [
    { title: 'Территория', format: 'text', width: 30 },
    { title: 'Значение', format: { percent_decimals: 1 }, width: 12 },
    { title: 'Числитель', format: 'integer', width: 12 },
  ],
  rows: [
    ['Энгельсский район', 0.925, 1234567],
    ['=HYPERLINK("http://evil.example")', null, 0],
    ['МБОУ «СОШ № 1; филиал»\nвторая строка', 1, null],
  ],
}

describe('writeWorkbook', () => {
  it('writes numbers as numbers with a format, text as text, and leaves the unknown empty', async () => {
    const workbook = read(await writeWorkbook(TABLE), { cellNF: true, cellFormula: true })
    const [name = ''] = workbook.SheetNames
    const sheet = workbook.Sheets[name] ?? {}
    expect(name.length).toBeLessThanOrEqual(31)
    expect(utils.sheet_to_json(sheet, { header: 1, defval: null, blankrows: true })).toEqual([
      ['Доля сайтов', null, null],
      ['Не утверждено', null, null],
      [null, null, null],
      ['Территория', 'Значение', 'Числитель'],
      ['Энгельсский район', 0.925, 1234567],
      ['=HYPERLINK("http://evil.example")', null, 0],
      ['МБОУ «СОШ № 1; филиал»\nвторая строка', 1, null],
    ])
    expect(sheet['B5']).toMatchObject({ t: 'n', z: '0.0%', w: '92.5%' })
    expect(sheet['C5']).toMatchObject({ t: 'n', z: '#,##0' })
    expect(sheet['A6']).toMatchObject({ t: 's' })
    expect(sheet['A6']).not.toHaveProperty('f')
  })
})

describe('writeCsvTable', () => {
  it('starts with a BOM, uses semicolons and decimal commas, and runs no formula', () => {
    expect(writeCsvTable(TABLE).split('\r\n')).toEqual([
      '\uFEFFДоля сайтов',
      'Не утверждено',
      '',
      'Территория;Значение, %;Числитель',
      'Энгельсский район;92,5;1234567',
      `"'=HYPERLINK(""http://evil.example"")";;0`,
      '"МБОУ «СОШ № 1; филиал»\nвторая строка";100,0;',
    ])
  })

  it.each(['=1+1', '+7 8452', '-1', '@sum', '\tcell', '|calc'])('guards the text "%s"', (text) => {
    const csv = writeCsvTable({ ...TABLE, heading: [], rows: [[text, null, null]] })
    expect(csv).toContain(`'${text}`)
  })
})

const RUNNING = ['=1+1', '+7 8452', '-1+2', '@sum(1)', '\tcell', '\r=1', '|calc', '＝1+1', '=cmd|"/c calc"!A1', '-5']

describe('a text that begins like a formula', () => {
  const table: ExportTable = {
    sheet_name: 'Лист',
    heading: ['=1+1'],
    columns: [
      { title: '=заголовок', format: 'text', width: 10 },
      { title: 'Число', format: 'integer', width: 10 },
    ],
    rows: RUNNING.map((text) => [text, -5]),
  }

  it('stays a text in the workbook, beside negative numbers that are numbers', async () => {
    const workbook = read(await writeWorkbook(table), { cellFormula: true })
    const sheet = workbook.Sheets[workbook.SheetNames[0] ?? ''] ?? {}
    const cells = Object.entries(sheet).filter(([place]) => !place.startsWith('!')) as [string, object][]
    expect(cells.filter(([, cell]) => 'f' in cell)).toEqual([])
    const first_row = 4
    RUNNING.forEach((text, row) => {
      expect(sheet[`A${first_row + row}`]).toMatchObject({ t: 's', v: text })
      expect(sheet[`B${first_row + row}`]).toMatchObject({ t: 'n', v: -5 })
    })
  })

  it('is none for who opens the CSV, beside negative numbers that are numbers', () => {
    const workbook = read(writeCsvTable(table).replace('\ufeff', ''), { type: 'string', FS: ';', cellFormula: true })
    const sheet = workbook.Sheets[workbook.SheetNames[0] ?? ''] ?? {}
    const cells = Object.entries(sheet).filter(([place]) => !place.startsWith('!')) as [string, object][]
    expect(cells.filter(([, cell]) => 'f' in cell)).toEqual([])
    const texts = cells.filter(([place]) => place.startsWith('A')).map(([, cell]) => cell as { t: string; v: string })
    expect(texts).toHaveLength(RUNNING.length + 2)
    expect(texts.filter(({ t, v }) => t !== 's' || !v.startsWith("'"))).toEqual([])
    const numbers = cells.filter(([place, cell]) => place.startsWith('B') && (cell as { t: string }).t === 'n')
    expect(numbers).toHaveLength(RUNNING.length)
  })

  it('would run if it were written as it is: the reader that judges knows formulas', () => {
    const sheet = read('=1+1', { type: 'string', FS: ';', cellFormula: true }).Sheets['Sheet1']
    expect(sheet?.['A1']).toHaveProperty('f')
  })
})

describe('a column of numbers', () => {
  it('keeps a number with digits after the comma a number, which is no per cent', async () => {
    const table: ExportTable = {
      ...{ sheet_name: 'Скорость', heading: [], rows: [[1.5], [null]] },
      columns: [{ title: 'Мбит/с', format: { decimals: 2 }, width: 12 }],
    }
    expect(writeCsvTable(table).split('\r\n').slice(-3)).toEqual(['Мбит/с', '1,50', ''])
    expect(writeCsvTable(table)).not.toContain('%')
    const workbook = read(await writeWorkbook(table), { cellNF: true })
    expect(workbook.Sheets['Скорость']?.['A3']).toMatchObject({ t: 'n', v: 1.5, z: '#,##0.00' })
  })
})
