import { requireKnownPlaces } from './access/openid-connect/claimed-places.ts'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { checkSchemaVersion } from './db/schema-version.ts'
import { listJobs } from './jobs/list-jobs.ts'
import { startTimedJobs } from './jobs/timed-jobs.ts'

/** The API process: serves the API and the web pages over a migrated database until it is told to stop. */
const config = readConfig()
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
    void jobs
      .stop()
      .then(() => app.close())
      .then(() => process.exit(0))
  })
}
await app.listen({ host: config.host, port: config.port })
app.log.info({ host: config.host, port: config.port }, 'API listens')
