import type { ImportMapping } from './kinds.ts'
import type { SheetMapping } from './mapping.ts'
import type { CellIssue, JudgedRow, RawRow } from './sheet-rows.ts'

/** Rows that hold no data: header, what stands above it, sheets without a header. */
export function judgeAside(raw: RawRow, mapping: SheetMapping<string> | undefined): JudgedRow {
  const { sheet_no, row_no, sheet_name } = raw
  const isHeader = mapping?.header_row_no === row_no
  const issues: CellIssue[] = (isHeader ? mapping.repeated : []).map(({ column, header }) => ({
    severity: 'warning',
    sheet_name,
    row_no,
    column,
    cell: `${column}${row_no}`,
    message: 'Столбец повторяется, читается первый',
    found: header,
    expected: null,
  }))
  const identified_by = mapping === undefined ? 'Лист без шапки' : isHeader ? 'Шапка таблицы' : 'Над шапкой таблицы'
  const empty = { org_unit_id: null, match_key: null, candidates: [], changes: {} }
  return { ...empty, sheet_no, row_no, sheet_name, verdict: 'skipped', identified_by, issues }
}

/** What is shown of a sheet's columns. */
export function describeMapping(mapping: SheetMapping<string>, titles: ReadonlyMap<string, string>): ImportMapping {
  const { sheet_no, sheet_name, header_row_no, unread } = mapping
  const columns = [...mapping.columns].map(([field, column]) => ({ field, title: titles.get(field) ?? field, column }))
  return { sheet_no, sheet_name, header_row_no, columns, unread }
}
