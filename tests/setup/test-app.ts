import type { FastifyInstance, InjectOptions } from 'fastify'
import { sql, type Kysely } from 'kysely'
import { buildApp } from '../../server/src/app.ts'
import { readConfig, type Config } from '../../server/src/config.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'
import { collectorHeaders, insertPerson, RIGHTS_SINCE } from '../factories/people.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

type Headers = Record<string, string>

/** The real application on a database of its own; `inject` speaks to it without a socket. */
export interface TestApp {
  app: FastifyInstance
  database: TestDatabase
  config: Config
  /**
   * What `inject` sends unless a request brings its own cookie or token: the session of somebody who may do everything
   * that people may do in every region, or, on the routes of collectors, the token of the collector "test" at "local".
   */
  headersFor: (url: string) => Promise<Headers>
  close: () => Promise<void>
}

export const COLLECTOR_ROUTES = /^\/api\/v1\/(leases|measurements|imports\/[^/]+\/(chunks\/|parsed|leased-file))/

/** Regions appear while a test runs: whoever may do everything may do it there too. */
async function grantNewRegions(db: Kysely<DB>, user_id: number): Promise<void> {
  await sql`
    INSERT INTO user_grant (user_id, role, org_unit_id, valid_from, origin, granted_by)
    SELECT ${user_id}, role, u.org_unit_id, ${RIGHTS_SINCE}, 'person', 'test'
      FROM org_unit u CROSS JOIN unnest('{ministry_analyst,institute_staff,administrator}'::text[]) role
     WHERE u.kind = 'region' AND u.org_unit_id NOT IN (SELECT org_unit_id FROM user_grant WHERE user_id = ${user_id})`.execute(
    db,
  )
}

async function createDefaultHeaders(db: Kysely<DB>): Promise<TestApp['headersFor']> {
  const person = await insertPerson(db, [], 'Проба')
  const collector = await collectorHeaders(db, { name: 'test', vantage: 'local' })
  return async (url) => {
    if (COLLECTOR_ROUTES.test(url)) return collector
    await grantNewRegions(db, person.user_id)
    return person.headers
  }
}

/** Lets requests that bring neither cookie nor token be made by the default caller. */
function signInByDefault(app: FastifyInstance, headersFor: TestApp['headersFor']): void {
  const bare = app.inject.bind(app) as (options: InjectOptions) => ReturnType<FastifyInstance['inject']>
  app.inject = (async (options: InjectOptions | string) => {
    const request = typeof options === 'string' ? { url: options } : options
    const given = request.headers ?? {}
    if ('cookie' in given || 'authorization' in given) return bare(request)
    const url = typeof request.url === 'string' ? request.url : (request.url?.pathname ?? '')
    return bare({ ...request, headers: { ...(await headersFor(url)), ...given } })
  }) as unknown as FastifyInstance['inject']
}

export async function createTestApp(settings: Partial<Config> = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const plain = readConfig({})
  // A list shows at once what a test has just recorded. A machine that is busy with other tests must not look like a server under pressure.
  const config: Config = {
    ...plain,
    limits: { ...plain.limits, pressure_delay_ms: 0 },
    list_age_ms: 0,
    log_level: 'silent',
    ...settings,
  }
  const app = await buildApp(config, { application_url: database.application_url })
  await app.ready()
  const headersFor = await createDefaultHeaders(database.db)
  signInByDefault(app, headersFor)
  return {
    app,
    database,
    config,
    headersFor,
    close: async () => {
      await app.close()
      await database.drop()
    },
  }
}
