import { sql } from 'kysely'
import type { Jurisdiction } from '../db/access-scope.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { CodedError } from '../errors.ts'

export type ImportState = 'received' | 'parsed' | 'validated' | 'applied' | 'rejected' | 'voided'

export interface LockedImport {
  import_id: number
  kind: string
  file_name: string
  sender: string
  valid_on: string
  territory_id: number | null
  state: ImportState
  /** What the sender answers for; null: the whole region. */
  jurisdiction: readonly Jurisdiction[] | null
}

/**
 * Holds an import for this transaction, so that two requests cannot move it at once.
 * @throws EDU_IMPORT_NOT_FOUND; EDU_IMPORT_STATE when it stands elsewhere than `expected`
 */
export async function lockImport(
  tx: WriteExecutor,
  import_id: number,
  expected: readonly ImportState[],
): Promise<LockedImport> {
  const row = await tx
    .selectFrom('import')
    .where('import_id', '=', import_id)
    .select(['import_id', 'kind', 'file_name', 'sender', 'valid_on', 'territory_id', 'state', 'jurisdiction'])
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) throw new CodedError('EDU_IMPORT_NOT_FOUND', 'Такой загрузки нет', { import_id })
  const state = row.state as ImportState
  if (!expected.includes(state)) {
    const details = { import_id, state, expected }
    throw new CodedError(
      'EDU_IMPORT_STATE',
      `Загрузка в состоянии «${state}», а нужно «${expected.join('» или «')}»`,
      details,
    )
  }
  return { ...row, state, jurisdiction: row.jurisdiction as readonly Jurisdiction[] | null }
}

export interface StateChange {
  state: ImportState
  reason?: string
  place?: string | null
  change_set_no?: number
  void_change_set_no?: number
}

/** Moves an import that `lockImport` holds. */
export async function moveImport(tx: WriteExecutor, import_id: number, change: StateChange): Promise<void> {
  const { state, reason = null, place = null, change_set_no, void_change_set_no } = change
  await tx
    .updateTable('import')
    .set({
      state,
      state_reason: reason,
      state_place: place,
      state_changed_at: sql<Date>`clock_timestamp()`,
      ...(change_set_no === undefined ? {} : { change_set_no }),
      ...(void_change_set_no === undefined ? {} : { void_change_set_no }),
    })
    .where('import_id', '=', import_id)
    .execute()
}
