import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { findLatestChangeSetNo } from '../db/change-set.ts'
import type { Capability } from '../access/capabilities.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Where this request's answer is kept; null: it is not kept. */
    answer_place: AnswerPlace | null
  }
}

interface AnswerPlace {
  /** Who asks, and what. */
  key: string
  etag: string
}

interface KeptAnswer {
  etag: string
  body: string
}

/** Reads whose answers change by a change set or by the clock, and by nothing else. */
const FOLLOWS_CHANGE_SETS: ReadonlySet<Capability | undefined> = new Set<Capability>([
  'registry:read',
  'sites:read',
  'indicators:read',
])
/** Answers say "now" here and there (days left, how long an incident lasts): none is kept longer. */
const KEPT_MS = 15_000
const KEPT_CHARACTERS = 64_000_000

/** Bodies by asker and address, oldest out first when they take too much memory. */
class AnswerStore {
  readonly #answers = new Map<string, KeptAnswer>()
  #characters = 0

  find({ key, etag }: AnswerPlace): string | null {
    const kept = this.#answers.get(key)
    return kept?.etag === etag ? kept.body : null
  }

  keep({ key, etag }: AnswerPlace, body: string): void {
    this.#drop(key)
    this.#answers.set(key, { etag, body })
    this.#characters += body.length
    for (const oldest of this.#answers.keys()) {
      if (this.#characters <= KEPT_CHARACTERS) return
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#characters -= this.#answers.get(key)?.body.length ?? 0
    this.#answers.delete(key)
  }
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
 * Keeps the bodies of large reads by the newest change set: the same question gets the same string until something is
 * recorded. Browsers that bring the ETag back get no body at all.
 */
export default fp(
  (app, _options, done) => {
    const store = new AnswerStore()
    app.decorateRequest('answer_place', null)
    app.addHook('preHandler', async (request, reply) => {
      const { capability } = request.routeOptions.config
      if (request.method !== 'GET' || !FOLLOWS_CHANGE_SETS.has(capability)) return
      const change_set_no = await findLatestChangeSetNo(app.db)
      const scope = JSON.stringify(request.scope)
      const etag = `"${change_set_no}-${Math.floor(Date.now() / KEPT_MS)}-${scopeMark(scope)}"`
      const place = { key: `${scope} ${request.url}`, etag }
      if (sendUnchanged(request, reply, etag) !== null) return reply
      const body = store.find(place)
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
      if (place !== null && reply.statusCode === 200 && typeof payload === 'string') {
        store.keep(place, payload)
        reply.headers({ etag: place.etag, 'cache-control': 'private, no-cache' })
      }
      next(null, payload)
    })
    done()
  },
  { name: 'answer-cache', dependencies: ['access', 'database'] },
)
