import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { inject } from 'vitest'
import { kyselyOver, poolConfig } from '../../server/src/db/pool.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'
import { TEMPLATE_DATABASE } from './database.ts'

/** One test file's own database, cloned from the migrated template. */
export interface TestDatabase {
  /** As the application role, as in production. */
  db: Kysely<DB>
  application_url: string
  owner_url: string
  drop: () => Promise<void>
}

async function administer(superuserUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const superuserUrl = inject('superuserUrl')
  const name = `edumon_test_${randomBytes(6).toString('hex')}`
  await administer(superuserUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`)
  const owner = new URL(superuserUrl)
  owner.pathname = `/${name}`
  const application = new URL(owner)
  application.username = 'edumon_app'
  application.password = 'edumon-test'
  const pool = new pg.Pool(poolConfig(application.href, 10))
  // Dropping the database by force may cut a connection that is still closing.
  pool.on('error', () => undefined)
  return {
    db: kyselyOver(pool),
    application_url: application.href,
    owner_url: owner.href,
    drop: async () => {
      await pool.end()
      await administer(superuserUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}
