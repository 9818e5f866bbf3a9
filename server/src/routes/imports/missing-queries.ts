import { sql } from 'kysely'
import type { AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import type { MissingUnit } from '../../intake/missing.ts'

interface MissingFilter {
  scope: AccessScope
  import_id: number
  limit: number
  offset: number
}

/** Units that an import lacks, with their place in the earlier file; undecided ones first. */
export async function listMissingOrgUnits(db: ReadExecutor, filter: MissingFilter) {
  const { import_id, limit, offset } = filter
  const { total } = await db
    .selectFrom('import_missing')
    .where('import_id', '=', import_id)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const names = db
    .selectFrom('org_unit_version')
    .distinctOn('org_unit_id')
    .select(['org_unit_id', 'full_name'])
    .where(sql<boolean>`org_unit_id IN (SELECT org_unit_id FROM import_missing WHERE import_id = ${import_id})`)
    .orderBy('org_unit_id')
    .orderBy('valid_from', 'desc')
    .orderBy('change_set_no', 'desc')
  const rows = await db
    .selectFrom('import_missing as m')
    .innerJoin('org_unit as o', 'o.org_unit_id', 'm.org_unit_id')
    .innerJoin(names.as('name'), 'name.org_unit_id', 'm.org_unit_id')
    .innerJoin('import as i', 'i.import_id', 'm.earlier_import_id')
    .innerJoin('import_row as r', (join) =>
      join
        .onRef('r.import_id', '=', 'm.earlier_import_id')
        .onRef('r.sheet_no', '=', 'm.earlier_sheet_no')
        .onRef('r.row_no', '=', 'm.earlier_row_no'),
    )
    .where('m.import_id', '=', import_id)
    .select(['m.org_unit_id', 'o.kind', 'name.full_name', 'm.earlier_import_id', 'i.file_name as earlier_file_name'])
    .select(['i.valid_on as earlier_valid_on', 'r.sheet_name as earlier_sheet_name', 'm.earlier_row_no'])
    .select(['m.outcome', 'm.reason', 'm.decided_by'])
    .select(sql<boolean>`coalesce(m.decided_in_import_id <> m.import_id, false)`.as('is_remembered'))
    .$narrowType<{ outcome: MissingUnit['outcome'] }>()
    .orderBy(sql`m.outcome IS NOT NULL`)
    .orderBy('m.earlier_import_id')
    .orderBy('m.earlier_sheet_no')
    .orderBy('m.earlier_row_no')
    .limit(limit)
    .offset(offset)
    .execute()
  return { total, rows }
}

/** How many units each of these imports lacks, by what was decided. */
export async function countMissing(db: ReadExecutor, import_ids: readonly number[]) {
  const counted = await db
    .selectFrom('import_missing')
    .where('import_id', '=', sql<number>`ANY(${import_ids}::bigint[])`)
    .groupBy(['import_id', 'outcome'])
    .select((eb) => ['import_id', 'outcome', eb.fn.countAll<number>().as('units')])
    .execute()
  return (import_id: number) => {
    const counts = { undecided: 0, keep: 0, withdraw: 0 }
    for (const row of counted) {
      if (row.import_id === import_id) counts[(row.outcome ?? 'undecided') as keyof typeof counts] = row.units
    }
    return counts
  }
}
