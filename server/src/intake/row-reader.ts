import type { SheetCell } from '../contract/index.ts'
import { normaliseText } from '../domain/org-unit-names.ts'
import { isDay } from '../domain/region-day.ts'
import { describeCell, type CellIssue, type RawRow } from './sheet-rows.ts'

const TEXT_MAX = 1000

/**
 * Reads typed values of one row by field. A cell that cannot be read leaves an issue with its address and gives
 * null, like an empty one: the issue, not the null, refuses the row.
 */
export class RowReader<Field extends string> {
  readonly issues: CellIssue[] = []
  readonly #row: RawRow
  readonly #columns: ReadonlyMap<Field, string>

  constructor(row: RawRow, columns: ReadonlyMap<Field, string>) {
    this.#row = row
    this.#columns = columns
  }

  get hasErrors(): boolean {
    return this.issues.some((issue) => issue.severity === 'error')
  }

  report(severity: CellIssue['severity'], field: Field | null, message: string, expected: string | null = null): void {
    const column = field === null ? null : (this.#columns.get(field) ?? null)
    this.issues.push({
      severity,
      sheet_name: this.#row.sheet_name,
      row_no: this.#row.row_no,
      column,
      cell: column === null ? null : `${column}${this.#row.row_no}`,
      message,
      found: column === null ? null : describeCell(this.#row.cells[column]),
      expected,
    })
  }

  #cell(field: Field): SheetCell | undefined {
    const column = this.#columns.get(field)
    const cell = column === undefined ? undefined : this.#row.cells[column]
    if (typeof cell === 'object' && 'error' in cell) {
      this.report('error', field, 'В ячейке ошибка формулы', 'значение')
      return undefined
    }
    return cell
  }

  text(field: Field): string | null {
    const cell = this.#cell(field)
    if (cell === undefined) return null
    const text = (describeWhole(cell) ?? '').replace(/\s+/g, ' ').trim()
    if (text === '') return null
    if (text.startsWith('=')) {
      this.report('error', field, 'Формула вместо значения', 'значение')
      return null
    }
    if (text.length > TEXT_MAX) {
      this.report('error', field, 'Слишком длинный текст', `не более ${TEXT_MAX} знаков`)
      return null
    }
    return text
  }

  /** Digits of an identifier: a number cell counts too, spaces are dropped. */
  code(field: Field, isRight: (text: string) => boolean, expected: string): string | null {
    const text = this.text(field)?.replace(/[\s\u00a0]/g, '') ?? null
    if (text === null || isRight(text)) return text
    this.report('error', field, 'Неверный код', expected)
    return null
  }

  /** A number; spaces between thousands are dropped. */
  number(field: Field, min: number, max: number): number | null {
    const text = this.text(field)?.replace(/\s/g, '') ?? null
    if (text === null) return null
    const value = /^[-+]?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN
    if (value >= min && value <= max) return value
    this.report('error', field, Number.isNaN(value) ? 'Не число' : 'Число вне границ', `число от ${min} до ${max}`)
    return null
  }

  whole(field: Field, min: number, max: number): number | null {
    const value = this.number(field, min, max)
    if (value === null || Number.isInteger(value)) return value
    this.report('error', field, 'Не целое число', `целое число от ${min} до ${max}`)
    return null
  }

  /** A day as YYYY-MM-DD from a date cell, "31.12.2025" or "2025-12-31". */
  day(field: Field): string | null {
    const text = this.text(field)
    if (text === null) return null
    const russian = /^(\d{1,2})\.(\d{1,2})\.(\d{4})( 0?0:00(:00)?)?$/.exec(text)
    const day =
      russian === null
        ? text.replace(/T00:00(:00(\.000)?)?Z?$/, '')
        : `${russian[3] ?? ''}-${(russian[2] ?? '').padStart(2, '0')}-${(russian[1] ?? '').padStart(2, '0')}`
    if (isDay(day)) return day
    this.report('error', field, 'Такого дня нет', 'ДД.ММ.ГГГГ')
    return null
  }

  /** One of a closed list, by the words that mean each value. */
  choice<Value extends string>(field: Field, words: Readonly<Record<Value, readonly string[]>>): Value | null {
    const text = this.text(field)
    if (text === null) return null
    const normal = normaliseText(text)
    for (const [value, meanings] of Object.entries(words) as [Value, readonly string[]][]) {
      if (meanings.includes(normal)) return value
    }
    const first = Object.values<readonly string[]>(words).flatMap((meanings) => meanings.slice(0, 1))
    this.report('error', field, 'Неизвестное значение', first.join(', '))
    return null
  }
}

function describeWhole(cell: SheetCell): string | null {
  if (typeof cell === 'object') return 'date' in cell ? cell.date : null
  return typeof cell === 'boolean' ? describeCell(cell) : String(cell)
}
