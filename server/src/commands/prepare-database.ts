import pg from 'pg'
import type { Config } from '../config.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../db/embedded/embedded-postgres.ts'
import { loadReference, type ReferenceOptions } from '../db/load-reference.ts'
import { migrate } from '../db/migrate.ts'
import { kyselyOver, poolConfig } from '../db/pool.ts'
import { startUpkeep, type Upkeep } from './upkeep.ts'

const WATCH_MS = 2000

/** A database that is ready to be served: addresses of both roles, and how to let it go. */
export interface PreparedDatabase {
  application_url: string
  owner_url: string
  stop: () => Promise<void>
}

/** Starts the embedded database again when it has ended unasked; it comes back on the same port. */
function watch(database: EmbeddedPostgres, dataDir: string): { end: () => void } {
  let isStarting = false
  const timer = setInterval(() => {
    if (isStarting || database.isAlive()) return
    isStarting = true
    console.error('The embedded PostgreSQL ended unasked and is started again')
    startEmbeddedPostgres({ dataDir })
      .catch((error: unknown) => console.error(error))
      .finally(() => (isStarting = false))
  }, WATCH_MS)
  return { end: () => clearInterval(timer) }
}

/** The database of an installation, started when it is the embedded one. */
export async function findDatabase(config: Config): Promise<PreparedDatabase> {
  if (config.database_url !== null) {
    const owner_url = config.owner_database_url ?? config.database_url
    return { application_url: config.database_url, owner_url, stop: () => Promise.resolve() }
  }
  const embedded = await startEmbeddedPostgres({ dataDir: config.data_dir })
  if (embedded.outside !== null) {
    console.log(`Database lies in ${embedded.outside}: its system user cannot reach ${config.data_dir}`)
  }
  const watcher = watch(embedded, config.data_dir)
  const stop = async (): Promise<void> => {
    watcher.end()
    await embedded.stop()
  }
  return { application_url: embedded.applicationUrl, owner_url: embedded.ownerUrl, stop }
}

async function fillReference(
  database: PreparedDatabase,
  config: Config,
  portals?: ReferenceOptions['portals'],
): Promise<void> {
  const pool = new pg.Pool(poolConfig(database.application_url, 1))
  try {
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: config.time_zone })
    const options = { vantages: config.vantages, today }
    await loadReference(kyselyOver(pool), portals === undefined ? options : { ...options, portals })
  } finally {
    await pool.end()
  }
}

/**
 * Starts or finds the database, brings it up to date with its reference data, and keeps up what its owner alone may:
 * partitions that measurements will need, and the term of files.
 * @param portals addresses instead of the region's own portals, for a simulated world
 */
export async function prepareDatabase(
  config: Config,
  portals?: ReferenceOptions['portals'],
): Promise<PreparedDatabase> {
  const database = await findDatabase(config)
  let upkeep: Upkeep | null = null
  const stop = async (): Promise<void> => {
    await upkeep?.end()
    await database.stop()
  }
  try {
    const applied = await migrate(database.owner_url)
    if (applied.length > 0) console.log(`Applied migrations: ${applied.join(', ')}`)
    upkeep = await startUpkeep(database.owner_url, config)
    await fillReference(database, config, portals)
  } catch (error) {
    await stop()
    throw error
  }
  return { ...database, stop }
}
