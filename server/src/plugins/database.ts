import fastifyPostgres from '@fastify/postgres'
import fp from 'fastify-plugin'
import type { Kysely } from 'kysely'
import { kyselyOver, poolConfig } from '../db/pool.ts'
import type { DB } from '../db/schema.gen.ts'

const POOL_SIZE = 20

declare module 'fastify' {
  interface FastifyInstance {
    /** Kysely over the plugin's pool. The plugin alone ends the pool. */
    db: Kysely<DB>
  }
}

interface DatabaseOptions {
  database_url: string
}

/** The application's pool. A connection that PostgreSQL drops while idle is logged and replaced, it ends nothing. */
export default fp<DatabaseOptions>(
  async (app, options) => {
    await app.register(fastifyPostgres, poolConfig(options.database_url, POOL_SIZE))
    app.pg.pool.on('error', (error) => app.log.warn({ err: error }, 'idle database connection lost'))
    // A connection lost between two statements of a transaction tells nobody but its client: unheard, it ends the process.
    app.pg.pool.on('connect', (client) => {
      client.on('error', (error) => app.log.warn({ err: error }, 'database connection lost'))
    })
    app.decorate('db', kyselyOver(app.pg.pool))
  },
  { name: 'database' },
)
