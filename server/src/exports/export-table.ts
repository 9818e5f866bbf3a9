/** How the values of a column are written: as text, a whole number, a number with digits after the comma, or a ratio (0..1) shown as per cent. */
export type ColumnFormat = 'text' | 'integer' | { decimals: number } | { percent_decimals: number }

export interface ExportColumn {
  title: string
  format: ColumnFormat
  /** In characters. */
  width: number
}

/** A table that leaves the system as a file. Null cells stay empty: they are never written as 0. */
export interface ExportTable {
  sheet_name: string
  /** Lines above the table: subject, territory, period, "by data of", version, marks. */
  heading: string[]
  columns: ExportColumn[]
  rows: (string | number | null)[][]
}
