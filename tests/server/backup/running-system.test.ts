import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { findHead, sealEvents } from '../../../server/src/audit/seal-events.ts'
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

const BACKUPS = 5
const SITES = 500
const VANTAGES = ['a', 'b', 'c']
/** Small, so that many batches come in while a backup is written. */
const BATCH = 5

let test: TestApp
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-backup-'))
  test = await createTestApp()
  await insertSchoolSites(test.database.db, SITES, VANTAGES)
  await makeAllDue(test.database.db)
})
afterAll(async () => {
  await test.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Collectors that measure and a sealer that seals until they are told to end. */
class Traffic {
  #isOver = false
  accepted = 0
  readonly ended: Promise<unknown>

  constructor() {
    this.ended = Promise.all([...VANTAGES.map((vantage) => this.#measure(vantage)), this.#seal()])
  }

  async #measure(vantage: string): Promise<void> {
    const collector = new TestCollector(test.app, vantage, vantage)
    while (!this.#isOver) {
      const leases = await collector.lease(BATCH)
      if (leases.length === 0) throw new Error('The work has run out before the backups were written')
      const answer = await collector.submit(leases.map((lease) => makeCheck(lease)))
      this.accepted += answer.accepted
    }
  }

  async #seal(): Promise<void> {
    while (!this.#isOver) await sealEvents(test.database.db)
  }

  readonly end = (): void => {
    this.#isOver = true
  }
}

/** Waits until more has been sealed than this. */
async function waitForSealAfter(seal_no: number): Promise<number> {
  for (;;) {
    const head = await findHead(test.database.db)
    if (head?.seal_no !== undefined && head.seal_no !== null && head.seal_no > seal_no) return head.seal_no
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function backUpRepeatedly(): Promise<{ path: string; change_set_no: number }[]> {
  const files: { path: string; change_set_no: number }[] = []
  let seal_no = 0
  for (let number = 0; number < BACKUPS; number += 1) {
    seal_no = await waitForSealAfter(seal_no)
    const path = join(folder, `${number}.edumon`)
    const { manifest } = await writeBackup(test.database.owner_url, path)
    expect(manifest.audit_head?.seal_no).toBeGreaterThanOrEqual(seal_no)
    files.push({ path, change_set_no: manifest.change_set_no })
  }
  return files
}

/** What one consistent moment looks like: no fact, state or event points to a change set that is not there. */
const DANGLING = `
  SELECT 'site_check' AS what, count(*)::int AS n FROM site_check f WHERE NOT EXISTS (SELECT FROM change_set c WHERE c.change_set_no = f.change_set_no)
  UNION ALL SELECT 'site_verdict', count(*)::int FROM site_verdict f WHERE NOT EXISTS (SELECT FROM change_set c WHERE c.change_set_no = f.change_set_no)
  UNION ALL SELECT 'audit_event', count(*)::int FROM audit_event f WHERE change_set_no IS NOT NULL AND NOT EXISTS (SELECT FROM change_set c WHERE c.change_set_no = f.change_set_no)
  UNION ALL SELECT 'receipt', count(*)::int FROM receipt r WHERE NOT EXISTS (SELECT FROM site_check c WHERE c.check_id = r.measurement_id)
  UNION ALL SELECT 'batch without event', count(*)::int FROM change_set c WHERE kind = 'batch' AND NOT EXISTS (SELECT FROM audit_event e WHERE e.change_set_no = c.change_set_no)
  UNION ALL SELECT 'hole', (max(change_set_no) - count(*))::int FROM change_set`

async function waitForWaiter(owner_url: string): Promise<void> {
  for (;;) {
    const [waiting] = await asOwner<{ n: number }>(
      owner_url,
      `SELECT count(*)::int AS n FROM pg_locks
        WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
    if ((waiting?.n ?? 0) > 0) return
  }
}

describe('a backup that begins while a partition is being dropped', () => {
  it('is of the moment after: neither the partition nor what was written with its end is left out or left over', async () => {
    const { owner_url } = test.database
    const [partition] = await asOwner<{ name: string }>(
      owner_url,
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'site_check'::regclass ORDER BY 1 DESC LIMIT 1`,
    )
    const client = new pg.Client({ connectionString: owner_url })
    await client.connect()
    await client.query('BEGIN')
    await client.query(`DROP TABLE ${partition?.name ?? ''}`)
    await client.query(`INSERT INTO audit_event (actor, category, action, subject, detail)
      VALUES ('test', 'operation', 'drop', 'x', '{}')`)
    const [before] = await asOwner<{ n: number }>(owner_url, 'SELECT count(*)::int AS n FROM audit_event')
    const writing = writeBackup(owner_url, join(folder, 'dropping.edumon'))
    await waitForWaiter(owner_url)
    await client.query('COMMIT')
    await client.end()
    const { manifest } = await writing
    expect(manifest.partitions.map(({ name }) => name)).not.toContain(partition?.name)
    expect(manifest.tables.find(({ name }) => name === 'audit_event')?.rows).toBe((before?.n ?? 0) + 1)
  })
})

describe('a backup while batches come in', () => {
  it('holds one moment: change sets without a hole up to its head, all that belongs to them, a whole audit', async () => {
    const traffic = new Traffic()
    const [files] = await Promise.all([backUpRepeatedly().finally(traffic.end), traffic.ended])
    expect(traffic.accepted).toBeGreaterThan(BACKUPS * BATCH)
    const heads = files.map((file) => file.change_set_no)
    expect(new Set(heads).size).toBeGreaterThan(1)
    for (const { path, change_set_no } of files) {
      const database = await createScratchDatabase(inject('superuserUrl'))
      const { manifest } = await restoreBackup(database.owner_url, path, {
        by: systemAuthor('test'),
        keep_tokens: false,
      })
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
