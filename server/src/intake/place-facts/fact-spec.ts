import type { PlaceFact, PlaceFactTable } from '../../db/place-facts.ts'
import type { ColumnSpec } from '../mapping.ts'
import type { RowReader } from '../row-reader.ts'
import type { PlaceGrain } from './find-place.ts'
import type { PlaceField } from './place-columns.ts'

/** Columns that every table of facts has and no row states. */
type AddedColumn = 'org_unit_id' | 'change_set_no' | 'source_kind' | 'source_id' | 'source_place'

/** What a row states: the columns of its table. Null: the row does not say it. */
export type StatedFact<Table extends PlaceFactTable> = Omit<PlaceFact<Table>, AddedColumn>

/** A stated fact with its place and its row, as "sheet:row"; null where an earlier source stated it. */
export interface PlacedFact<Table extends PlaceFactTable> {
  org_unit_id: number
  fact: StatedFact<Table>
  row_key: string | null
}

/** A warning about a row in the light of all facts of its place. */
export interface FactWarning {
  row_key: string
  message: string
}

/** A sheet whose rows state dated facts of known places. */
export interface FactSpec<Table extends PlaceFactTable, Field extends string> {
  name: string
  title: string
  table: Table
  grain: PlaceGrain
  columns: readonly ColumnSpec<Field>[]
  /** Without these columns it is not this sheet. */
  needed: readonly Field[]
  /** Null when the row states nothing that can be taken; the reader's issues say why. */
  read: (reader: RowReader<Field | PlaceField>, valid_on: string) => StatedFact<Table> | null
  /** What a person should look at, given all facts of one place after the import, by the order of their keys. */
  warn?: (facts: readonly PlacedFact<Table>[]) => FactWarning[]
}
