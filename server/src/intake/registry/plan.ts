import type { UnitLevel } from '../../domain/registry-index.ts'
import type { FieldChange, JudgedRow } from '../sheet-rows.ts'
import type { UnitFields } from './snapshot.ts'

/** A version to be written. Refs below zero stand for units that the import makes. */
export interface UnitDraft {
  ref: number
  level: UnitLevel
  head_ref: number | null
  /** Lowest territory of the unit; null: that of its head. */
  territory_id: number | null
  valid_from: string
  fields: UnitFields
  /** Sheet and row, as Excel counts. */
  source_place: string
  /** False: the file says what is known already. */
  is_changed: boolean
}

/** A change of a unit's site: a new address, or none any more. */
export interface SiteDraft {
  ref: number
  url: string | null
  host: string | null
  valid_from: string
  predecessor_target_id: string | null
  /** Why the former address is not probed any more. */
  retirement_reason: string
}

export interface RegistryPlan {
  rows: JudgedRow[]
  drafts: UnitDraft[]
  sites: SiteDraft[]
  /** Place of each row that means a unit, to the unit's ref. */
  refs: Map<string, number>
  /** Known units that the file speaks of in any way, and their heads: they are not missing from it. */
  mentioned: Set<number>
}

export type Changes = Record<string, FieldChange>

export function rowKey(row: { sheet_no: number; row_no: number }): string {
  return `${row.sheet_no}:${row.row_no}`
}
