import Type from 'typebox'
import { literalUnion, nullable } from './primitives.ts'

/** Rows of one chunk of a parsed sheet, at most. */
export const ROWS_PER_CHUNK = 500

/** Longest text that a spreadsheet cell can hold. */
export const CELL_TEXT_MAX = 32_767

/**
 * A raw cell: text, number and truth value as they are; a day or a moment without zone as `{date}`, an error of a
 * formula as `{error}`. Empty cells are left out of their row.
 */
export const SheetCell = Type.Union(
  [
    Type.String({ maxLength: CELL_TEXT_MAX }),
    Type.Number(),
    Type.Boolean(),
    Type.Object({ date: Type.String({ maxLength: 30 }) }, { additionalProperties: false }),
    Type.Object({ error: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
  ],
  { $id: 'SheetCell' },
)

/** One row with the coordinates that a person sees in Excel: rows from 1, blank rows counted, columns by letters. */
export const SheetRow = Type.Object(
  {
    sheet_no: Type.Integer({ minimum: 1, maximum: 1000 }),
    row_no: Type.Integer({ minimum: 1, maximum: 1_048_576 }),
    cells: Type.Record(Type.String({ pattern: '^[A-Z]{1,3}$' }), Type.Ref('SheetCell')),
  },
  { additionalProperties: false, $id: 'SheetRow' },
)

export const SheetChunk = Type.Object(
  {
    content_sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the rows as JSON in UTF-8' }),
    rows: Type.Array(Type.Ref('SheetRow'), { minItems: 1, maxItems: ROWS_PER_CHUNK }),
  },
  { additionalProperties: false, $id: 'SheetChunk' },
)

export const SheetChunkAnswer = Type.Object(
  { accepted: Type.Integer({ minimum: 0 }), duplicate: Type.Boolean() },
  { $id: 'SheetChunkAnswer' },
)

/** Why a file cannot be read as a sheet. */
export const SHEET_FAULTS = [
  'empty_file',
  'not_a_sheet',
  'old_workbook',
  'encrypted_workbook',
  'broken_workbook',
  'no_rows',
  'unknown_encoding',
  'broken_csv',
  'too_many_rows',
  'too_many_cells',
  'cell_too_long',
  'unpacks_too_large',
  'time_limit',
  'memory_limit',
] as const
export type SheetFault = (typeof SHEET_FAULTS)[number]

/** The end of parsing: all chunks are there, or why there will be none. */
export const SheetParsed = Type.Object(
  {
    sheets: Type.Array(
      Type.Object(
        {
          sheet_no: Type.Integer({ minimum: 1, maximum: 1000 }),
          name: Type.String({ maxLength: 255 }),
          rows: Type.Integer({ minimum: 0, description: 'Rows with at least one cell' }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 1000 },
    ),
    chunks: Type.Integer({ minimum: 0 }),
    fault: nullable(literalUnion(SHEET_FAULTS)),
    fault_place: nullable(Type.String({ maxLength: 300, description: 'Sheet and cell, or line and byte' })),
  },
  { additionalProperties: false, $id: 'SheetParsed' },
)

export type SheetCell = Type.Static<typeof SheetCell>
export interface SheetRow {
  sheet_no: number
  row_no: number
  cells: Record<string, SheetCell>
}
export interface SheetChunk {
  content_sha256: string
  rows: SheetRow[]
}
export type SheetParsed = Type.Static<typeof SheetParsed>
