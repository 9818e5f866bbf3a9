import type { TextBlock } from './page-content.ts'

export interface Cell {
  text: string
  is_header: boolean
  has_link: boolean
  columns: number
  start: number
  end: number
  place: string
}

/** Longer cells of a first column are content: a page laid out by a table. */
const NAME_LENGTH = 150

const ROW_NUMBER = /^(№|№ ?п\/?п|\d{1,3}\.?(\d{1,2}\.?)?)$/

/** The first row heads columns when it is marked so, or when it is three cells and more, all filled, without figures. */
function isHeaderRow(row: readonly Cell[], rows: number): boolean {
  if (row.length === 0) return false
  if (row.every((cell) => cell.is_header)) return row.length > 1
  return rows > 1 && row.length >= 3 && row.every((cell) => cell.text !== '' && !/\d{2}/.test(cell.text))
}

function columnBlocks(header: readonly Cell[], rows: readonly (readonly Cell[])[]): TextBlock[] {
  let column = 0
  return header.map((cell) => {
    const from = column
    column += cell.columns
    const below = rows.flatMap((row) => {
      let at = 0
      return row.filter((other) => {
        const inside = at >= from && at < column
        at += other.columns
        return inside
      })
    })
    const filled = below.find((other) => other.text !== '')
    return {
      kind: 'column',
      text: cell.text,
      value: filled?.text ?? '',
      has_link: below.some((other) => other.has_link),
      href: null,
      start: cell.start,
      end: cell.end,
      place: cell.place,
    }
  })
}

/** A row as label and value: the first cell that is no number, and all after it. Null for rows of one cell. */
function labelBlock(row: readonly Cell[]): TextBlock | null {
  const cells = ROW_NUMBER.test(row[0]?.text ?? '') ? row.slice(1) : row
  const [label, ...rest] = cells
  if (label === undefined || rest.length === 0 || label.text === '') return null
  return {
    kind: 'label',
    text: label.text,
    // Only of a row of two can it be said that the place for the value is empty.
    value:
      rest.length === 1 || rest.some((cell) => cell.text !== '')
        ? rest
            .map((cell) => cell.text)
            .join(' ')
            .trim()
        : null,
    has_link: rest.some((cell) => cell.has_link),
    href: null,
    start: label.start,
    end: rest.at(-1)?.end ?? label.end,
    place: label.place,
  }
}

/**
 * What a table says: its columns with the first filled cell below, and each row as label and value. `names` are the
 * cells that only name what stands elsewhere.
 */
export function readTable(rows: readonly (readonly Cell[])[]): { blocks: TextBlock[]; names: Cell[] } {
  const first = rows[0] ?? []
  const has_header = isHeaderRow(first, rows.length)
  const body = has_header ? rows.slice(1) : rows
  const labels = body.map(labelBlock).filter((block) => block !== null)
  const starts = new Set(labels.map((block) => block.start))
  const named = body.flat().filter((cell) => starts.has(cell.start) && cell.text.length <= NAME_LENGTH)
  return has_header
    ? { blocks: [...columnBlocks(first, body), ...labels], names: [...first, ...named] }
    : { blocks: labels, names: named }
}
