import type { TableColumn } from './table-columns.ts'

/** What a spreadsheet takes for the beginning of a formula, in the full width of Asian keyboards too. */
const FORMULA_START = /^[=+\-@|\t\r\n\uff1d\uff0b\uff0d\uff20]/
/** A negative number as we write it: thousands apart, a decimal comma or point, perhaps per cent. It stays a number. */
const NEGATIVE_NUMBER = /^-\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:[.,]\d+)?[ \u00a0]?%?$/

/** One cell of a CSV file: quoted where it must be, and never read as a formula. */
export function writeCsvCell(text: string): string {
  const safe = FORMULA_START.test(text) && !NEGATIVE_NUMBER.test(text) ? `'${text}` : text
  return /[";\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Lines of cells as CSV that a Russian spreadsheet opens without a wizard: semicolons and a byte order mark. */
export function writeCsvLines(lines: readonly (readonly string[])[]): string {
  return `\ufeff${lines.map((cells) => cells.map(writeCsvCell).join(';')).join('\r\n')}\r\n`
}

/** A table as it is filtered, with the columns that are not hidden. */
export function writeTableCsv<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  hidden: readonly string[],
): string {
  const shown = columns.filter((column) => !hidden.includes(column.key))
  return writeCsvLines([
    shown.map((column) => column.label),
    ...rows.map((row) => shown.map((column) => column.text(row))),
  ])
}
