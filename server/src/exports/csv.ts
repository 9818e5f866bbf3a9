import { writeCsv } from 'hucre/csv'
import type { ColumnFormat, ExportTable } from './export-table.ts'

export const CSV_MEDIA_TYPE = 'text/csv; charset=utf-8'

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe before it; the full width of Asian keyboards
 * counts too. Numbers are no texts here: a negative one stays a number.
 */
const FORMULA_START = /^[=+\-@|\t\r\n\uff1d\uff0b\uff0d\uff20]/

function guardText(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text
}

/** Numbers as Russian Excel reads them: comma, no spaces between thousands; a ratio becomes per cent. */
function writeNumber(value: number, format: ColumnFormat): string {
  if (typeof format !== 'object') return String(value).replace('.', ',')
  if ('decimals' in format) return value.toFixed(format.decimals).replace('.', ',')
  return (value * 100).toFixed(format.percent_decimals).replace('.', ',')
}

function isPerCent(format: ColumnFormat): boolean {
  return typeof format === 'object' && 'percent_decimals' in format
}

/**
 * Writes a table as CSV that a Russian Excel opens by double click: BOM, semicolons, decimal commas. Per cent columns
 * carry the sign in their title, so that the cells are numbers. Null cells are empty.
 */
export function writeCsvTable(table: ExportTable): string {
  const head = table.columns.map(({ title, format }) => guardText(isPerCent(format) ? `${title}, %` : title))
  const body = table.rows.map((row) =>
    table.columns.map(({ format }, columnNo) => {
      const value = row[columnNo] ?? null
      if (value === null) return ''
      return typeof value === 'number' ? writeNumber(value, format) : guardText(value)
    }),
  )
  return writeCsv([...table.heading.map((line) => [guardText(line)]), [], head, ...body], {
    delimiter: ';',
    bom: true,
  })
}
