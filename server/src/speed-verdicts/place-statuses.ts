import type { ReadExecutor } from '../db/executor.ts'
import type { DatedStatus } from '../domain/dated-status.ts'

/** All statuses known at a change set, by unit: few, so that every day can be asked about. */
export async function listStatuses(
  db: ReadExecutor,
  known_at_change_set_no: number,
): Promise<ReadonlyMap<number, readonly DatedStatus[]>> {
  const rows = await db
    .selectFrom('org_unit_status as s')
    .leftJoin('source_void as void', (join) =>
      join
        .onRef('void.source_kind', '=', 's.source_kind')
        .onRef('void.source_id', '=', 's.source_id')
        .on('void.change_set_no', '<=', known_at_change_set_no),
    )
    .where('void.source_id', 'is', null)
    .where('s.change_set_no', '<=', known_at_change_set_no)
    .select(['s.org_unit_id', 's.valid_from', 's.valid_to', 's.change_set_no', 's.status'])
    .execute()
  return Map.groupBy(rows, ({ org_unit_id }) => org_unit_id)
}
