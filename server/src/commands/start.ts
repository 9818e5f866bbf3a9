import { createServer } from 'node:net'
import { issueCollectorToken, issueMeasurementToken, withApplication } from '../access/own-programs.ts'
import { ensureFirstAdministrator } from '../access/users.ts'
import type { Config } from '../config.ts'
import { WORK_KINDS } from '../contract/index.ts'
import { dayInZone } from '../domain/region-day.ts'
import { administratorNotice } from './administrator-link.ts'
import { ProgramGroup, type ChildProgram } from './child-process.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { prepareDatabase, type PreparedDatabase } from './prepare-database.ts'
import { Shutdown } from './shutdown.ts'

/**
 * Finds out before anything is started whether a program can have its port; 0 means any.
 * @param setting that another port can be set by
 * @returns the address that the program will have
 * @throws when another program listens there
 */
export async function findAddress(
  config: Pick<Config, 'host' | 'port'>,
  setting: 'EDUMON_PORT' | 'EDUMON_MEASUREMENT_PORT',
): Promise<{ url: string; port: number }> {
  const { host } = config
  const port = await new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', (cause) => {
      const message = `${host}:${config.port} cannot be listened on (${cause.message}): set ${setting} to another port`
      reject(new Error(message, { cause }))
    })
    server.listen(config.port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : config.port))
    })
  })
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port }
}

/** Where the programs that people and schools connect to will listen. */
export interface Addresses {
  api: { url: string; port: number }
  measurement_port: number
}

/** @throws when another program listens where one of ours is to */
export async function findAddresses({ host, port, measurement }: Config): Promise<Addresses> {
  const api = await findAddress({ host, port }, 'EDUMON_PORT')
  const { port: measurement_port } = await findAddress({ host, port: measurement.port }, 'EDUMON_MEASUREMENT_PORT')
  return { api, measurement_port }
}

/** Settings of the API process, which names the measurement server to whoever tests. */
export function apiSettings(database: PreparedDatabase, { api, measurement_port }: Addresses): Record<string, string> {
  return {
    DATABASE_URL: database.application_url,
    EDUMON_OWNER_DATABASE_URL: database.owner_url,
    EDUMON_PORT: `${api.port}`,
    EDUMON_MEASUREMENT_PORT: `${measurement_port}`,
  }
}

/** The measurement server beside the API. */
export function measurementProgram({ api, measurement_port }: Addresses, token: string): ChildProgram {
  return {
    name: 'measurement server',
    script: 'server/src/measurement-server/main.ts',
    args: [],
    settings: { EDUMON_API_URL: api.url, EDUMON_MEASUREMENT_PORT: `${measurement_port}`, EDUMON_TOKEN: token },
  }
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

/** Runs everything on one machine: database, API with the web pages, measurement server, one collector. */
export async function start(config: Config): Promise<void> {
  lockDataFolder(config.data_dir)
  const addresses = await findAddresses(config)
  const { url } = addresses.api
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
    const settings = apiSettings(database, addresses)
    programs.keep({ name: 'api', script: 'server/src/main.ts', args: [], settings })
    await waitForApi(url)
    const { token, measurement_token, link } = await withApplication(database.application_url, async (db) => ({
      token: await issueCollectorToken(db, { ...collector, work_kinds: WORK_KINDS }, today),
      measurement_token: await issueMeasurementToken(db, 'local', today),
      link: await ensureFirstAdministrator(db, today),
    }))
    programs.keep(measurementProgram(addresses, measurement_token))
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
