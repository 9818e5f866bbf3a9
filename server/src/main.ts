import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { requireKnownPlaces } from './access/openid-connect/claimed-places.ts'
import { buildApp } from './app.ts'
import { readConfig, type Config } from './config.ts'
import { checkSchemaVersion } from './db/schema-version.ts'
import { listJobs } from './jobs/list-jobs.ts'
import { startTimedJobs } from './jobs/timed-jobs.ts'
import { describeError } from './log-lines.ts'

/**
 * Finishes what runs and lets everything go: no new connections, requests and jobs to their end, then the pool. What
 * takes longer than the limit is cut off: its transaction is rolled back and whoever asked asks again.
 */
async function stop(app: FastifyInstance, jobs: { stop: () => Promise<void> }, limit_s: number): Promise<number> {
  app.log.info('stopping')
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(1), limit_s * 1000)
  })
  const done = Promise.all([jobs.stop(), app.close()]).then(() => 0)
  const code = await Promise.race([done, late])
  clearTimeout(timer)
  if (code === 0) app.log.info('stopped')
  else app.log.warn({ limit_s }, 'stopped before everything was finished')
  return code
}

async function serve(config: Config): Promise<void> {
  if (config.database_url === null) {
    throw new Error('The API process needs DATABASE_URL; "npm start" brings an embedded database along')
  }
  const app = await buildApp(config, { application_url: config.database_url })
  await app.ready()
  await checkSchemaVersion(app.db)
  await requireKnownPlaces(app.db, config.openid_connect?.grants ?? [])
  const jobs = startTimedJobs(app.db, listJobs(config), app.log)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void stop(app, jobs, config.transport.stop_limit_s).then((code) => process.exit(code))
    })
  }
  await app.listen({ host: config.host, port: config.port })
  app.log.info({ host: config.host, port: config.port }, 'API listens')
}

/** The API process: serves the API and the web pages over a migrated database until it is told to stop. */
try {
  await serve(readConfig())
} catch (error) {
  // The text alone: what Node prints of an uncaught error may hold the database's address with its password.
  pino().fatal({ err: describeError(error) }, 'the API did not start')
  process.exit(1)
}
