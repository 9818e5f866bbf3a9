import pg from 'pg'
import { openChangeSet } from '../../../server/src/db/change-set.ts'
import { insertRows } from '../../../server/src/db/insert-rows.ts'
import { kyselyOver, poolConfig } from '../../../server/src/db/pool.ts'
import { scheduleTargets } from '../../../server/src/jobs/schedule.ts'
import type { BenchSite } from './peers.ts'

/** An organisation for each site, and their checks and audits due at once, as an applied registry would leave them. */
export async function insertChainTargets(applicationUrl: string, sites: readonly BenchSite[]): Promise<void> {
  const pool = new pg.Pool(poolConfig(applicationUrl, 1))
  try {
    await kyselyOver(pool)
      .transaction()
      .execute(async (tx) => {
        const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: 'bench', summary: 'targets' })
        const targets = sites.map((site, index) => ({
          org_unit_id: index + 1,
          target_id: crypto.randomUUID(),
          kind: 'site',
          url: site.url,
          host: site.host,
          valid_from: '2026-01-01',
          change_set_no,
          source_kind: 'person',
          source_id: 'bench',
        }))
        const units = targets.map(({ org_unit_id }) => ({
          org_unit_id,
          kind: 'organisation',
          region_id: 1,
          municipality_id: 1,
          path: [org_unit_id],
          created_change_set_no: change_set_no,
        }))
        await insertRows(tx, 'org_unit', units)
        await insertRows(tx, 'target', targets)
        await scheduleTargets(tx, targets, { vantages: ['local'] })
      })
  } finally {
    await pool.end()
  }
}
