import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { issueCollectorToken, withApplication } from '../../server/src/access/own-programs.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { ensurePartitions } from '../../server/src/db/measurement-partitions.ts'
import { IngestProxy } from './activities/ingest.ts'
import type { Disturbance } from './disturbance.ts'
import { insertFaultRegion, type FaultRegion } from './fault-region.ts'
import { findPort, startSite } from './fault-site.ts'
import { Programs, type ProgramName } from './programs.ts'
import { waitFor } from './wait-for.ts'

const SITE_COUNT = 24
const COLLECTOR = { name: 'faults', vantage: 'local', work_kinds: ['site_check', 'site_audit'] } as const

/** Settings under which everything happens often, and nothing is refused for happening too often. */
const SETTINGS = {
  EDUMON_LOG_LEVEL: 'silent',
  EDUMON_SITE_INTERVAL_S: '1',
  EDUMON_SITE_OTHER_INTERVAL_S: '1',
  EDUMON_LEASE_S: '5',
  EDUMON_ALLOW_ADDRESSES: '127.0.0.0/8',
  EDUMON_HOST_DELAY_MS: '0',
  EDUMON_POLL_MS: '200',
  EDUMON_RATE_LIMITS: 'sign_in=100000,write=100000,read=100000,public=100000,upload=100000',
  EDUMON_PRESSURE_DELAY_MS: '0',
  EDUMON_COLLECTOR_NAME: COLLECTOR.name,
  EDUMON_VANTAGE: COLLECTOR.vantage,
}

interface Parts {
  folder: string
  region: FaultRegion
  site: { close: () => void }
  proxy: IngestProxy
  api_port: number
  token: string
}

/** Real programs in processes of their own, over small sites on loopback: collector → proxy → API → database. */
export class Installation {
  readonly folder: string
  readonly region: FaultRegion
  readonly proxy: IngestProxy
  readonly apiUrl: string
  /** Settings that every program of it runs with. */
  readonly environment: NodeJS.ProcessEnv
  database: EmbeddedPostgres
  readonly #site: { close: () => void }
  readonly #programs: Programs

  private constructor(database: EmbeddedPostgres, { folder, region, site, proxy, api_port, token }: Parts) {
    this.folder = folder
    this.region = region
    this.proxy = proxy
    this.apiUrl = `http://127.0.0.1:${api_port}`
    this.database = database
    this.#site = site
    this.environment = {
      ...process.env,
      ...SETTINGS,
      EDUMON_DATA_DIR: join(folder, 'data'),
      EDUMON_PORT: `${api_port}`,
      EDUMON_MEASUREMENT_PORT: '0',
      EDUMON_API_URL: proxy.url,
      EDUMON_TOKEN: token,
      DATABASE_URL: database.applicationUrl,
      EDUMON_OWNER_DATABASE_URL: database.ownerUrl,
    }
    this.#programs = new Programs(this.environment)
  }

  static async start(disturbance: Disturbance): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'edumon-faults-'))
    chmodSync(folder, 0o755)
    mkdirSync(join(folder, 'backups'))
    const database = await startEmbeddedPostgres({ dataDir: join(folder, 'data') })
    await migrate(database.ownerUrl)
    await ensurePartitions(database.ownerUrl, { site_check: new Date(), speed_test: new Date() }, new Date())
    const site = await startSite()
    const region = await insertFaultRegion(database.applicationUrl, SITE_COUNT, site.port)
    const token = await withApplication(database.applicationUrl, (db) =>
      issueCollectorToken(db, COLLECTOR, '2020-01-01'),
    )
    const api_port = await findPort()
    const proxy = await IngestProxy.start(api_port, disturbance)
    return new Installation(database, { folder, region, site, proxy, api_port, token })
  }

  /** Waits until every site has been checked once: then there is something to object to. */
  async waitForChecks(): Promise<void> {
    await waitFor('every site is checked', () =>
      withApplication(this.database.applicationUrl, async (db) => {
        const checked = await db
          .selectFrom('site_state')
          .where('answered_at', 'is not', null)
          .select('target_id')
          .execute()
        return checked.length === SITE_COUNT
      }),
    )
  }

  /** Ends a program without warning and starts it again. */
  async kill(victim: ProgramName | 'database'): Promise<void> {
    if (victim !== 'database') return this.#programs.kill(victim)
    const pid = Number(readFileSync(join(this.folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    while (this.database.isAlive()) await delay(10)
    await this.#startDatabase()
  }

  /** As the program that watches over an embedded database does: while its last processes end, a start may fail. */
  async #startDatabase(): Promise<void> {
    await waitFor('the database starts again', () =>
      startEmbeddedPostgres({ dataDir: join(this.folder, 'data') }).then(
        (database) => {
          this.database = database
          return true
        },
        () => false,
      ),
    )
  }

  async stop(): Promise<void> {
    await this.#programs.stop()
    await this.proxy.stop()
    this.#site.close()
    await this.database.stop()
    removePostgresPlace(join(this.folder, 'data'))
    rmSync(this.folder, { recursive: true, force: true })
  }
}
