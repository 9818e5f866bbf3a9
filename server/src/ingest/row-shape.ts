import { createHash } from 'node:crypto'
import { canonicalJson, findUnstorableText } from '../domain/canonical-json.ts'
import { isDay } from '../domain/region-day.ts'

/** Place as a JSON pointer, and what is wrong there. */
export interface PlacedFault {
  place: string
  fault: string
}

/** A compiled schema, as far as a row needs it. */
export interface RowValidator {
  Check: (row: unknown) => boolean
  Errors: (row: unknown) => { instancePath: string; message: string }[]
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Id of a row that may be anything; null: it names none. */
export function idOf(row: unknown): string | null {
  const id = isRecord(row) ? row['id'] : undefined
  return typeof id === 'string' ? id.slice(0, 100) : null
}

/** What a schema, or the database's idea of a text, has against a row; null: nothing. */
export function findShapeFault(row: unknown, validator: RowValidator): PlacedFault | null {
  if (!validator.Check(row)) {
    const [first] = validator.Errors(row)
    const place = first === undefined || first.instancePath === '' ? '/' : first.instancePath
    return { place: place.slice(0, 200), fault: (first?.message ?? 'does not fit the contract').slice(0, 200) }
  }
  const unstorable = findUnstorableText(row)
  return unstorable === null
    ? null
    : { place: unstorable.slice(0, 200), fault: 'holds a character that cannot be stored' }
}

/** The pattern of an instant lets the 31st of February pass. */
export function isRealInstant(instant: string): boolean {
  return isDay(instant.slice(0, 10)) && !Number.isNaN(Date.parse(instant))
}

/** Hash by which a row that is sent again is known, whatever the order of its fields. */
export function hashRow(row: object): Buffer {
  return createHash('sha256').update(canonicalJson(row)).digest()
}
