import type { Config } from '../config.ts'
import { ProgramGroup } from './child-process.ts'
import { prepareDatabase, type PreparedDatabase } from './prepare-database.ts'

/** Settings by which the API process finds its database. */
export function databaseSettings(database: PreparedDatabase): Record<string, string> {
  return { DATABASE_URL: database.application_url, EDUMON_OWNER_DATABASE_URL: database.owner_url }
}

/** Waits until the API answers. @throws when it has not within half a minute */
export async function waitForApi(url: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    const isUp = await fetch(`${url}/api/v1/health`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`The API at ${url} did not answer within 30 seconds`)
}

/** Ends the programs and then the database when the process is told to stop. */
export function stopOnSignal(programs: ProgramGroup, database: PreparedDatabase): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void programs
        .stop()
        .then(() => database.stop())
        .then(() => process.exit(0))
    })
  }
}

/** Runs everything on one machine: database, API with the web pages, one collector. */
export async function start(config: Config): Promise<void> {
  const database = await prepareDatabase(config)
  const programs = new ProgramGroup()
  stopOnSignal(programs, database)
  const url = `http://127.0.0.1:${config.port}`
  programs.keep({ name: 'api', script: 'server/src/main.ts', args: [], settings: databaseSettings(database) })
  await waitForApi(url)
  programs.keep({
    name: 'collector',
    script: 'collectors/src/main.ts',
    args: ['run'],
    settings: { EDUMON_API_URL: url },
  })
  console.log(`Open ${url} (only this computer is served: there are no accounts yet)`)
}
