import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { ensurePartitions } from '../../server/src/db/measurement-partitions.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's address of the cluster that test databases are cloned in. */
    superuserUrl: string
  }
}

export const TEMPLATE_DATABASE = 'edumon_template'
const APPLICATION_PASSWORD = 'edumon-test'

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** An empty migrated database that every test file clones; the application role can sign in. */
async function makeTemplate(superuserUrl: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE_DATABASE}`)
    await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0`)
  })
  const url = new URL(superuserUrl)
  url.pathname = `/${TEMPLATE_DATABASE}`
  await migrate(url.href)
  const first = new Date(Date.UTC(2026, 0, 1))
  await ensurePartitions(url.href, { site_check: first, speed_test: first }, new Date(Date.UTC(2027, 2, 1)))
  await withClient(superuserUrl, (client) =>
    client.query(`ALTER ROLE edumon_app LOGIN PASSWORD '${APPLICATION_PASSWORD}'`),
  )
}

/** Starts a throw-away cluster for the run, or uses the server named by EDUMON_TEST_DATABASE_URL (a superuser's). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['EDUMON_TEST_DATABASE_URL']
  if (external !== undefined && external !== '') {
    await makeTemplate(external)
    project.provide('superuserUrl', external)
    return () => Promise.resolve()
  }
  const folder = mkdtempSync(join(tmpdir(), 'edumon-tests-'))
  chmodSync(folder, 0o755)
  const dataDir = join(folder, 'data')
  const database = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off', max_connections: '200' } })
  await makeTemplate(database.superuserUrl)
  project.provide('superuserUrl', database.superuserUrl)
  return async () => {
    await database.stop()
    removePostgresPlace(dataDir)
  }
}
