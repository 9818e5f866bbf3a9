import type { TableColumn } from './table-columns.ts'

const NARROW_BELOW_PX = 640
const WIDE_FROM_PX = 1040
/** Columns give up this part of their room at most before the table scrolls sideways instead. */
const SQUEEZE_RATIO = 0.75
/** A few columns share even a telephone; many scroll beside the row's head, which is then kept slim. */
const FEW_COLUMNS = 5
const NARROW_HEAD_PX = 132

export interface TableLayout<Row> {
  columns: readonly TableColumn<Row>[]
  /** CSS width of each column, in the order of `columns`. */
  widths: readonly string[]
  /** Columns that went for want of room, not by a person's choice: a cell that stays may say what they said. */
  dropped: ReadonlySet<string>
  /** The table is never narrower than this; 0: it always fits. */
  min_width_px: number
}

/**
 * Which columns a table shows in the room that it has, and how wide. A table asks its own room and not the screen's:
 * beside an open drawer it is narrower than the screen tells. Null room: not laid out yet, all columns.
 */
export function layOutTable<Row>(
  columns: readonly TableColumn<Row>[],
  hidden: readonly string[],
  room_px: number | null,
): TableLayout<Row> {
  const room = room_px ?? WIDE_FROM_PX
  const priority = room < NARROW_BELOW_PX ? 1 : room < WIDE_FROM_PX ? 2 : 3
  const wished = columns.filter((column) => !hidden.includes(column.key))
  const shown = wished.filter((column) => (column.priority ?? 1) <= priority)
  const dropped = new Set(wished.filter((column) => !shown.includes(column)).map(({ key }) => key))
  const wanted = shown.reduce((sum, column) => sum + column.width_px, 0)
  if (room >= wanted * SQUEEZE_RATIO || (priority === 1 && shown.length <= FEW_COLUMNS)) {
    const widths = shown.map((column) => `${(column.width_px / wanted) * 100}%`)
    return { columns: shown, widths, dropped, min_width_px: 0 }
  }
  const given = shown.map((column) =>
    priority === 1 && column.isRowHead === true ? Math.min(column.width_px, NARROW_HEAD_PX) : column.width_px,
  )
  const min_width_px = given.reduce((sum, width_px) => sum + width_px, 0)
  return { columns: shown, widths: given.map((width_px) => `${width_px}px`), dropped, min_width_px }
}
