import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { issueCollectorToken, withApplication } from '../../server/src/access/own-programs.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { ensureSiteCheckPartitions } from '../../server/src/db/site-check-partitions.ts'
import { startAcknowledgementProxy, type AcknowledgementProxy } from './acknowledgement-proxy.ts'
import { insertFaultTargets } from './fault-targets.ts'

const ROOT = join(import.meta.dirname, '../..')
export const VICTIMS = ['collector', 'api', 'database'] as const
export type Victim = (typeof VICTIMS)[number]

const SITE_COUNT = 40
/** Long enough for a machine whose other programs leave it little: what is judged here is loss, not speed. */
const PROGRESS_TIMEOUT_MS = 240_000

/** Real programs in processes of their own, over a small site on loopback: collector → proxy → API → database. */
export class FaultRig {
  readonly #folder: string
  readonly #settings: Record<string, string>
  readonly #site: { close: () => void }
  readonly #children = new Map<'collector' | 'api', ChildProcess>()
  database: EmbeddedPostgres
  readonly proxy: AcknowledgementProxy

  private constructor(parts: {
    folder: string
    settings: Record<string, string>
    database: EmbeddedPostgres
    proxy: AcknowledgementProxy
    site: { close: () => void }
  }) {
    this.#folder = parts.folder
    this.#settings = parts.settings
    this.#site = parts.site
    this.database = parts.database
    this.proxy = parts.proxy
  }

  static async start(): Promise<FaultRig> {
    const folder = mkdtempSync(join(tmpdir(), 'edumon-faults-'))
    chmodSync(folder, 0o755)
    const database = await startEmbeddedPostgres({ dataDir: join(folder, 'data') })
    await migrate(database.ownerUrl)
    await ensureSiteCheckPartitions(database.ownerUrl, new Date(), new Date())
    const site = await startSite()
    await insertFaultTargets(database.applicationUrl, SITE_COUNT, site.port)
    const port = await findPort()
    const proxy = await startAcknowledgementProxy(port)
    const settings = {
      EDUMON_DATA_DIR: join(folder, 'data'),
      EDUMON_PORT: `${port}`,
      EDUMON_LOG_LEVEL: 'silent',
      EDUMON_SITE_INTERVAL_S: '1',
      EDUMON_SITE_OTHER_INTERVAL_S: '1',
      EDUMON_LEASE_S: '5',
      EDUMON_API_URL: proxy.url,
      EDUMON_ALLOW_ADDRESSES: '127.0.0.0/8',
      EDUMON_HOST_DELAY_MS: '0',
      EDUMON_POLL_MS: '200',
      EDUMON_COLLECTOR_NAME: 'faults',
      EDUMON_VANTAGE: 'local',
      DATABASE_URL: database.applicationUrl,
      EDUMON_TOKEN: await withApplication(database.applicationUrl, (db) =>
        issueCollectorToken(
          db,
          { name: 'faults', vantage: 'local', work_kinds: ['site_check', 'site_audit'] },
          '2020-01-01',
        ),
      ),
    }
    const rig = new FaultRig({ folder, settings, database, proxy, site })
    rig.#spawn('api')
    rig.#spawn('collector')
    try {
      await rig.waitForProgress()
    } catch (error) {
      await rig.stop()
      throw error
    }
    return rig
  }

  #spawn(name: 'collector' | 'api'): void {
    const args = name === 'api' ? ['server/src/main.ts'] : ['collectors/src/main.ts', 'run', 'website']
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...this.#settings },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.#children.set(name, child)
  }

  /** Waits until the API has acknowledged measurements that were not acknowledged before. */
  async waitForProgress(): Promise<void> {
    const before = this.proxy.log.acknowledged.size
    const deadline = Date.now() + PROGRESS_TIMEOUT_MS
    while (this.proxy.log.acknowledged.size <= before) {
      if (Date.now() > deadline) throw new Error(`Nothing was acknowledged for ${PROGRESS_TIMEOUT_MS / 1000} seconds`)
      await delay(20)
    }
  }

  /** Ends a program without warning and starts it again. */
  async kill(victim: Victim): Promise<void> {
    if (victim === 'database') {
      const pid = Number(readFileSync(join(this.#folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(pid, 'SIGKILL')
      while (this.database.isAlive()) await delay(10)
      this.database = await startEmbeddedPostgres({ dataDir: join(this.#folder, 'data') })
      return
    }
    const child = this.#children.get(victim)
    if (child === undefined) throw new Error(`${victim} does not run`)
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    this.#spawn(victim)
  }

  /** Ids that are stored, with how often. */
  async countStored(): Promise<Map<string, number>> {
    const client = new pg.Client({ connectionString: this.database.ownerUrl })
    await client.connect()
    try {
      const { rows } = await client.query<{ check_id: string; n: number }>(
        'SELECT check_id, count(*)::int AS n FROM site_check GROUP BY check_id',
      )
      return new Map(rows.map((row) => [row.check_id, row.n]))
    } finally {
      await client.end()
    }
  }

  async stop(): Promise<void> {
    for (const name of ['collector', 'api'] as const) {
      const child = this.#children.get(name)
      if (child === undefined || child.exitCode !== null) continue
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    }
    await this.proxy.close()
    this.#site.close()
    await this.database.stop()
    removePostgresPlace(join(this.#folder, 'data'))
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function startSite(): Promise<{ port: number; close: () => void }> {
  const page =
    '<!doctype html><html lang="ru"><title>Школа</title><body><h1>Школа</h1><p>Добро пожаловать на наш сайт.</p>'
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function findPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
