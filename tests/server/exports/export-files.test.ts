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
