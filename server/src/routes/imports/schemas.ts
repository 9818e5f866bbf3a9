import Type from 'typebox'
import { ImportMissingCounts, MissingDecision, MissingOrgUnit, MissingOrgUnitList } from './missing-schemas.ts'
import { Day, Instant, literalUnion, nullable, Offset, OrgUnitId, RecordNo, Sha256 } from '../../contract/index.ts'

const STATES = ['received', 'parsed', 'validated', 'applied', 'rejected', 'voided'] as const
const VERDICTS = ['new', 'changed', 'same', 'ambiguous', 'refused', 'skipped'] as const
const OUTCOMES = ['unit', 'same_as_row', 'new', 'skip'] as const

const text = nullable(Type.String())
const count = Type.Integer({ minimum: 0 })
const place = {
  sheet_no: Type.Integer({ minimum: 1, maximum: 1000 }),
  row_no: Type.Integer({ minimum: 1, maximum: 1_048_576 }),
}
const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])

/** Rows of a page where the request does not say. */
export const DEFAULT_LIMIT = 100

export const ImportMapping = Type.Object(
  {
    sheet_no: Type.Integer(),
    sheet_name: Type.String(),
    header_row_no: Type.Integer(),
    columns: Type.Array(Type.Object({ field: Type.String(), title: Type.String(), column: Type.String() })),
    unread: Type.Array(Type.Object({ column: Type.String(), header: Type.String() })),
  },
  { $id: 'ImportMapping' },
)

export const ImportCounts = Type.Object(
  {
    new: count,
    changed: count,
    same: count,
    ambiguous: count,
    refused: count,
    skipped: count,
    pending: Type.Integer({ minimum: 0, description: 'Rows that the dry run has not seen yet' }),
  },
  { $id: 'ImportCounts' },
)

export const Import = Type.Object(
  {
    import_id: Type.Integer({ minimum: 1 }),
    kind: Type.String(),
    kind_title: Type.String(),
    file_name: Type.String(),
    sender: Type.String(),
    valid_on: Day,
    territory_id: nullable(OrgUnitId),
    sha256: Sha256,
    size_bytes: count,
    state: literalUnion(STATES),
    state_reason: nullable(Type.String({ description: 'One clear sentence when rejected or voided' })),
    state_place: nullable(Type.String({ description: 'Sheet and cell of the reason' })),
    received_at: Instant,
    state_changed_at: Instant,
    change_set_no: nullable(Type.Integer({ minimum: 1 })),
    void_change_set_no: nullable(Type.Integer({ minimum: 1 })),
    counts: Type.Ref('ImportCounts'),
    missing: Type.Ref('ImportMissingCounts'),
    mapping: nullable(Type.Array(Type.Ref('ImportMapping'))),
  },
  { $id: 'Import' },
)

export const ImportReceipt = Type.Object(
  {
    import_id: Type.Integer({ minimum: 1 }),
    state: literalUnion(STATES),
    state_reason: text,
    is_repeat: Type.Boolean({
      description: 'The same file for the same day and territory was received before and stands: this is that import',
    }),
  },
  { $id: 'ImportReceipt' },
)

export const ImportList = Type.Object({ total: count, rows: Type.Array(Type.Ref('Import')) }, { $id: 'ImportList' })

export const CellIssue = Type.Object(
  {
    severity: literalUnion(['error', 'warning', 'note']),
    sheet_name: Type.String(),
    row_no: Type.Integer(),
    column: text,
    cell: nullable(Type.String({ description: 'Address as Excel shows it; null: the whole row' })),
    message: Type.String(),
    found: text,
    expected: text,
  },
  { $id: 'CellIssue' },
)

export const ImportRow = Type.Object(
  {
    ...place,
    sheet_name: text,
    verdict: nullable(literalUnion(VERDICTS)),
    org_unit_id: nullable(OrgUnitId),
    identified_by: text,
    candidates: Type.Array(
      Type.Object({
        org_unit_id: nullable(OrgUnitId),
        sheet_no: nullable(Type.Integer()),
        row_no: nullable(Type.Integer()),
        name: nullable(Type.String({ description: 'Name of the unit, or of the other row' })),
        reason: Type.String(),
      }),
    ),
    issues: Type.Array(Type.Ref('CellIssue')),
    changes: Type.Record(Type.String(), Type.Object({ from: scalar, to: scalar })),
    cells: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'ImportRow' },
)

export const ImportRowList = Type.Object(
  { total: count, rows: Type.Array(Type.Ref('ImportRow')) },
  { $id: 'ImportRowList' },
)

export const ImportDecisions = Type.Object(
  {
    decisions: Type.Array(
      Type.Object(
        {
          ...place,
          outcome: literalUnion(OUTCOMES),
          org_unit_id: nullable(OrgUnitId),
          same_as: nullable(Type.Object(place, { additionalProperties: false })),
          reason: Type.String({ minLength: 1, maxLength: 500 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1000 },
    ),
  },
  { additionalProperties: false, $id: 'ImportDecisions' },
)

export const ImportVoid = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    with: Type.Array(
      Type.Object(
        { source_kind: literalUnion(['import', 'person']), source_id: Type.String({ minLength: 1, maxLength: 40 }) },
        { additionalProperties: false },
      ),
      { maxItems: 1000, description: 'Later sources that rest on the import and go with it' },
    ),
  },
  { additionalProperties: false, $id: 'ImportVoid' },
)

const name = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f]+$' })

export const UploadQuery = Type.Object({
  kind: name(40),
  file_name: name(255),
  sender: Type.Optional(name(200)),
  valid_on: Type.Optional(Type.String({ description: 'The day that the sheet speaks of; default today' })),
  territory_oktmo: Type.Optional(
    Type.String({ pattern: '^\\d{8}$', description: 'Municipality of rows that name none' }),
  ),
})

export const PageQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100' })),
  offset: Type.Optional(Offset),
})

export const RowsQuery = Type.Object({
  ...PageQuery.properties,
  verdict: Type.Optional(Type.Array(literalUnion(VERDICTS), { maxItems: 6 })),
})

export const ImportParams = Type.Object({ id: RecordNo })
export const ChunkParams = Type.Object({
  id: RecordNo,
  chunk_no: Type.Integer({ minimum: 0, maximum: 9999 }),
})

export type UploadQuery = Type.Static<typeof UploadQuery>
export type PageQuery = Type.Static<typeof PageQuery>
export type RowsQuery = Type.Static<typeof RowsQuery>
export type ImportDecisions = Type.Static<typeof ImportDecisions>
export type ImportVoid = Type.Static<typeof ImportVoid>
export type ImportParams = Type.Static<typeof ImportParams>
export type ChunkParams = Type.Static<typeof ChunkParams>

/** Every schema that answers or bodies of this resource name by reference. */
export const IMPORT_SCHEMAS = [
  ImportMapping,
  ImportCounts,
  Import,
  ImportReceipt,
  ImportList,
  CellIssue,
  ImportRow,
  ImportRowList,
  ImportDecisions,
  ImportVoid,
  ImportMissingCounts,
  MissingOrgUnit,
  MissingOrgUnitList,
  MissingDecision,
]
