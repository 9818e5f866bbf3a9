import type { SheetCell, SheetRow } from '../contract/index.ts'

/** A row as the collector sent it, with the name of its sheet. */
export interface RawRow extends SheetRow {
  sheet_name: string
}

/**
 * What is wrong or worth knowing at one cell. error: the row is refused; warning: it is taken, a person should look;
 * note: what the program concluded by itself.
 */
export interface CellIssue {
  severity: 'error' | 'warning' | 'note'
  sheet_name: string
  row_no: number
  /** Column letter; null when the issue is the whole row's. */
  column: string | null
  /** Address as Excel shows it, "C15"; null when the issue is the whole row's. */
  cell: string | null
  message: string
  found: string | null
  expected: string | null
}

/** What applying the import will do with a row. */
export type RowVerdict = 'new' | 'changed' | 'same' | 'ambiguous' | 'refused' | 'skipped'

/** A unit, or another row of the same file that makes one, that a row may mean. */
export interface RowCandidate {
  org_unit_id: number | null
  sheet_no: number | null
  row_no: number | null
  reason: string
}

/** Former and new value of a field; null: there was or will be none. */
export type FieldChange = { from: string | number | boolean | null; to: string | number | boolean | null }

/** What the dry run says of one row. */
export interface JudgedRow {
  sheet_no: number
  row_no: number
  sheet_name: string
  verdict: RowVerdict
  /** The known unit that the row means; null for a new one and when it is not decided. */
  org_unit_id: number | null
  identified_by: string | null
  match_key: string | null
  candidates: RowCandidate[]
  issues: CellIssue[]
  changes: Record<string, FieldChange>
}

/** A cell as a person would read it aloud, for messages. Long texts are cut. */
export function describeCell(cell: SheetCell | undefined): string | null {
  if (cell === undefined) return null
  if (typeof cell === 'object') return 'date' in cell ? cell.date : cell.error
  const text = typeof cell === 'boolean' ? (cell ? 'ИСТИНА' : 'ЛОЖЬ') : String(cell)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
