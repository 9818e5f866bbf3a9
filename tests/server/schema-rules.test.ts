import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TABLE_MANIFEST, type TableKind } from '../../server/src/db/table-manifest.ts'
import { createTestDatabase, type TestDatabase } from '../setup/test-database.ts'

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.owner_url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

async function list<T extends object>(text: string): Promise<T[]> {
  return (await client.query<T>(text)).rows
}

function kindOf(table: string): TableKind {
  const kind = TABLE_MANIFEST[table]
  if (kind === undefined) throw new Error(`${table} is not in the manifest`)
  return kind
}

const TABLES = `SELECT c.oid::int4 AS oid, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition`

/** Newest states, which are rebuilt from the facts. */
const CACHES: readonly string[] = ['site_state', 'site_section', 'speed_state', 'speed_group']

describe('the table manifest', () => {
  it('names exactly the tables that there are', async () => {
    const tables = await list<{ name: string }>(TABLES)
    expect(tables.map((table) => table.name).sort()).toEqual(Object.keys(TABLE_MANIFEST).sort())
  })
})

describe('rules that keep the schema distributable', () => {
  it('puts org_unit_id first into every key of a distributed table', async () => {
    const keys = await list<{ table: string; name: string; columns: string[] }>(`
      SELECT t.relname AS table, i.relname AS name,
             array(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (attnum, place)
                   JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum ORDER BY k.place) AS columns
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        JOIN (${TABLES}) mine ON mine.oid = t.oid::int4
       WHERE x.indisunique OR x.indisexclusion`)
    const wrong = keys.filter((key) => kindOf(key.table) === 'distributed' && key.columns[0] !== 'org_unit_id')
    expect(wrong).toEqual([])
    expect(keys.filter((key) => kindOf(key.table) === 'distributed').length).toBeGreaterThan(8)
  })

  it('lets foreign keys go only fact to reference, fact to colocated fact, or within one kind', async () => {
    const keys = await list<{ name: string; from: string; to: string; columns: string[] }>(`
      SELECT k.conname AS name, f.relname AS from, r.relname AS to,
             array(SELECT a.attname::text FROM unnest(k.conkey) c JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = c) AS columns
        FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
       WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT f.relispartition`)
    const wrong = keys.filter((key) => {
      const [from, to] = [kindOf(key.from), kindOf(key.to)]
      if (from === 'distributed')
        return to === 'local' || (to === 'distributed' && !key.columns.includes('org_unit_id'))
      return from !== to
    })
    expect(wrong).toEqual([])
    expect(keys.length).toBeGreaterThan(10)
  })

  it('has no trigger and no row security on facts and reference tables', async () => {
    const triggers = await list<{ table: string }>(
      `SELECT c.relname AS table FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal`,
    )
    expect(triggers.filter((row) => kindOf(row.table) !== 'local')).toEqual([])
    const secured = await list<{ table: string }>(`SELECT relname AS table FROM pg_class WHERE relrowsecurity`)
    expect(secured).toEqual([])
  })

  it('has no identity columns, and no real-typed measures', async () => {
    const columns = await list<{ table: string; column: string }>(`
      SELECT c.relname AS table, a.attname AS column FROM pg_attribute a JOIN (${TABLES}) c0 ON c0.oid = a.attrelid::int4
        JOIN pg_class c ON c.oid = a.attrelid
       WHERE a.attnum > 0 AND (a.attidentity <> '' OR a.atttypid = 'float4'::regtype)`)
    expect(columns).toEqual([])
  })

  it('comments every table and column, and names every constraint after its table', async () => {
    const bare = await list<{ table: string; column: string | null }>(`
      SELECT t.name AS table, a.attname AS column FROM (${TABLES}) t
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE t.name <> 'schema_migration' AND (col_description(t.oid, a.attnum) IS NULL OR obj_description(t.oid) IS NULL)`)
    expect(bare).toEqual([])
    const unnamed = await list<{ name: string; table: string }>(`
      SELECT k.conname AS name, t.name AS table FROM pg_constraint k JOIN (${TABLES}) t ON t.oid = k.conrelid::int4
       WHERE k.contype <> 'n' AND k.conname NOT LIKE t.name || '\\_%'`)
    expect(unnamed).toEqual([])
  })
})

describe('the application role', () => {
  it('may not change or delete facts, and may not create anything', async () => {
    const ledgers = Object.entries(TABLE_MANIFEST)
      .filter(([name, kind]) => kind === 'distributed' && !CACHES.includes(name))
      .map(([name]) => name)
    const rights = await list<{ table: string; right: string }>(`
      SELECT table_name AS table, privilege_type AS right FROM information_schema.role_table_grants
       WHERE grantee = 'edumon_app' AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')`)
    expect(rights.filter((row) => ledgers.includes(row.table))).toEqual([])
    const { db } = database
    await expect(db.updateTable('site_check').set({ total_ms: 0 }).execute()).rejects.toThrow(/permission denied/)
    await expect(db.deleteFrom('change_set').execute()).rejects.toThrow(/permission denied/)
    await expect(db.schema.createTable('x').addColumn('y', 'integer').execute()).rejects.toThrow(/permission denied/)
  })
})
