import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../src/db/embedded/postgres-place.ts'
import { migrate } from '../src/db/migrate.ts'
import { describeApi } from './describe-api.ts'
import { describeSchema } from './describe-schema.ts'

/**
 * Makes every generated file, or with --check compares them with what stands in the tree:
 * sql/schema.sql, server/src/db/schema.gen.ts, server/openapi.json, web/src/api/schema.gen.ts.
 */
const ROOT = join(import.meta.dirname, '../..')
const BIN = join(ROOT, 'node_modules/.bin')
const check = process.argv.includes('--check')
const scratch = mkdtempSync(join(tmpdir(), 'edumon-generate-'))
const stale: string[] = []

function put(path: string, content: string): void {
  const file = join(ROOT, path)
  const present = existsSync(file) ? readFileSync(file, 'utf8') : null
  if (present === content) return
  if (check) stale.push(path)
  else writeFileSync(file, content)
}

function generateTableTypes(ownerUrl: string): string {
  const file = join(scratch, 'schema.gen.ts')
  const mapping = { int8: 'number', date: 'string', timestamptz: 'Date', jsonb: 'unknown' }
  execFileSync(join(BIN, 'kysely-codegen'), [
    ...['--dialect', 'postgres', '--url', ownerUrl, '--out-file', file, '--log-level', 'error'],
    ...['--type-mapping', JSON.stringify(mapping)],
  ])
  return readFileSync(file, 'utf8')
}

function generateApiTypes(openapi: string): string {
  const source = join(scratch, 'openapi.json')
  const file = join(scratch, 'api.gen.ts')
  writeFileSync(source, openapi)
  execFileSync(join(BIN, 'openapi-typescript'), [source, '--output', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  return readFileSync(file, 'utf8')
}

const database = await startEmbeddedPostgres({ dataDir: join(scratch, 'data'), settings: { fsync: 'off' } })
try {
  await migrate(database.ownerUrl)
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  try {
    put('sql/schema.sql', await describeSchema(client))
  } finally {
    await client.end()
  }
  put('server/src/db/schema.gen.ts', generateTableTypes(database.ownerUrl))
  const openapi = await describeApi(database.applicationUrl)
  put('server/openapi.json', openapi)
  put('web/src/api/schema.gen.ts', generateApiTypes(openapi))
} finally {
  await database.stop()
  removePostgresPlace(join(scratch, 'data'))
  rmSync(scratch, { recursive: true, force: true })
}

if (stale.length > 0) {
  console.error(`Not fresh, run "npm run generate": ${stale.join(', ')}`)
  process.exitCode = 1
}
