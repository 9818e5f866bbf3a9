import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { Capability } from '../access/capabilities.ts'
import { AnswerStore } from '../answer-store.ts'
import { findLatestChangeSetNo } from '../db/change-set.ts'
import { findKnownMoment } from '../db/known-moment.ts'

/** Reads whose answers change by a change set or by the clock, and by nothing else. */
const FOLLOWS_CHANGE_SETS: ReadonlySet<Capability | undefined> = new Set<Capability>([
  'registry:read',
  'sites:read',
  'internet:read',
  'indicators:read',
])
/** What programs, and schools without an account, hand in all the time; lists follow it within seconds. */
const HANDS_IN: ReadonlySet<Capability | undefined> = new Set<Capability>([
  'collect',
  'speed:submit',
  'speed:record',
  'public',
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

/** What an answer follows. */
interface Mark {
  /** The change set that it knows last, and the clock. */
  text: string
  /** See `Question`. */
  former_since: number | null
}

/**
 * The newest change set as lists know it: collectors record several each second, and a list is not made for each. For
 * half of the time that lists may be behind it stays, for the other half a list of before will do while the new one is
 * made: so nobody waits for a list that somebody looked at shortly before.
 */
class ListMoment {
  readonly #app: FastifyInstance
  readonly #list_age_ms: number
  #held: { change_set_no: number; until: number } | null = null
  #renewed_at = 0

  constructor(app: FastifyInstance, { list_age_ms }: AnswerCacheOptions) {
    this.#app = app
    this.#list_age_ms = list_age_ms
  }

  async findChangeSetNo(): Promise<number> {
    if (this.#held !== null && Date.now() < this.#held.until) return this.#held.change_set_no
    const change_set_no = await findLatestChangeSetNo(this.#app.db)
    this.#held = { change_set_no, until: Date.now() + this.#list_age_ms / 2 }
    return change_set_no
  }

  /** Lists that were begun after this are not too old. */
  get former_since(): number | null {
    return this.#list_age_ms === 0 ? null : Math.max(this.#renewed_at, Date.now() - this.#list_age_ms)
  }

  /** Whoever has changed something sees it at once. */
  renew(): void {
    this.#held = null
    this.#renewed_at = Date.now() + 1
  }
}

async function findMark(app: FastifyInstance, request: FastifyRequest, lists: ListMoment): Promise<Mark> {
  const { known_at } = request.query as { known_at?: string }
  if (known_at !== undefined) {
    const { known_at_change_set_no } = await findKnownMoment(app.db, known_at)
    return { text: `${known_at_change_set_no}-${Math.floor(Date.now() / PAST_KEPT_MS)}`, former_since: null }
  }
  const isOfOne = request.routeOptions.url?.includes('/:id') === true
  const change_set_no = isOfOne ? await findLatestChangeSetNo(app.db) : await lists.findChangeSetNo()
  const text = `${change_set_no}-${Math.floor(Date.now() / KEPT_MS)}`
  return { text, former_since: isOfOne ? null : lists.former_since }
}

/** A browser keeps what it was sent when somebody else signs in there: what another scope was sent is not unchanged. */
function scopeMark(scope: string): string {
  return createHash('sha256').update(scope).digest('base64url').slice(0, 16)
}

/** A read whose answer is one body of the contract; files are not kept. */
function isKept({ method, config, schema }: RouteOptions): boolean {
  const answers = schema?.response as { 200?: { $ref?: string } } | undefined
  return method === 'GET' && FOLLOWS_CHANGE_SETS.has(config?.capability) && answers?.[200]?.$ref !== undefined
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
    const keepAnswers = (handler: RouteHandlerMethod): RouteHandlerMethod =>
      async function answerFromStore(request, reply) {
        const scope = JSON.stringify(request.scope)
        const { text, former_since } = await findMark(app, request, lists)
        const question = { key: `${scope} ${request.url}`, etag: `"${text}-${scopeMark(scope)}"`, former_since }
        const { etag, body } = await store.find(question, async () => {
          const answer = (await handler.call(this, request, reply)) as object | string
          if (typeof answer === 'string') return answer
          // Typed for serialisers that write bytes; those of JSON schemas write text.
          return reply.serialize(answer) as string
        })
        void reply.headers({ etag, 'cache-control': 'private, no-cache' })
        if (request.headers['if-none-match'] === etag) return reply.code(304).send()
        return reply.type('application/json; charset=utf-8').send(body)
      }
    app.addHook('onRoute', (route) => {
      if (isKept(route)) route.handler = keepAnswers(route.handler)
    })
    app.addHook('onSend', (request, reply, payload, next) => {
      const { capability } = request.routeOptions.config
      if (!SAFE_METHODS.has(request.method) && !HANDS_IN.has(capability) && reply.statusCode < 400) lists.renew()
      next(null, payload)
    })
    done()
  },
  { name: 'answer-cache', dependencies: ['access', 'database'] },
)
