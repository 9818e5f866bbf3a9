import { read } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { writeCsvLines } from '../../../web/src/components/table-csv.ts'

/** Cells of the first column, as a spreadsheet takes them. */
function readBack(texts: readonly string[]): { t: string; v: unknown; f?: string }[] {
  const csv = writeCsvLines(texts.map((text) => [text, 'x']))
  const sheet = read(csv.replace('\ufeff', ''), { type: 'string', FS: ';', cellFormula: true }).Sheets['Sheet1'] ?? {}
  return texts.map((_text, row) => sheet[`A${row + 1}`] as { t: string; v: unknown; f?: string })
}

describe('writeCsvLines', () => {
  it('writes texts that begin like a formula so that no spreadsheet runs them', () => {
    const texts = ['=1+1', '+7 8452 12-34-56', '-1+2', '@sum(1)', '\tcell', '|calc', '＝1+1', '-A1', '-5;=1', '-']
    for (const cell of readBack(texts)) {
      expect(cell).toMatchObject({ t: 's', v: expect.stringMatching(/^'/) as string })
      expect(cell).not.toHaveProperty('f')
    }
  })

  it('leaves negative numbers as they are', () => {
    expect(readBack(['-5', '-12.5', '5'])).toMatchObject([
      { t: 'n', v: -5 },
      { t: 'n', v: -12.5 },
      { t: 'n', v: 5 },
    ])
    expect(writeCsvLines([['-1 234,5', '-12,5 %', '-1 234']])).toContain('-1 234,5;-12,5 %;-1 234')
  })
})
