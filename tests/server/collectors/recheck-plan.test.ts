import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selectRecent } from '../../../server/src/routes/collectors/recheck.ts'
import { asOwner } from '../../factories/audit.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await sql`
    INSERT INTO audit_event (actor, action, subject, category, detail)
    SELECT 'test', CASE WHEN n % 100 = 0 THEN 'recheck' ELSE 'receive' END, 'target ' || n % 1000, 'data', '{}'
      FROM generate_series(1, 20000) n`.execute(database.db)
  await asOwner(database.owner_url, 'ANALYZE audit_event')
})
afterAll(() => database.drop())

describe('the look for a recent recheck', () => {
  it('reads the index of rechecks, not the ledger', async () => {
    const plan = JSON.stringify(await selectRecent(database.db, 'target 100').explain('json'))
    expect(plan).toContain('audit_event_recheck_idx')
    expect(plan).not.toContain('Seq Scan')
  })

  it('finds the recheck of that subject alone', async () => {
    expect(await selectRecent(database.db, 'target 100').execute()).toHaveLength(20)
    expect(await selectRecent(database.db, 'target 101').execute()).toEqual([])
  })
})
