import { writeXlsx } from 'hucre'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { parseFile } from '../../../collectors/src/sheet/parse-file.ts'

const TEXT = 'Наименование;Сайт\r\n\r\n"Школа; № 1\nимени";школа.рф\r\n'
const ROWS = [
  { sheet_no: 1, row_no: 1, cells: { A: 'Наименование', B: 'Сайт' } },
  { sheet_no: 1, row_no: 3, cells: { A: 'Школа; № 1\nимени', B: 'школа.рф' } },
]

describe('parseFile', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['windows-1251', iconv.encode(TEXT, 'windows-1251')],
    ['UTF-16 LE with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), iconv.encode(TEXT, 'utf-16le')])],
    ['tabs', Buffer.from(TEXT.replace('Наименование;Сайт', 'Наименование\tСайт').replace('";школа', '"\tшкола'))],
  ])('reads CSV in %s, blank rows keep their number', async (_name, bytes) => {
    expect(await parseFile(bytes)).toMatchObject({ ok: true, rows: ROWS })
  })

  it('reads every sheet of a workbook with types and places', async () => {
    const day = new Date('2026-09-01T00:00:00Z')
    const sheets = [
      {
        name: 'Первый',
        rows: [
          ['a', 1.5],
          [null, null],
          [true, day],
        ],
      },
      { name: 'Второй', rows: [[null, 'b']] },
    ]
    const parsed = await parseFile(await writeXlsx({ sheets }))
    expect(parsed).toMatchObject({
      ok: true,
      sheets: [
        { sheet_no: 1, name: 'Первый', rows: 2 },
        { sheet_no: 2, name: 'Второй', rows: 1 },
      ],
      rows: [
        { sheet_no: 1, row_no: 1, cells: { A: 'a', B: 1.5 } },
        { sheet_no: 1, row_no: 3, cells: { A: true, B: { date: '2026-09-01' } } },
        { sheet_no: 2, row_no: 1, cells: { B: 'b' } },
      ],
    })
  })

  it.each([
    ['an empty file', Buffer.alloc(0), 'empty_file'],
    ['blank lines only', Buffer.from('\r\n;;\r\n'), 'no_rows'],
    ['a web page named .xls', Buffer.from('<html><table></table>'), 'not_a_sheet'],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'old_workbook'],
    ['a torn archive', Buffer.from('PK\u0003\u0004 and nothing more than this text of an archive'), 'broken_workbook'],
    ['koi8-r', iconv.encode('Привет, это таблица;ещё', 'koi8-r'), 'unknown_encoding'],
    ['an open quote', Buffer.from('a;b\n"c;d\n'), 'broken_csv'],
  ])('says what is wrong with %s', async (_name, bytes, fault) => {
    expect(await parseFile(bytes)).toMatchObject({ ok: false, fault })
  })

  it('tells an encrypted workbook from an old one', async () => {
    const bytes = await writeXlsx({
      sheets: [{ name: 'a', rows: [['b']] }],
      encryption: { password: 'secret', spinCount: 1000 },
    })
    expect(await parseFile(bytes)).toEqual({ ok: false, fault: 'encrypted_workbook', place: null })
  })
})
