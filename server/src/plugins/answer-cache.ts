import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Capability } from '../access/capabilities.ts'
import { AnswerStore, type AnswerPlace } from '../answer-store.ts'
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

/** What an answer follows: the change set that it knows last, and the clock. */
async function findMark(app: FastifyInstance, { query }: FastifyRequest): Promise<string> {
  const { known_at } = query as { known_at?: string }
  const { known_at_change_set_no } = await findKnownMoment(app.db, known_at)
  const kept_ms = known_at === undefined ? KEPT_MS : PAST_KEPT_MS
  return `${known_at_change_set_no}-${Math.floor(Date.now() / kept_ms)}`
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
 * something is recorded, and of a past moment also after. Who asks while another is being answered the same waits for that answer. Browsers that bring the ETag back
 * get no body at all.
 */
export default fp(
  (app, _options, done) => {
    const store = new AnswerStore()
    app.decorateRequest('answer_place', null)
    app.addHook('preHandler', async (request, reply) => {
      const { capability } = request.routeOptions.config
      if (request.method !== 'GET' || !FOLLOWS_CHANGE_SETS.has(capability)) return
      const scope = JSON.stringify(request.scope)
      const etag = `"${await findMark(app, request)}-${scopeMark(scope)}"`
      const place = { key: `${scope} ${request.url}`, etag }
      if (sendUnchanged(request, reply, etag) !== null) return reply
      const body = await store.findOrAwait(place)
      if (body === null) {
        request.answer_place = place
        store.begin(place)
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
    done()
  },
  { name: 'answer-cache', dependencies: ['access', 'database'] },
)
