import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import { describeSchema } from '../../server/scripts/describe-schema.ts'
import { createTestDatabase } from '../setup/test-database.ts'

it('describes the migrated database as sql/schema.sql does, on every PostgreSQL that the tests run on', async () => {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.owner_url })
  await client.connect()
  try {
    const written = readFileSync(join(import.meta.dirname, '../../sql/schema.sql'), 'utf8')
    expect(await describeSchema(client)).toBe(written)
  } finally {
    await client.end()
    await database.drop()
  }
})
