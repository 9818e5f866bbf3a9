import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../../server/src/db/migrate.ts'
import { checkSchemaVersion } from '../../server/src/db/schema-version.ts'
import { createTestDatabase, type TestDatabase } from '../setup/test-database.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.owner_url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

describe('migrate', () => {
  it('has nothing to do on a database that is up to date, from several processes at once', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => migrate(database.owner_url)))
    expect(runs).toEqual([[], [], []])
  })

  it('refuses a database that a newer program has migrated', async () => {
    await asOwner(`INSERT INTO schema_migration (name, sha256) VALUES ('9999_from_the_future.sql', 'x')`)
    await expect(migrate(database.owner_url)).rejects.toThrow(/newer than this program.*9999_from_the_future/)
    await expect(checkSchemaVersion(database.db)).rejects.toThrow(/newer than this program/)
    await asOwner(`DELETE FROM schema_migration WHERE name = '9999_from_the_future.sql'`)
    await checkSchemaVersion(database.db)
  })

  it('refuses a database whose applied migration was changed since', async () => {
    await asOwner(`UPDATE schema_migration SET sha256 = 'other' WHERE name = '0001_change_sets.sql'`)
    await expect(migrate(database.owner_url)).rejects.toThrow(/0001_change_sets.sql was changed/)
  })
})
