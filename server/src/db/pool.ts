import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { DB } from './schema.gen.ts'
import { APPLICATION_ROLE } from './migrate.ts'
import { addQueryTime } from './query-times.ts'

type Parse = (value: string) => unknown

/** Days stay strings (a Date would move them east of Greenwich); int8 counts and ids are safe integers here. */
const PARSERS = new Map<number, Parse>([
  [1082, (value) => value],
  [20, parseSafeInteger],
  [1016, (value) => (value === '{}' ? [] : value.slice(1, -1).split(',').map(parseSafeInteger))],
])

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === 'binary' ? undefined : PARSERS.get(oid)) ?? (pg.types.getTypeParser(oid, format) as Parse),
}

function parseSafeInteger(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`int8 out of the safe range: ${value}`)
  return number
}

/**
 * Settings of every connection that the application makes: its role, UTC, an end to runaway queries, and memory enough
 * to sort a region; its queries end before compiling them would pay.
 */
export function poolConfig(url: string, max: number): pg.PoolConfig {
  return {
    connectionString: url,
    max,
    types,
    options: `-c role=${APPLICATION_ROLE} -c TimeZone=UTC -c statement_timeout=60000 -c jit=off -c work_mem=32MB`,
    connectionTimeoutMillis: 10_000,
  }
}

/** Settings of a connection of the schema's owner, who may also remove what the application may only add. */
export function ownerPoolConfig(url: string): pg.PoolConfig {
  return { connectionString: url, max: 1, types, options: '-c TimeZone=UTC', connectionTimeoutMillis: 10_000 }
}

async function connectTimed(pool: pg.Pool): Promise<pg.PoolClient> {
  const started = performance.now()
  try {
    return await pool.connect()
  } finally {
    addQueryTime('pool_wait_ms', performance.now() - started)
  }
}

/**
 * Kysely over an existing pool, which tells the work that it serves where time went. It never ends the pool: whoever
 * made the pool does.
 */
export function kyselyOver(pool: pg.Pool): Kysely<DB> {
  return new Kysely<DB>({
    dialect: new PostgresDialect({
      pool: { options: pool.options, connect: () => connectTimed(pool), end: () => pool.end() },
    }),
    log: ({ queryDurationMillis }) => addQueryTime('database_ms', queryDurationMillis),
  })
}
