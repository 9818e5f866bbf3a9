import { sql } from 'kysely'
import type { DatedStatus } from '../domain/dated-status.ts'
import type { ReadExecutor } from './executor.ts'

export interface StatusesAsked {
  /** Absent: of all units; there are few statuses, so that every day can be asked about. */
  org_unit_ids?: readonly number[]
  /** Absent: as known now. */
  known_at_change_set_no?: number
}

/** Dated statuses by unit, of whatever day; units without one are not among them. */
export async function listDatedStatuses(
  db: ReadExecutor,
  { org_unit_ids, known_at_change_set_no = Number.MAX_SAFE_INTEGER }: StatusesAsked,
): Promise<Map<number, DatedStatus[]>> {
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
    .$if(org_unit_ids !== undefined, (query) =>
      query.where('s.org_unit_id', '=', sql<number>`ANY(${org_unit_ids}::bigint[])`),
    )
    .select(['s.org_unit_id', 's.valid_from', 's.valid_to', 's.change_set_no', 's.status'])
    .execute()
  return Map.groupBy(rows, ({ org_unit_id }) => org_unit_id)
}
