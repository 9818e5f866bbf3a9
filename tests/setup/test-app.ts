import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../server/src/app.ts'
import { readConfig, type Config } from '../../server/src/config.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

/** The real application on a database of its own; `inject` speaks to it without a socket. */
export interface TestApp {
  app: FastifyInstance
  database: TestDatabase
  config: Config
  close: () => Promise<void>
}

export async function createTestApp(settings: Partial<Config> = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const plain = readConfig({})
  // A machine that is busy with other tests must not look like a server under pressure.
  const config: Config = {
    ...plain,
    limits: { ...plain.limits, pressure_delay_ms: 0 },
    log_level: 'silent',
    ...settings,
  }
  const app = await buildApp(config, { application_url: database.application_url })
  await app.ready()
  return {
    app,
    database,
    config,
    close: async () => {
      await app.close()
      await database.drop()
    },
  }
}
