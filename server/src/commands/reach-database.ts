import type { Kysely } from 'kysely'
import { withApplication } from '../access/own-programs.ts'
import type { Config } from '../config.ts'
import type { DB } from '../db/schema.gen.ts'
import { findEmbeddedPostgres } from '../db/embedded/embedded-postgres.ts'
import { findDataFolderHolder, lockDataFolder } from './data-folder-lock.ts'
import { findDatabase, type PreparedDatabase } from './prepare-database.ts'

/**
 * Reaches the database of an installation as it is, whether the system runs or not. One that runs goes on; an embedded
 * one that does not is started until `stop`.
 * @throws when the embedded database is just being started or stopped
 */
export async function reachDatabase(config: Config): Promise<PreparedDatabase> {
  if (config.database_url !== null) return findDatabase(config)
  const holder = findDataFolderHolder(config.data_dir)
  if (holder === null) {
    lockDataFolder(config.data_dir)
    return findDatabase(config)
  }
  const running = await findEmbeddedPostgres(config.data_dir)
  if (running === null) throw new Error(`Process ${holder} is starting or ending the database: try again`)
  return { application_url: running.applicationUrl, owner_url: running.ownerUrl, stop: () => Promise.resolve() }
}

/** Runs `work` with the application's rights over the database of an installation, whether the system runs or not. */
export async function withInstallation<T>(
  config: Config,
  work: (db: Kysely<DB>, database: PreparedDatabase) => Promise<T>,
): Promise<T> {
  const database = await reachDatabase(config)
  try {
    return await withApplication(database.application_url, (db) => work(db, database))
  } finally {
    await database.stop()
  }
}
