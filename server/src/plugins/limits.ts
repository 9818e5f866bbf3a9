import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { subjectKey } from '../access/subject.ts'
import { CodedError } from '../errors.ts'
import type { LimitSettings } from '../limits/limit-settings.ts'
import { CLASS_LIMITS, findRouteClass, ROUTE_CLASSES, type RouteClass } from '../limits/route-class.ts'
import { UploadGate } from '../limits/upload-gate.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Class of limits where capability and method do not tell it; known of every route once it is registered. */
    route_class?: RouteClass
  }
}

const MINUTE_MS = 60_000
/** Addresses and subjects whose requests are counted; beyond, the longest unseen is forgotten. */
const COUNTED_KEYS = 50_000
const UPLOAD_AGAIN_AFTER_S = 5

type Limiter = ReturnType<FastifyInstance['createRateLimit']>

/** Whose requests are counted together: the subject's, or, of those who are not signed in, the address's. */
function rateLimitKey(request: FastifyRequest): string {
  return subjectKey(request.subject) ?? normalizeIP(request.ip)
}

async function refuseWhenExceeded(limiter: Limiter, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const count = await limiter(request)
  if (count.isAllowed || !count.isExceeded) return
  reply.header('retry-after', count.ttlInSeconds)
  throw new CodedError('EDU_RATE_LIMITED', 'Слишком много запросов, повторите позже', {
    retry_after_s: count.ttlInSeconds,
  })
}

/** Size that a body says it has; one that does not say may be as large as it likes up to the limit. */
function declaredBytes({ headers, routeOptions: { bodyLimit } }: FastifyRequest): number {
  const bytes = Number(headers['content-length'])
  return headers['content-length'] !== undefined && Number.isSafeInteger(bytes) ? Math.min(bytes, bodyLimit) : bodyLimit
}

function admitUpload(gate: UploadGate, request: FastifyRequest, reply: FastifyReply): void {
  const leave = gate.enter(rateLimitKey(request), declaredBytes(request))
  if (leave === null) {
    reply.header('retry-after', UPLOAD_AGAIN_AFTER_S)
    throw new CodedError('EDU_RATE_LIMITED', 'Сейчас загружается слишком много файлов, повторите позже', {
      retry_after_s: UPLOAD_AGAIN_AFTER_S,
    })
  }
  reply.raw.once('close', leave)
}

function limitRoutes(app: FastifyInstance, settings: LimitSettings): void {
  const limiters = new Map<RouteClass, Limiter>(
    ROUTE_CLASSES.map((name) => [
      name,
      app.createRateLimit({ max: settings.rates[name], timeWindow: MINUTE_MS, keyGenerator: rateLimitKey }),
    ]),
  )
  const gate = new UploadGate(settings)
  app.addHook('onRoute', (route) => {
    const { capability = 'public', route_class: declared } = route.config ?? {}
    const route_class = findRouteClass({ capability, method: route.method, declared })
    if (route_class === null) throw new Error(`The route ${route.url} must declare its class of limits`)
    route.config = { ...route.config, route_class }
    route.bodyLimit ??= CLASS_LIMITS[route_class].body_bytes
    route.handlerTimeout ??= CLASS_LIMITS[route_class].time_ms
    const limiter = limiters.get(route_class)
    // A hook of the route runs after those of all plugins: who asks is known by then.
    const count = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      if (limiter !== undefined) await refuseWhenExceeded(limiter, request, reply)
      if (route_class === 'upload') admitUpload(gate, request, reply)
    }
    route.onRequest = [...[route.onRequest ?? []].flat(), count]
  })
}

/**
 * Limits of every route by its class: size of the body, time, requests per minute, uploads at once. Before anybody is
 * asked who they are, all requests of one address are counted, those to addresses that are not there included.
 */
export default fp<LimitSettings>(
  async (app, settings) => {
    await app.register(rateLimit, { global: false, cache: COUNTED_KEYS })
    const byAddress = app.createRateLimit({ max: settings.address_rate, timeWindow: MINUTE_MS })
    app.addHook('onRequest', (request, reply) => refuseWhenExceeded(byAddress, request, reply))
    limitRoutes(app, settings)
  },
  { name: 'limits', dependencies: ['error-body'] },
)
