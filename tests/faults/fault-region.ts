import pg from 'pg'
import { openChangeSet } from '../../server/src/db/change-set.ts'
import { kyselyOver, poolConfig } from '../../server/src/db/pool.ts'
import { scheduleTargets } from '../../server/src/jobs/schedule.ts'

/** Organisations with one site each, on as many loopback addresses, so that politeness does not hold them back. */
export async function insertFaultTargets(applicationUrl: string, count: number, port: number): Promise<void> {
  const pool = new pg.Pool(poolConfig(applicationUrl, 1))
  const db = kyselyOver(pool)
  try {
    await db.transaction().execute(async (tx) => {
      const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: 'fault rig', summary: 'targets' })
      const units = Array.from({ length: count }, (_, index) => ({
        org_unit_id: index + 1,
        kind: 'organisation',
        region_id: 1,
        municipality_id: 1,
        path: [index + 1],
        created_change_set_no: change_set_no,
      }))
      await tx.insertInto('org_unit').values(units).execute()
      const targets = units.map(({ org_unit_id }) => ({
        org_unit_id,
        target_id: crypto.randomUUID(),
        kind: 'portal',
        url: `http://127.0.1.${org_unit_id}:${port}/`,
        host: `127.0.1.${org_unit_id}`,
        valid_from: '2026-01-01',
        change_set_no,
        source_kind: 'person',
        source_id: 'fault rig',
      }))
      await tx.insertInto('target').values(targets).execute()
      await scheduleTargets(tx, targets, { vantages: ['local'] })
    })
  } finally {
    await pool.end()
  }
}
