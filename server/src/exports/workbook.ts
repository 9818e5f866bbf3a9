import { writeXlsx, type CellStyle, type CellValue } from 'hucre/xlsx'
import type { ColumnFormat, ExportTable } from './export-table.ts'

export const XLSX_MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Excel's own limit for a sheet's name and the characters that it refuses in one. */
const SHEET_NAME_LIMIT = 31
const REFUSED_IN_SHEET_NAME = /[\\/?*[\]:]/g

function numberFormatOf(format: ColumnFormat): string | null {
  if (format === 'text') return null
  if (format === 'integer') return '#,##0'
  if ('decimals' in format) return format.decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(format.decimals)}`
  return format.percent_decimals === 0 ? '0%' : `0.${'0'.repeat(format.percent_decimals)}%`
}

/**
 * Writes a table as XLSX, the only place that knows the library. Numbers are numbers with a format, so Excel shows them
 * in the reader's own locale; text is never a formula. The head stays in sight when the sheet is scrolled.
 */
export async function writeWorkbook(table: ExportTable): Promise<Uint8Array> {
  const headRow = table.heading.length + 1
  const rows: CellValue[][] = [
    ...table.heading.map((line) => [line]),
    [],
    table.columns.map((column) => column.title),
    ...table.rows,
  ]
  const cells = new Map<string, { style: CellStyle; value?: CellValue }>()
  cells.set('0,0', { style: { font: { bold: true, size: 14 } }, value: table.heading[0] ?? null })
  table.columns.forEach((column, columnNo) => {
    cells.set(`${headRow},${columnNo}`, {
      style: { font: { bold: true }, alignment: { wrapText: true, vertical: 'top' } },
      value: column.title,
    })
    const numFmt = numberFormatOf(column.format)
    if (numFmt === null) return
    table.rows.forEach((row, rowNo) => {
      const value = row[columnNo] ?? null
      if (value !== null) cells.set(`${headRow + 1 + rowNo},${columnNo}`, { style: { numFmt }, value })
    })
  })
  return writeXlsx({
    sheets: [
      {
        name: table.sheet_name.replaceAll(REFUSED_IN_SHEET_NAME, ' ').slice(0, SHEET_NAME_LIMIT),
        columns: table.columns.map(({ width }) => ({ width })),
        rows,
        cells,
        freezePane: { rows: headRow + 1, columns: 1 },
      },
    ],
  })
}
