import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { ValidTest } from '../domain/speed-occasions.ts'

/** Which tests: half-open in time, as known at a change set. */
export interface TestWindow {
  org_unit_ids: readonly number[]
  from: Date
  to: Date
  known_at_change_set_no: number
}

/**
 * Tests of the places' own programs that are good for a verdict, by place and time. What a later confirmation says
 * replaces the test's own words.
 */
export async function listValidTests(
  db: ReadExecutor,
  { org_unit_ids, from, to, known_at_change_set_no }: TestWindow,
): Promise<Map<number, ValidTest[]>> {
  const rows = await db
    .selectFrom('speed_test as t')
    .leftJoin('speed_confirmation as c', (join) =>
      join
        .onRef('c.org_unit_id', '=', 't.org_unit_id')
        .onRef('c.tested_at', '=', 't.tested_at')
        .onRef('c.test_id', '=', 't.test_id')
        .on('c.change_set_no', '<=', known_at_change_set_no),
    )
    .where('t.org_unit_id', '=', sql<number>`ANY(${org_unit_ids}::bigint[])`)
    .where('t.tested_at', '>=', from)
    .where('t.tested_at', '<', to)
    .where('t.change_set_no', '<=', known_at_change_set_no)
    .where('t.method', '=', 'agent')
    .where(sql<string>`coalesce(c.validity, t.validity)`, '=', 'valid')
    .where('t.download_kbps', 'is not', null)
    .where('t.upload_kbps', 'is not', null)
    .select(['t.org_unit_id', 't.test_id', 't.tested_at', 't.download_kbps', 't.upload_kbps', 't.retest_of'])
    .$narrowType<{ download_kbps: number; upload_kbps: number }>()
    .orderBy('t.org_unit_id')
    .orderBy('t.tested_at')
    .orderBy('t.test_id')
    .execute()
  const tests = new Map<number, ValidTest[]>()
  for (const { org_unit_id, ...test } of rows) {
    const own = tests.get(org_unit_id)
    if (own === undefined) tests.set(org_unit_id, [test])
    else own.push(test)
  }
  return tests
}
