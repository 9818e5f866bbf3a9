import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Capability } from '../access/capabilities.ts'
import { AnswerStore, type AnswerPlace } from '../answer-store.ts'
import { findLatestChangeSetNo } from '../db/change-set.ts'
import { findKnownMoment } from '../db/known-moment.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Where this request's answer is kept; null: it is not kept. */
    answer_place: AnswerPlace | null
  }
}

/** Reads whose answers change by a change set or by the clock, and by nothing else. */
const FOLLOWS_CHANGE_SETS: ReadonlySet<Capability | undefined> = new Set<Capability>([
  'registry:read',
  'sites:read',
  'indicators:read',
])
/** Answers say "now" here and there (days left, how long an incident lasts): none is kept longer. */
const KEPT_MS = 15_000
/** What was known at a past moment stays as it was, but for the rights of who asks: they follow today's structure. */
const PAST_KEPT_MS = 60_000

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

interface AnswerCacheOptions {
  /** Lists may be this much behind what collectors hand in, milliseconds; 0: never behind. */
  list_age_ms: number
}

/** The newest change set as lists know it: collectors record several each second, and a list is not made for each. */
class ListMoment {
  readonly #app: FastifyInstance
  readonly #list_age_ms: number
  #held: { change_set_no: number; until: number } | null = null

  constructor(app: FastifyInstance, { list_age_ms }: AnswerCacheOptions) {
    this.#app = app
    this.#list_age_ms = list_age_ms
  }

  async findChangeSetNo(): Promise<number> {
    if (this.#held !== null && Date.now() < this.#held.until) return this.#held.change_set_no
    const change_set_no = await findLatestChangeSetNo(this.#app.db)
    this.#held = { change_set_no, until: Date.now() + this.#list_age_ms }
    return change_set_no
  }

  /** Whoever has changed something sees it at once. */
  renew(): void {
    this.#held = null
  }
}

/** What an answer follows: the change set that it knows last, and the clock. */
async function findMark(app: FastifyInstance, request: FastifyRequest, lists: ListMoment): Promise<string> {
  const { known_at } = request.query as { known_at?: string }
  if (known_at !== undefined) {
    const { known_at_change_set_no } = await findKnownMoment(app.db, known_at)
    return `${known_at_change_set_no}-${Math.floor(Date.now() / PAST_KEPT_MS)}`
  }
  const isOfOne = request.routeOptions.url?.includes('/:id') === true
  const change_set_no = isOfOne ? await findLatestChangeSetNo(app.db) : await lists.findChangeSetNo()
  return `${change_set_no}-${Math.floor(Date.now() / KEPT_MS)}`
}

/** A browser keeps what it was sent when somebody else signs in there: what another scope was sent is not unchanged. */
function scopeMark(scope: string): string {
  return createHash('sha256').update(scope).digest('base64url').slice(0, 16)
}

function sendUnchanged(request: FastifyRequest, reply: FastifyReply, etag: string): FastifyReply | null {
  if (request.headers['if-none-match'] !== etag) return null
  return reply.code(304).header('etag', etag).send()
}

/**
 * Keeps the bodies of large reads by the change set that they know last: the same question gets the same string until
 * something is recorded, and of a past moment also after. Lists follow people's commands at once and collectors' batches
 * within seconds. Who asks while another is being answered the same waits for that answer. Browsers that bring the ETag
 * back get no body at all.
 */
export default fp<AnswerCacheOptions>(
  (app, options, done) => {
    const lists = new ListMoment(app, options)
    const store = new AnswerStore()
    app.decorateRequest('answer_place', null)
    app.addHook('preHandler', async (request, reply) => {
      const { capability } = request.routeOptions.config
      if (request.method !== 'GET' || !FOLLOWS_CHANGE_SETS.has(capability)) return
      const scope = JSON.stringify(request.scope)
      const etag = `"${await findMark(app, request, lists)}-${scopeMark(scope)}"`
      const place = { key: `${scope} ${request.url}`, etag }
      if (sendUnchanged(request, reply, etag) !== null) return reply
      const body = await store.take(place)
      if (body === null) {
        request.answer_place = place
        return
      }
      return reply
        .type('application/json; charset=utf-8')
        .headers({ etag, 'cache-control': 'private, no-cache' })
        .send(body)
    })
    app.addHook('onSend', (request, reply, payload, next) => {
      const place = request.answer_place
      if (place !== null) {
        const body = reply.statusCode === 200 && typeof payload === 'string' ? payload : null
        store.finish(place, body)
        if (body !== null) reply.headers({ etag: place.etag, 'cache-control': 'private, no-cache' })
      }
      next(null, payload)
    })
    app.addHook('onResponse', (request, reply, next) => {
      const { capability } = request.routeOptions.config
      if (!SAFE_METHODS.has(request.method) && capability !== 'collect' && reply.statusCode < 400) lists.renew()
      next()
    })
    done()
  },
  { name: 'answer-cache', dependencies: ['access', 'database'] },
)
