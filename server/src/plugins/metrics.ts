import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { findOperationFigures } from '../db/operation-figures.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts the rows of one answered batch. */
    countIngested: (answer: IngestCounts) => void
  }
}

/** What became of the rows of one batch. */
interface IngestCounts {
  accepted: number
  duplicate: number
  rejected: readonly unknown[]
}

const SCRAPE_LIMIT_MS = 2000

function observeRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'edumon_http_request_duration_seconds',
    help: 'Duration of requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers: [registry],
  })
  const labelNames = ['method', 'route']
  const registers = [registry]
  const database = new Counter({
    name: 'edumon_http_request_database_seconds_total',
    help: 'Time that the statements of requests took in the database, those side by side added up',
    labelNames,
    registers,
  })
  const wait = new Counter({
    name: 'edumon_http_request_pool_wait_seconds_total',
    help: 'Time that requests waited for a connection to the database',
    labelNames,
    registers,
  })
  app.addHook('onResponse', (request, reply, next) => {
    const place = { method: request.method, route: request.routeOptions.url ?? 'none' }
    duration.observe({ ...place, status: reply.statusCode }, reply.elapsedTime / 1000)
    database.inc(place, request.query_times.database_ms / 1000)
    wait.inc(place, request.query_times.pool_wait_ms / 1000)
    next()
  })
}

function countIngest(app: FastifyInstance, registry: Registry): void {
  const rows = new Counter({
    name: 'edumon_ingest_rows_total',
    help: 'Measurements that collectors and agents handed in, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  })
  for (const outcome of ['accepted', 'duplicate', 'rejected']) rows.inc({ outcome }, 0)
  app.decorate('countIngested', ({ accepted, duplicate, rejected }) => {
    rows.inc({ outcome: 'accepted' }, accepted)
    rows.inc({ outcome: 'duplicate' }, duplicate)
    rows.inc({ outcome: 'rejected' }, rejected.length)
  })
}

function watchPool(app: FastifyInstance, registry: Registry): void {
  new Gauge({
    name: 'edumon_database_pool_connections',
    help: 'Connections of the pool, and requests that wait for one',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { totalCount, idleCount, waitingCount } = app.pg.pool
      this.set({ state: 'total' }, totalCount)
      this.set({ state: 'idle' }, idleCount)
      this.set({ state: 'waiting' }, waitingCount)
    },
  })
}

function within<T>(work: Promise<T>, limit_ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the figures took too long')), limit_ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Figures out of the database; a scrape goes without them when the database does not answer, and says so. */
function readFigures(app: FastifyInstance, registry: Registry): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const isUp = gauge('edumon_database_up', '1: the figures out of the database are there; 0: it did not answer')
  const oldest = gauge('edumon_due_work_oldest_seconds', 'How long the oldest due work has waited', ['kind'])
  const due = gauge('edumon_due_work', 'Pieces of work that are due and that nobody has leased', ['kind'])
  const silence = gauge('edumon_collector_silent_seconds', 'Time since a collector last reported', [
    'collector',
    'vantage',
  ])
  return async () => {
    for (const figure of [oldest, due, silence]) figure.reset()
    try {
      const { queues, collectors } = await within(findOperationFigures(app.db), SCRAPE_LIMIT_MS)
      for (const { kind, oldest_s, due: pieces } of queues) {
        oldest.set({ kind }, oldest_s)
        due.set({ kind }, pieces)
      }
      for (const { silent_s, ...labels } of collectors) silence.set(labels, silent_s)
      isUp.set(1)
    } catch (error) {
      app.log.warn({ err: error }, 'metrics without the database')
      isUp.set(0)
    }
  }
}

/** Figures for Prometheus at /metrics: the process, requests, what is taken in, queues, collectors, the pool. */
export default fp(
  (app, _options, done) => {
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    observeRequests(app, registry)
    countIngest(app, registry)
    watchPool(app, registry)
    const refresh = readFigures(app, registry)
    app.get(
      '/metrics',
      { config: { capability: 'public', route_class: 'operation' }, schema: { hide: true } },
      async (_request, reply) => {
        await refresh()
        return reply.type(registry.contentType).send(await registry.metrics())
      },
    )
    done()
  },
  { name: 'metrics', dependencies: ['access', 'database', 'query-times'] },
)
