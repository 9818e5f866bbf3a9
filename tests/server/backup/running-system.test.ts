import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { sealEvents } from '../../../server/src/audit/seal-events.ts'
import { verifyChain } from '../../../server/src/audit/verify-chain.ts'
import { restoreBackup } from '../../../server/src/backup/restore-backup.ts'
import { writeBackup } from '../../../server/src/backup/write-backup.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { kyselyOver, poolConfig } from '../../../server/src/db/pool.ts'
import { asOwner } from '../../factories/audit.ts'
import { insertSchoolSites, makeCheck } from '../../factories/school-sites.ts'
import { makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createScratchDatabase } from '../../setup/scratch-database.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const BACKUPS = 4

let test: TestApp
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-backup-'))
  test = await createTestApp()
  await insertSchoolSites(test.database.db, 60, ['a', 'b', 'c'])
})
afterAll(async () => {
  await test.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Collectors that measure and a sealer that seals until they are told to stop. */
function startTraffic(): { stop: () => Promise<{ accepted: number }> } {
  let isOver = false
  let accepted = 0
  const collectors = ['a', 'b', 'c'].map(async (vantage) => {
    const collector = new TestCollector(test.app, vantage, vantage)
    while (!isOver) {
      await makeAllDue(test.database.db)
      const leases = await collector.lease(20)
      const answer = await collector.submit(leases.map((lease) => makeCheck(lease)))
      accepted += answer.accepted
    }
  })
  const sealer = (async () => {
    while (!isOver) await sealEvents(test.database.db)
  })()
  return {
    stop: async () => {
      isOver = true
      await Promise.all([...collectors, sealer])
      return { accepted }
    },
  }
}

/** What one consistent moment looks like: no fact, state or event points to a change set that is not there. */
const DANGLING = `
  SELECT 'site_check' AS what, count(*)::int AS n FROM site_check f WHERE NOT EXISTS (SELECT FROM change_set c WHERE c.change_set_no = f.change_set_no)
  UNION ALL SELECT 'site_verdict', count(*)::int FROM site_verdict f WHERE NOT EXISTS (SELECT FROM change_set c WHERE c.change_set_no = f.change_set_no)
  UNION ALL SELECT 'audit_event', count(*)::int FROM audit_event f WHERE change_set_no IS NOT NULL AND NOT EXISTS (SELECT FROM change_set c WHERE c.change_set_no = f.change_set_no)
  UNION ALL SELECT 'receipt', count(*)::int FROM receipt r WHERE NOT EXISTS (SELECT FROM site_check c WHERE c.check_id = r.measurement_id)
  UNION ALL SELECT 'batch without event', count(*)::int FROM change_set c WHERE kind = 'batch' AND NOT EXISTS (SELECT FROM audit_event e WHERE e.change_set_no = c.change_set_no)
  UNION ALL SELECT 'hole', (max(change_set_no) - count(*))::int FROM change_set`

describe('a backup while batches come in', () => {
  it('holds one moment: change sets without a hole up to its head, all that belongs to them, a whole audit', async () => {
    const traffic = startTraffic()
    const files: { path: string; change_set_no: number }[] = []
    for (let number = 0; number < BACKUPS; number += 1) {
      const path = join(folder, `${number}.edumon`)
      const { manifest } = await writeBackup(test.database.owner_url, path)
      files.push({ path, change_set_no: manifest.change_set_no })
      expect(manifest.audit_head).not.toBeNull()
    }
    const { accepted } = await traffic.stop()
    expect(accepted).toBeGreaterThan(100)
    const heads = files.map((file) => file.change_set_no)
    expect(new Set(heads).size).toBeGreaterThan(1)
    for (const { path, change_set_no } of files) {
      const database = await createScratchDatabase(inject('superuserUrl'))
      const { manifest } = await restoreBackup(database.owner_url, path, systemAuthor('test'))
      const [head] = await asOwner(database.owner_url, 'SELECT max(change_set_no)::int AS no FROM change_set')
      expect(head).toEqual({ no: change_set_no })
      const dangling = await asOwner<{ what: string; n: number }>(database.owner_url, DANGLING)
      expect(dangling.filter(({ n }) => n !== 0)).toEqual([])
      const pool = new pg.Pool(poolConfig(database.application_url, 2))
      const verdict = await verifyChain(kyselyOver(pool), manifest.audit_head)
      await pool.end()
      expect(verdict.findings).toEqual([])
      expect(verdict.seals).toBeGreaterThan(0)
      await database.drop()
    }
    await sealEvents(test.database.db)
    expect((await verifyChain(test.database.db, null)).findings).toEqual([])
  })
})
