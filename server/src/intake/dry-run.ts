import type { WriteExecutor } from '../db/executor.ts'
import { findIntakeKind, type IntakeKind, type ImportContext } from './kinds.ts'
import { replaceMissingUnits } from './missing.ts'
import { listRawRows, updateJudgedRows } from './raw-rows.ts'
import { moveImport, type LockedImport } from './states.ts'

/** What an import is judged by besides its file. */
export interface IntakeSettings {
  /** Today in the region's calendar. */
  today: string
  vantages: string[]
}

export function contextOf(locked: LockedImport, settings: IntakeSettings): ImportContext {
  const { import_id, sender, territory_id, valid_on, jurisdiction } = locked
  return { ...settings, import_id, sender, territory_id, valid_on, jurisdiction }
}

export function requireKind(name: string): IntakeKind {
  const kind = findIntakeKind(name)
  if (kind === undefined) throw new Error(`An import of an unknown kind is stored: ${name}`)
  return kind
}

/** Judges all rows of an import that this transaction holds; it is validated then, or rejected as a whole. */
export async function runDry(tx: WriteExecutor, locked: LockedImport, settings: IntakeSettings): Promise<void> {
  const kind = requireKind(locked.kind)
  const rows = await listRawRows(tx, locked.import_id)
  const prepared = await kind.prepare(tx, rows, contextOf(locked, settings))
  if ('reason' in prepared) {
    await moveImport(tx, locked.import_id, { state: 'rejected', ...prepared })
    return
  }
  await updateJudgedRows(tx, locked.import_id, prepared.rows)
  await replaceMissingUnits(tx, locked.import_id, prepared.missing)
  await tx
    .updateTable('import')
    .set({ mapping: JSON.stringify(prepared.mapping) })
    .where('import_id', '=', locked.import_id)
    .execute()
  await moveImport(tx, locked.import_id, { state: 'validated' })
}
