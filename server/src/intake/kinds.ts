import type { Jurisdiction } from '../db/access-scope.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { capacityReportKind } from './place-facts/capacity-report.ts'
import { connectionContractKind } from './place-facts/connection-contract.ts'
import { selfReportedSpeedKind } from './place-facts/self-reported-speed.ts'
import { registryKind } from './registry/kind.ts'
import type { MissingUnit } from './missing.ts'
import type { JudgedRow, RawRow } from './sheet-rows.ts'

/** One uploaded file as a kind needs to know it. */
export interface ImportContext {
  import_id: number
  /** Who sent it: earlier files of the same sender are what it is compared with. */
  sender: string
  /** Municipality of rows that name none; null: there is no default. */
  territory_id: number | null
  /** The day that the sheet speaks of, YYYY-MM-DD. */
  valid_on: string
  /** Today in the region's calendar. */
  today: string
  vantages: string[]
  /** What the sender answers for: rows about others are refused; null: the whole region. */
  jurisdiction: readonly Jurisdiction[] | null
}

/** A dry run: what applying would do with each row, and the doing. */
export interface PreparedImport {
  rows: JudgedRow[]
  /** Units that an earlier file of the same scope had and this one lacks. */
  missing: MissingUnit[]
  /** What the program made of the header. */
  mapping: ImportMapping[]
  /** Takes ids and whatever else can be done before the change set is numbered. */
  reserve: () => Promise<(change_set_no: number) => Promise<Map<string, number>>>
}

export interface ImportMapping {
  sheet_no: number
  sheet_name: string
  header_row_no: number
  columns: { field: string; title: string; column: string }[]
  /** Headers that nothing is read from. */
  unread: { column: string; header: string }[]
}

/** Why a whole sheet cannot be taken; the message names what is expected, the place is as Excel counts. */
export interface SheetRefusal {
  reason: string
  place: string | null
}

/** A kind of sheet: what its rows mean. Adding one is a file and a line in the list below. */
export interface IntakeKind {
  name: string
  title: string
  /** Decides about all rows, within the transaction that will write them or only look. */
  prepare: (
    tx: WriteExecutor,
    rows: readonly RawRow[],
    context: ImportContext,
  ) => Promise<PreparedImport | SheetRefusal>
}

export const INTAKE_KINDS: readonly IntakeKind[] = [
  registryKind,
  connectionContractKind,
  selfReportedSpeedKind,
  capacityReportKind,
]

export function findIntakeKind(name: string): IntakeKind | undefined {
  return INTAKE_KINDS.find((kind) => kind.name === name)
}
