import { describe, expect, it } from 'vitest'
import { chunkRows } from '../../../collectors/src/sheet/chunk-rows.ts'
import { RowCollector, SheetFaultError } from '../../../collectors/src/sheet/parsed-file.ts'
import { CELL_TEXT_MAX, type SheetRow } from '../../../server/src/contract/index.ts'

const BODY_LIMIT_BYTES = 16 * 1024 * 1024
const longText = 'Я'.repeat(CELL_TEXT_MAX)

function makeRows(count: number, text: string): SheetRow[] {
  return Array.from({ length: count }, (_, index) => ({ sheet_no: 1, row_no: index + 1, cells: { A: text } }))
}

function faultOf(act: () => void): string | null {
  try {
    act()
    return null
  } catch (error) {
    return error instanceof SheetFaultError ? `${error.fault}: ${error.place ?? ''}` : 'other'
  }
}

describe('rows on their way to the server', () => {
  it('never make a request that the server refuses for its size, and none is lost', () => {
    const rows = makeRows(600, longText)
    const chunks = chunkRows(rows)
    expect(chunks.flat()).toEqual(rows)
    const largest = Math.max(...chunks.map((chunk) => Buffer.byteLength(JSON.stringify(chunk))))
    expect(largest).toBeLessThan(BODY_LIMIT_BYTES / 2)
  })

  it('go by five hundred when they are short, and in no request when there are none', () => {
    expect(chunkRows(makeRows(1001, 'а')).map((chunk) => chunk.length)).toEqual([500, 500, 1])
    expect(chunkRows([])).toEqual([])
  })
})

describe('a file of few bytes that unpacks into much text', () => {
  it('is refused where one row holds more than a request', () => {
    const collector = new RowCollector()
    collector.startSheet('Лист1')
    const wide = Array.from({ length: 100 }, () => longText)
    expect(faultOf(() => collector.add(7, wide))).toBe('unpacks_too_large: Лист1, строка 7')
  })

  it('is refused where one text stands in a great many cells', () => {
    const collector = new RowCollector()
    collector.startSheet('Лист1')
    const fault = faultOf(() => {
      for (let row_no = 1; row_no < 100_000; row_no++) collector.add(row_no, [longText])
    })
    expect(fault).toMatch(/^unpacks_too_large: Лист1, строка 2\d{3}$/)
  })
})
