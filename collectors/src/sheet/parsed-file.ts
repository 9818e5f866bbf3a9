import {
  CELL_TEXT_MAX,
  type SheetCell,
  type SheetFault,
  type SheetParsed,
  type SheetRow,
} from '@edumon/server/contract'
import { CELLS_MAX, FILE_CHARACTERS_MAX, ROW_CHARACTERS_MAX, ROWS_MAX } from './limits.ts'

/** All that a file holds, or why it cannot be read and where. */
export type ParsedFile =
  | { ok: true; sheets: SheetParsed['sheets']; rows: SheetRow[] }
  | { ok: false; fault: SheetFault; place: string | null }

/** A file that cannot be read as a sheet: the fault and its place, in the person's terms. */
export class SheetFaultError extends Error {
  readonly fault: SheetFault
  readonly place: string | null

  constructor(fault: SheetFault, place: string | null, options?: ErrorOptions) {
    super(`${fault}${place === null ? '' : ` at ${place}`}`, options)
    this.fault = fault
    this.place = place
  }
}

/** Column letters as Excel counts: 0 is A, 26 is AA. */
export function columnLetters(index: number): string {
  let letters = ''
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  }
  return letters
}

const FORMULA_ERROR = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/

/** A moment without zone; to the second, because some writers store 59.999 s. */
function writeMoment(date: Date): string {
  const text = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19)
}

function toCell(value: unknown, place: () => string): SheetCell | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : { error: String(value) }
  if (typeof value === 'boolean') return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? { error: 'date' } : { date: writeMoment(value) }
  if (typeof value !== 'string') return null
  const text = value.toWellFormed().replaceAll('\0', '')
  if (text.trim() === '') return null
  if (text.length > CELL_TEXT_MAX) throw new SheetFaultError('cell_too_long', place())
  return FORMULA_ERROR.test(text) ? { error: text } : text
}

/** Collects rows of a file with their coordinates and holds the file to its bounds. */
export class RowCollector {
  readonly rows: SheetRow[] = []
  readonly sheets: SheetParsed['sheets'] = []
  #cells = 0
  #characters = 0

  startSheet(name: string): void {
    this.sheets.push({
      sheet_no: this.sheets.length + 1,
      name: name.toWellFormed().replaceAll('\0', '').slice(0, 255),
      rows: 0,
    })
  }

  /** `row_no` from 1. Blank rows are not kept, and keep their number. */
  add(row_no: number, values: readonly unknown[]): void {
    const sheet = this.sheets.at(-1)
    if (sheet === undefined) throw new Error('A row came before its sheet')
    const cells: SheetRow['cells'] = {}
    let filled = 0
    let characters = 0
    for (const [index, value] of values.entries()) {
      const cell = toCell(value, () => `${sheet.name}, ${columnLetters(index)}${row_no}`)
      if (cell === null) continue
      cells[columnLetters(index)] = cell
      filled++
      if (typeof cell === 'string') characters += cell.length
    }
    if (filled === 0) return
    this.#cells += filled
    this.#characters += characters
    const place = `${sheet.name}, строка ${row_no}`
    if (characters > ROW_CHARACTERS_MAX || this.#characters > FILE_CHARACTERS_MAX) {
      throw new SheetFaultError('unpacks_too_large', place)
    }
    if (this.rows.length >= ROWS_MAX) throw new SheetFaultError('too_many_rows', place)
    if (this.#cells > CELLS_MAX) throw new SheetFaultError('too_many_cells', place)
    sheet.rows++
    this.rows.push({ sheet_no: sheet.sheet_no, row_no, cells })
  }
}
