/** One column of a table: what it says, how it is sorted, when it may go. */
export interface TableColumn<Row> {
  key: string
  label: string
  /** Plain text of a cell, for the cell without a slot of its own. */
  text: (row: Row) => string
  /** What the column is sorted by; null rows always stand last. Absent: not sortable. */
  sort?: (row: Row) => string | number | null
  /** The direction of the first click; a column of problems starts with the worst. */
  firstDirection?: SortDirection
  align?: 'start' | 'end'
  /** Room that the column needs; what is left over is shared in proportion. */
  width_px: number
  /** 1 stays always, 2 goes where a table has little room, 3 already where it has middling room. */
  priority?: 1 | 2 | 3
  /** Names its row: sticky, a row header, never hidden. One a table, the first. */
  isRowHead?: boolean
}

export type SortDirection = 'ascending' | 'descending'
export interface TableSort {
  key: string
  direction: SortDirection
}

const collators = new Map<string, Intl.Collator>()

function compareValues(left: string | number, right: string | number, language: string): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const collator = collators.get(language) ?? new Intl.Collator(language, { numeric: true })
  collators.set(language, collator)
  return collator.compare(String(left), String(right))
}

/** A sorted copy; equal rows keep their order and rows without a value stand last in both directions. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sort: TableSort | null,
  language: string,
): readonly Row[] {
  const read = columns.find((column) => column.key === sort?.key)?.sort
  if (sort === null || read === undefined) return rows
  const sign = sort.direction === 'ascending' ? 1 : -1
  return rows.toSorted((left, right) => {
    const leftValue = read(left)
    const rightValue = read(right)
    if (leftValue === null || rightValue === null) return Number(leftValue === null) - Number(rightValue === null)
    return sign * compareValues(leftValue, rightValue, language)
  })
}

/** The sort after a click on a column's head: the other direction of the same column, or the column's first. */
export function nextSort<Row>(sort: TableSort | null, column: TableColumn<Row>): TableSort {
  const first = column.firstDirection ?? 'ascending'
  if (sort?.key !== column.key) return { key: column.key, direction: first }
  return { key: column.key, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' }
}

/** `name` or `-name` in the URL; a column that the table does not have is no sort. */
export function parseSort<Row>(word: string | null, columns: readonly TableColumn<Row>[]): TableSort | null {
  if (word === null) return null
  const key = word.startsWith('-') ? word.slice(1) : word
  if (!columns.some((column) => column.key === key && column.sort !== undefined)) return null
  return { key, direction: word.startsWith('-') ? 'descending' : 'ascending' }
}

export function writeSort(sort: TableSort): string {
  return sort.direction === 'descending' ? `-${sort.key}` : sort.key
}
