import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findPostgresPlace, type PostgresPlace } from './postgres-place.ts'
import { runApart } from './run-apart.ts'
import { findRunningPostgres, isPostgresAlive } from './running-postgres.ts'

const START_TIMEOUT_S = 300
const SUPERUSER = 'postgres'
const DATABASE = 'edumon'

/** Addresses of an embedded database for its three roles. */
export interface EmbeddedAddresses {
  ownerUrl: string
  applicationUrl: string
  superuserUrl: string
}

/** A running embedded database and its end. */
export interface EmbeddedPostgres extends EmbeddedAddresses {
  /** Folder outside the data folder that it lies in; null when it lies inside. */
  outside: string | null
  /** False when the server has ended, for instance because it was killed. */
  isAlive: () => boolean
  stop: () => Promise<void>
}

export interface EmbeddedOptions {
  dataDir: string
  /** Extra `-c` settings, such as fsync=off for throw-away clusters of tests. */
  settings?: Record<string, string>
}

function keepPassword(dataDir: string): string {
  const file = join(dataDir, 'database-password')
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (kept !== '') return kept
  const password = randomBytes(24).toString('base64url')
  writeFileSync(file, password, { mode: 0o600 })
  return password
}

async function openPort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No free port was found'))
        else resolve(address.port)
      })
    })
  })
}

/** The port of the last start where it is still free: programs that outlived the server find it again. */
async function choosePort(dataDir: string): Promise<number> {
  const file = join(dataDir, 'database-port')
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  const port = await openPort(last).catch(() => openPort(0))
  writeFileSync(file, `${port}`)
  return port
}

/**
 * Makes the cluster beside its place and moves it there when it is whole: one that was cut off half-way is never taken
 * for a cluster.
 */
async function initialise(place: PostgresPlace, password: string): Promise<void> {
  const making = `${place.cluster}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { mode: 0o700 })
  const folder = mkdtempSync(join(tmpdir(), 'edumon-init-'))
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if ('uid' in place.identity) {
    chownSync(making, place.identity.uid, place.identity.gid)
    chownSync(folder, place.identity.uid, place.identity.gid)
    chownSync(passwordFile, place.identity.uid, place.identity.gid)
  }
  try {
    await runApart(
      join(place.programs, 'bin', 'initdb'),
      [
        `--pgdata=${making}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C.UTF-8',
      ],
      place.identity,
    )
    // Whatever stands there is no cluster: the empty folder that waits for it, or one that was cut off.
    rmSync(place.cluster, { recursive: true, force: true })
    renameSync(making, place.cluster)
  } catch (error) {
    throw new Error('initdb could not make the database cluster', { cause: error })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readFatalLines(logFile: string): string {
  if (!existsSync(logFile)) return 'no log was written'
  const lines = readFileSync(logFile, 'utf8').split('\n')
  return (
    lines
      .filter((line) => /FATAL|HINT|PANIC/.test(line))
      .slice(-6)
      .join('\n') || lines.slice(-6).join('\n')
  )
}

async function startServer(place: PostgresPlace, port: number, settings: Record<string, string>): Promise<void> {
  const logFile = join(place.cluster, 'server.log')
  const flags = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '100', ...settings }
  const options = Object.entries(flags).map(([name, value]) => `-c ${name}='${value}'`)
  try {
    await runApart(
      join(place.programs, 'bin', 'pg_ctl'),
      [
        '-D',
        place.cluster,
        '-l',
        logFile,
        '-w',
        '-t',
        `${START_TIMEOUT_S}`,
        '-o',
        `-p ${port} ${options.join(' ')}`,
        'start',
      ],
      place.identity,
    )
  } catch (error) {
    throw new Error(`The embedded PostgreSQL did not start:\n${readFatalLines(logFile)}`, { cause: error })
  }
}

async function bootstrap(superuserUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    for (const [role, rights] of [
      ['edumon_owner', 'CREATEDB CREATEROLE'],
      ['edumon_app', ''],
    ] as const) {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
      if (rowCount === 0) await client.query(`CREATE ROLE ${role} LOGIN ${rights} PASSWORD '${password}'`)
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER edumon_owner`)
  } finally {
    await client.end()
  }
}

function addressesAt(port: number, password: string): EmbeddedAddresses {
  const url = (user: string, database: string): string => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
  return {
    ownerUrl: url('edumon_owner', DATABASE),
    applicationUrl: url('edumon_app', DATABASE),
    superuserUrl: url(SUPERUSER, 'postgres'),
  }
}

/**
 * Addresses of the embedded database that another program of ours keeps running.
 * @returns null when its server does not run
 */
export async function findEmbeddedPostgres(dataDir: string): Promise<EmbeddedAddresses | null> {
  const port = await findRunningPostgres(findPostgresPlace(dataDir).cluster, START_TIMEOUT_S * 1000)
  return port === null ? null : addressesAt(port, keepPassword(dataDir))
}

/**
 * Starts the embedded PostgreSQL of a data folder, making it on first use; a server that outlived a killed parent is
 * taken over. Recovery after a crash is waited for.
 * @throws with PostgreSQL's own FATAL and HINT lines when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  mkdirSync(options.dataDir, { recursive: true })
  const place = findPostgresPlace(options.dataDir)
  const password = keepPassword(options.dataDir)
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) await initialise(place, password)
  chmodSync(place.cluster, 0o700)
  const running = await findRunningPostgres(place.cluster, START_TIMEOUT_S * 1000)
  const port = running ?? (await choosePort(options.dataDir))
  if (running === null) await startServer(place, port, options.settings ?? {})
  const addresses = addressesAt(port, password)
  await bootstrap(addresses.superuserUrl, password)
  return {
    ...addresses,
    outside: place.outside,
    isAlive: () => isPostgresAlive(place.cluster),
    stop: async () => {
      if (!isPostgresAlive(place.cluster)) return
      const args = ['-D', place.cluster, '-m', 'fast', '-w', 'stop']
      await runApart(join(place.programs, 'bin', 'pg_ctl'), args, place.identity)
    },
  }
}
