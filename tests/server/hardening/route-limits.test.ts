import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../../server/src/app.ts'
import { NOBODY } from '../../../server/src/access/subject.ts'
import { readConfig } from '../../../server/src/config.ts'
import { CLASS_LIMITS, findRouteClass, type RouteClass } from '../../../server/src/limits/route-class.ts'
import { UploadGate } from '../../../server/src/limits/upload-gate.ts'
import errorBody from '../../../server/src/plugins/error-body.ts'
import limits from '../../../server/src/plugins/limits.ts'
import pressure from '../../../server/src/plugins/pressure.ts'
import { collectorHeaders, insertPerson, insertRegionPerson, type TestPerson } from '../../factories/people.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

const headers = { host: 'localhost' }
const plain = readConfig({}).limits
let database: TestDatabase
let signedIn: TestPerson['headers']
beforeAll(async () => {
  database = await createTestDatabase()
  signedIn = (await insertRegionPerson(database.db)).headers
})
afterAll(() => database.drop())

interface LimitedRoute {
  name: string
  route_class: RouteClass | undefined
  body_bytes: number
  time_ms: number
}

/** All routes of the API as they are served, those that its document leaves out included. */
async function listRoutes(): Promise<LimitedRoute[]> {
  const config = { ...readConfig({}), log_level: 'silent' as const }
  const app = await buildApp(config, { application_url: database.application_url })
  const routes = new Map<string, LimitedRoute>()
  // No route is run: a request is refused for want of a sign-in, or answered here.
  app.addHook('onRequest', (_request, reply, next) => {
    reply.send()
    next()
  })
  app.addHook('onSend', ({ routeOptions: { method, url, config, bodyLimit, handlerTimeout } }, _reply, body, next) => {
    const name = `${[method].flat().join()} ${url ?? 'none'}`
    const route_class = config.route_class
    routes.set(name, { name, route_class, body_bytes: bodyLimit, time_ms: handlerTimeout })
    next(null, body)
  })
  await app.ready()
  const { paths = {} } = app.swagger() as { paths?: Record<string, object> }
  const documented = Object.entries(paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase() as 'GET', url: url.replaceAll(/[{}]/g, '') })),
  )
  const others = ['/metrics', '/api/docs', '/api/docs/json', '/sites'].map((url) => ({ method: 'GET' as const, url }))
  for (const route of [...documented, ...others]) await app.inject({ ...route, headers })
  await app.close()
  expect(routes.size).toBe(documented.length + others.length)
  return [...routes.values()]
}

/** An application of limits alone, which everybody may use. */
async function openApp(): Promise<FastifyInstance> {
  const app = fastify()
  app.decorateRequest('subject', { getter: () => NOBODY })
  await app.register(errorBody)
  await app.register(limits, plain)
  return app
}

async function withApp<T>(
  settings: Partial<typeof plain>,
  work: (app: Awaited<ReturnType<typeof buildApp>>) => Promise<T>,
): Promise<T> {
  const config = { ...readConfig({}), log_level: 'silent' as const }
  const app = await buildApp(
    { ...config, limits: { ...plain, pressure_delay_ms: 0, ...settings } },
    { application_url: database.application_url },
  )
  try {
    await app.ready()
    return await work(app)
  } finally {
    await app.close()
  }
}

describe('every route', () => {
  it('has a class, and with it a size, a time and a rate', async () => {
    const routes = await listRoutes()
    expect(routes.length).toBeGreaterThan(30)
    const unlimited = routes.filter(({ route_class, body_bytes, time_ms }) => {
      const expected = route_class === undefined ? undefined : CLASS_LIMITS[route_class]
      // A route may take less than its class, never more.
      return expected === undefined || body_bytes > expected.body_bytes || time_ms !== expected.time_ms
    })
    expect(unlimited).toEqual([])
  })

  it.each([
    ['what collectors do', 'collect', 'POST', 'collect'],
    ['a read', 'sites:read', ['GET', 'HEAD'], 'read'],
    ['a command', 'registry:write', 'POST', 'write'],
    ['what anybody may see', 'public', 'GET', 'public'],
  ])('gets its class from what it declares: %s', (_name, capability, method, expected) => {
    expect(findRouteClass({ capability, method, declared: undefined })).toBe(expected)
  })

  it('must say its class when anybody may send it a body', async () => {
    const app = await openApp()
    expect(() => app.post('/sign-in', { config: { capability: 'public' } }, () => 'x')).toThrow(
      '/sign-in must declare its class of limits',
    )
    await app.close()
  })

  it('serves files and takes files under classes of their own', async () => {
    const routes = await listRoutes()
    const namesOf = (route_class: string) =>
      routes.filter((route) => route.route_class === route_class).map(({ name }) => name)
    expect(namesOf('upload').sort()).toEqual([
      'POST /api/v1/imports',
      'POST /api/v1/org-units/:id/objections',
      'POST /api/v1/org-units/:id/sites/:target_id/human-checks',
    ])
    const inJson = routes.filter(({ name, route_class }) => route_class === 'upload' && name !== 'POST /api/v1/imports')
    expect(inJson.map(({ body_bytes }) => body_bytes)).toEqual(inJson.map(() => CLASS_LIMITS.write.body_bytes))
    expect(namesOf('export')).toEqual([
      'GET /api/v1/audit/events/export.xlsx',
      'GET /api/v1/audit/events/export.csv',
      'GET /api/v1/imports/:id/original',
      'GET /api/v1/org-units/export.xlsx',
      'GET /api/v1/org-units/export.csv',
      'GET /api/v1/indicators/:code/export.xlsx',
      'GET /api/v1/indicators/:code/export.csv',
      'GET /api/v1/org-units/:id/measurement-record.pdf',
      'GET /api/v1/org-units/:id/measurement-record.docx',
    ])
    expect(namesOf('operation')).toEqual(['GET /api/v1/health', 'GET /api/v1/ready', 'GET /metrics'])
  })
})

describe('the rate', () => {
  it('is counted by class, and the answer says when to come again', async () => {
    await withApp({ rates: { ...plain.rates, read: 2 } }, async (app) => {
      const ask = (url: string, more: object = {}) => app.inject({ url, headers: signedIn, ...more })
      const another = await insertPerson(database.db, [])
      expect((await ask('/api/v1/collectors')).statusCode).toBe(200)
      expect((await ask('/api/v1/imports')).statusCode).toBe(200)
      const refused = await ask('/api/v1/territories')
      expect(refused.statusCode).toBe(429)
      expect(refused.json()).toMatchObject({ code: 'EDU_RATE_LIMITED' })
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect((await ask('/api/v1/territories', { remoteAddress: '127.0.0.9' })).statusCode).toBe(429)
      expect((await ask('/api/v1/health')).statusCode).toBe(200)
      expect((await ask('/api/v1/dictionaries', { headers: another.headers })).statusCode).toBe(200)
    })
  })

  it('counts what is not there too, by address', async () => {
    await withApp({ address_rate: 1 }, async (app) => {
      expect((await app.inject({ url: '/api/v1/nothing', headers })).statusCode).toBe(404)
      expect((await app.inject({ url: '/api/v1/nothing', headers })).statusCode).toBe(429)
    })
  })

  it('lets a collector hand in a batch of 1,000 every second many times over', () => {
    expect(CLASS_LIMITS.collect.rate_per_minute).toBeGreaterThanOrEqual(100 * 60)
  })
})

describe('the size of a body', () => {
  it('is that of the class', async () => {
    await withApp({}, async (app) => {
      const json = { 'content-type': 'application/json' }
      const collector = await collectorHeaders(database.db, { name: 'test', vantage: 'local' })
      const recheck = '/api/v1/targets/1/00000000-0000-4000-8000-000000000000/recheck'
      const tooLarge = { payload: JSON.stringify({ text: 'x'.repeat(CLASS_LIMITS.write.body_bytes) }) }
      const refused = await app.inject({ method: 'POST', url: recheck, headers: { ...json, ...signedIn }, ...tooLarge })
      expect(refused.statusCode).toBe(413)
      expect(refused.json()).toMatchObject({ code: 'EDU_BODY_TOO_LARGE' })
      const taken = await app.inject({
        ...{ method: 'POST', url: '/api/v1/leases', headers: { ...json, ...collector } },
        ...tooLarge,
      } as const)
      expect(taken.statusCode).toBe(400)
    })
  })
})

describe('UploadGate', () => {
  it('counts uploads and their bytes, and lets the next in when one has left, once', () => {
    const gate = new UploadGate({ uploads_at_once: 2, upload_bytes_at_once: 100 })
    const first = gate.enter('a', 60)
    expect(gate.enter('b', 50)).toBeNull()
    const second = gate.enter('b', 40)
    expect(gate.enter('c', 0)).toBeNull()
    first?.()
    first?.()
    expect(gate.enter('a', 61)).toBeNull()
    expect(gate.enter('a', 60)).toBeTypeOf('function')
    expect(gate.enter('c', 0)).toBeNull()
    second?.()
    expect(gate.enter('c', 0)).toBeTypeOf('function')
  })

  it('lets two of one subject in, and leaves the other places to others', () => {
    const gate = new UploadGate({ uploads_at_once: 8, upload_bytes_at_once: 100 })
    const first = gate.enter('slow', 1)
    expect(gate.enter('slow', 1)).toBeTypeOf('function')
    expect(gate.enter('slow', 1)).toBeNull()
    expect(gate.enter('another', 1)).toBeTypeOf('function')
    first?.()
    first?.()
    expect(gate.enter('slow', 1)).toBeTypeOf('function')
    expect(gate.enter('slow', 1)).toBeNull()
  })
})

describe('uploads', () => {
  it('are turned away while as many as allowed are under way', async () => {
    await withApp({ upload_bytes_at_once: 10 }, async (app) => {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/v1/imports?kind=registry&file_name=a.csv',
        headers: { ...signedIn, 'content-type': 'application/octet-stream' },
        payload: Buffer.alloc(11),
      })
      expect(answer.statusCode).toBe(429)
      expect(answer.headers['retry-after']).toBe('5')
    })
  })
})

describe('a request that takes too long', () => {
  it('is answered when its time is over', async () => {
    const app = await openApp()
    app.get('/slow', { config: { capability: 'sites:read' }, handlerTimeout: 50 }, () => new Promise(() => undefined))
    const answer = await app.inject('/slow')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'EDU_TOO_SLOW' })
    await app.close()
  })
})

describe('a process that cannot keep up', () => {
  it('turns requests away until it can again, but still says that it lives', async () => {
    const app = await openApp()
    await app.register(pressure, { pressure_delay_ms: 200 })
    const config = { capability: 'public' } as const
    app.get('/page', { config }, () => 'x')
    app.get('/alive', { config: { ...config, route_class: 'operation' } }, () => 'x')
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const statusOf = async (path: string) => (await fetch(`${url}${path}`)).status
    let refusal: { retry_after: string | null; body: unknown } | null = null
    const block = () => {
      const end = performance.now() + 1200
      while (performance.now() < end);
    }
    await expect
      .poll(
        async () => {
          block()
          const answer = await fetch(`${url}/page`)
          if (answer.status === 503) {
            refusal = { retry_after: answer.headers.get('retry-after'), body: await answer.json() }
          }
          return answer.status
        },
        { timeout: 25_000 },
      )
      .toBe(503)
    expect(refusal).toMatchObject({ retry_after: '5', body: { code: 'EDU_OVERLOADED' } })
    block()
    expect(await statusOf('/alive')).toBe(200)
    await expect.poll(() => statusOf('/page'), { timeout: 10_000 }).toBe(200)
    await app.close()
  }, 60_000)
})

describe('readLimits', () => {
  it('sets one class and leaves the others', () => {
    const { rates } = readConfig({ EDUMON_RATE_LIMITS: 'read=5, export=7' }).limits
    expect(rates).toEqual({ ...plain.rates, read: 5, export: 7 })
  })

  it.each(['read', 'reads=5', 'read=-1', 'read=0', 'read=1e3'])('refuses "%s"', (text) => {
    expect(() => readConfig({ EDUMON_RATE_LIMITS: text })).toThrow(/EDUMON_RATE_LIMITS: .*classes: operation/)
  })
})
