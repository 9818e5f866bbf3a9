import { CsvError, parse } from 'csv-parse/sync'
import { decodeText } from './decode-text.ts'
import { CELLS_MAX } from './limits.ts'
import { SheetFaultError, type RowCollector } from './parsed-file.ts'

const DELIMITERS = [';', ',', '\t'] as const
const SAMPLE_LINES = 20

/** The delimiter that the first lines have most of, outside quotes. */
function findDelimiter(text: string): string {
  const sample = text
    .split(/\r?\n/, SAMPLE_LINES)
    .join('\n')
    .replace(/"[^"]*"/g, '')
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: sample.split(delimiter).length - 1 }))
  return counts.sort((a, b) => b.count - a.count)[0]?.delimiter ?? ';'
}

/** Reads CSV as Russian and other spreadsheets save it. A quoted line break belongs to its cell, as in Excel. */
export function parseCsv(bytes: Uint8Array, collector: RowCollector): void {
  const text = decodeText(bytes)
  if (text.includes('\0')) throw new SheetFaultError('not_a_sheet', null)
  collector.startSheet('CSV')
  try {
    let row_no = 0
    parse(text, {
      delimiter: findDelimiter(text),
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: CELLS_MAX,
      on_record: (record: string[]) => {
        row_no++
        collector.add(row_no, record)
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = 'lines' in error ? String(error['lines']) : '?'
    throw new SheetFaultError('broken_csv', `строка ${line}`, { cause: error })
  }
}
