import { normaliseText } from '../domain/org-unit-names.ts'
import { describeCell, type RawRow } from './sheet-rows.ts'

/** A column that a kind of sheet may have. */
export interface ColumnSpec<Field extends string> {
  field: Field
  /** Name on the screen and in messages. */
  title: string
  /** Headers that mean it, besides the title, in any case and spelling of ё. */
  names: readonly string[]
}

export interface SheetMapping<Field extends string> {
  sheet_no: number
  sheet_name: string
  header_row_no: number
  /** Field to column letter. */
  columns: Map<Field, string>
  /** Headers that no field was found for: shown, and not read. */
  unread: { column: string; header: string }[]
  /** Fields that two columns claim; the first one is read. */
  repeated: { column: string; header: string }[]
}

/** The header stands in the first rows; above it there may be a title. */
const HEADER_WITHIN_ROWS = 30
const LEAST_COLUMNS = 2

function mapRow<Field extends string>(row: RawRow, byName: ReadonlyMap<string, Field>): SheetMapping<Field> {
  const mapping: SheetMapping<Field> = {
    sheet_no: row.sheet_no,
    sheet_name: row.sheet_name,
    header_row_no: row.row_no,
    columns: new Map(),
    unread: [],
    repeated: [],
  }
  for (const [column, cell] of Object.entries(row.cells)) {
    const header = describeCell(cell) ?? ''
    const field = byName.get(normaliseText(header))
    if (field === undefined) mapping.unread.push({ column, header })
    else if (mapping.columns.has(field)) mapping.repeated.push({ column, header })
    else mapping.columns.set(field, column)
  }
  return mapping
}

/** Proposes the columns of every sheet that has a header; sheets without one are left out. */
export function mapSheets<Field extends string>(
  rows: readonly RawRow[],
  specs: readonly ColumnSpec<Field>[],
): SheetMapping<Field>[] {
  const byName = new Map(
    specs.flatMap(({ field, title, names }) => [title, ...names].map((name) => [normaliseText(name), field] as const)),
  )
  const best = new Map<number, SheetMapping<Field>>()
  const seen = new Map<number, number>()
  for (const row of rows) {
    const rank = (seen.get(row.sheet_no) ?? 0) + 1
    seen.set(row.sheet_no, rank)
    if (rank > HEADER_WITHIN_ROWS) continue
    const mapping = mapRow(row, byName)
    const known = best.get(row.sheet_no)?.columns.size ?? LEAST_COLUMNS - 1
    if (mapping.columns.size > known) best.set(row.sheet_no, mapping)
  }
  return [...best.values()]
}
