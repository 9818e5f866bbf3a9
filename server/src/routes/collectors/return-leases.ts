import { sql, type Kysely } from 'kysely'
import type { LeaseReturn } from '../../contract/index.ts'
import type { DB } from '../../db/schema.gen.ts'

/**
 * Makes leased work free again at once. The leases themselves go too: nothing is to be expected of them.
 * @returns leases that were still the collector's own; those of others and those that are answered stay
 */
export async function returnLeases(db: Kysely<DB>, { collector, lease_ids }: LeaseReturn): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ lease_id: string }>`
      SELECT w.lease_id FROM due_work w JOIN lease l ON l.lease_id = w.lease_id
       WHERE w.lease_id = ANY(${lease_ids}::uuid[]) AND l.collector = ${collector.name} AND l.vantage = ${collector.vantage}
       ORDER BY w.work_id FOR UPDATE OF w`.execute(tx)
    const returned = rows.map((row) => row.lease_id)
    if (returned.length === 0) return 0
    await tx
      .updateTable('due_work')
      .set({ lease_id: null, leased_until: null })
      .where('lease_id', '=', sql<string>`ANY(${returned}::uuid[])`)
      .execute()
    await tx
      .deleteFrom('lease')
      .where('lease_id', '=', sql<string>`ANY(${returned}::uuid[])`)
      .execute()
    return returned.length
  })
}
