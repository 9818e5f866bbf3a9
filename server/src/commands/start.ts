import { createServer } from 'node:net'
import { issueCollectorToken, withApplication } from '../access/own-programs.ts'
import { ensureFirstAdministrator } from '../access/users.ts'
import type { Config } from '../config.ts'
import { WORK_KINDS } from '../contract/index.ts'
import { dayInZone } from '../domain/region-day.ts'
import { administratorNotice } from './administrator-link.ts'
import { ProgramGroup } from './child-process.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { prepareDatabase, type PreparedDatabase } from './prepare-database.ts'
import { Shutdown } from './shutdown.ts'

/** Settings by which the API process finds its database. */
export function databaseSettings(database: PreparedDatabase): Record<string, string> {
  return { DATABASE_URL: database.application_url, EDUMON_OWNER_DATABASE_URL: database.owner_url }
}

/**
 * Finds out before anything is started whether the API can have its port; 0 means any.
 * @returns the address that the API will have
 * @throws when another program listens there
 */
export async function findApiAddress(config: Pick<Config, 'host' | 'port'>): Promise<{ url: string; port: number }> {
  const { host } = config
  const port = await new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', (cause) => {
      const message = `${host}:${config.port} cannot be listened on (${cause.message}): set EDUMON_PORT to another port`
      reject(new Error(message, { cause }))
    })
    server.listen(config.port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : config.port))
    })
  })
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port }
}

/** A busy machine may need long to read the program; one that cannot start is seen by what it prints meanwhile. */
const API_START_LIMIT_S = 120

/** Waits until the API can serve. @throws when it has not within two minutes */
export async function waitForApi(url: string): Promise<void> {
  const deadline = Date.now() + API_START_LIMIT_S * 1000
  while (Date.now() < deadline) {
    const isUp = await fetch(`${url}/api/v1/ready`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`The API at ${url} did not answer within ${API_START_LIMIT_S} seconds`)
}

/** The collector that runs beside the API. */
function localCollector(config: Config): { name: string; vantage: string } {
  return { name: 'local', vantage: config.vantages[0] ?? 'local' }
}

/** Runs everything on one machine: database, API with the web pages, one collector. */
export async function start(config: Config): Promise<void> {
  lockDataFolder(config.data_dir)
  const { url, port } = await findApiAddress(config)
  const shutdown = new Shutdown()
  const programs = new ProgramGroup()
  const today = dayInZone(new Date(), config.time_zone)
  const collector = localCollector(config)
  try {
    const database = await shutdown.begin(
      () => prepareDatabase(config),
      (begun) => begun.stop(),
    )
    shutdown.add(() => programs.stop())
    const settings = { ...databaseSettings(database), EDUMON_PORT: `${port}` }
    programs.keep({ name: 'api', script: 'server/src/main.ts', args: [], settings })
    await waitForApi(url)
    const { token, link } = await withApplication(database.application_url, async (db) => ({
      token: await issueCollectorToken(db, { ...collector, work_kinds: WORK_KINDS }, today),
      link: await ensureFirstAdministrator(db, today),
    }))
    programs.keep({
      name: 'collector',
      script: 'collectors/src/main.ts',
      args: ['run'],
      settings: {
        EDUMON_API_URL: url,
        EDUMON_COLLECTOR_NAME: collector.name,
        EDUMON_VANTAGE: collector.vantage,
        EDUMON_TOKEN: token,
      },
    })
    console.log(`Open ${config.public_origin ?? url}`)
    if (link !== null) console.log(administratorNotice(config.public_origin ?? url, link))
  } catch (error) {
    await shutdown.end()
    throw error
  }
}
