import cookie from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Capability } from '../access/capabilities.ts'
import { decideAccess, type Refusal } from '../access/decide-access.ts'
import { findPerson, findProgram } from '../access/find-subject.ts'
import { touchSession } from '../access/sessions.ts'
import { nameSubject, NOBODY, type Subject } from '../access/subject.ts'
import { touchToken } from '../access/tokens.ts'
import { NOTHING, type AccessScope } from '../db/access-scope.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import { dayInZone } from '../domain/region-day.ts'
import { CodedError } from '../errors.ts'
import { readOwnCookie, SESSION_COOKIE } from './own-cookies.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required of every route: a route without it does not start. */
    capability?: Capability
    /** The route itself judges the texts of its rows, so that one bad row never costs the others. */
    judges_own_texts?: boolean
  }
  interface FastifyInstance {
    /** Finds out who asks. Routes that everybody may use have to ask; for all others it is known. */
    identify: (request: FastifyRequest) => Promise<Subject>
  }
  interface FastifyRequest {
    /** What was decided of this request; null: anybody may make it. */
    admission: { readonly subject: Subject; readonly scope: AccessScope } | null
    /** The browser speaks to us over TLS, as far as we or the proxies that we trust know. */
    readonly is_secure: boolean
    /** Who asks. */
    readonly subject: Subject
    /** Whose data this request may see, by the route's capability. */
    readonly scope: AccessScope
    /** Who acts, for change sets and the audit. */
    readonly actor: string
    /** Who acts, from where and in which request, for the audit. */
    readonly author: AuditAuthor
  }
}

const REFUSAL_TEXTS: Readonly<Record<Refusal, string>> = {
  EDU_UNAUTHENTICATED: 'Войдите в систему',
  EDU_SECOND_FACTOR_REQUIRED: 'Подтвердите вход вторым фактором',
  EDU_FORBIDDEN: 'Для этого действия нет прав',
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Host of the page that asks; null for "null", which any page can send from a sandboxed frame, and for no address. */
function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/** A command that carries a session's cookie but was not sent by our own page: browsers say which page sends. */
function isForeignCommand({ headers, method }: FastifyRequest): boolean {
  if (SAFE_METHODS.has(method)) return false
  if (headers.origin !== undefined) return originHost(headers.origin) !== headers.host
  return headers['sec-fetch-site'] !== 'same-origin'
}

function bearerToken({ headers }: FastifyRequest): string | null {
  return /^Bearer ([\w-]{1,200})$/.exec(headers.authorization ?? '')?.[1] ?? null
}

function subjectOf(this: FastifyRequest): Subject {
  return this.admission?.subject ?? NOBODY
}

function authorOf(this: FastifyRequest): AuditAuthor {
  const { subject } = this
  return {
    actor: this.actor,
    user_id: subject.kind === 'person' ? subject.user_id : null,
    remote_address: this.ip,
    request_id: this.id,
  }
}

/**
 * Finds out who asks, by a session's cookie or a program's token, and lets one place decide whether the route's
 * capability is theirs and on whose data. A cookie counts only in requests of our own pages.
 */
export default fp<{ time_zone: string; public_origin: string | null }>(
  async (app, { time_zone, public_origin }) => {
    await app.register(cookie)
    const isPublishedSecure = public_origin?.startsWith('https:') ?? false
    app.decorateRequest('is_secure', {
      getter(this: FastifyRequest) {
        return isPublishedSecure || this.protocol === 'https'
      },
    })
    app.addHook('onRoute', (route) => {
      // The documentation plugin makes its own routes and cannot be told; they show what openapi.json shows.
      const capability = route.url.startsWith('/api/docs') ? 'public' : route.config?.capability
      if (capability === undefined) throw new Error(`The route ${route.url} declares no capability`)
      route.config = { ...route.config, capability }
      if (capability !== 'public' && route.schema !== undefined) {
        const refused = { $ref: 'ErrorBody#' }
        route.schema.response = { 401: refused, 403: refused, ...(route.schema.response as object) }
      }
    })

    const identify = async (request: FastifyRequest): Promise<Subject> => {
      const today = dayInZone(new Date(), time_zone)
      const token = bearerToken(request)
      if (token !== null) {
        const found = await findProgram(app.db, token, today)
        if (found?.is_stale === true) await touchToken(app.db, found.program.token_id, request.ip)
        return found?.program ?? NOBODY
      }
      const secret = readOwnCookie(request, SESSION_COOKIE)
      if (secret === null || isForeignCommand(request)) return NOBODY
      const found = await findPerson(app.db, secret, today)
      if (found?.is_stale === true) await touchSession(app.db, found.person.session_id)
      return found?.person ?? NOBODY
    }
    app.decorate('identify', identify)
    app.decorateRequest('admission', null)
    app.decorateRequest('subject', { getter: subjectOf })
    app.decorateRequest('scope', {
      getter(this: FastifyRequest) {
        return this.admission?.scope ?? NOTHING
      },
    })
    app.decorateRequest('actor', {
      getter(this: FastifyRequest) {
        return nameSubject(this.subject)
      },
    })
    app.decorateRequest('author', { getter: authorOf })
    app.addHook('onRequest', async (request) => {
      const capability = request.routeOptions.config.capability ?? 'public'
      if (capability === 'public') return
      const subject = await identify(request)
      const decision = decideAccess(subject, capability)
      if (decision.refusal !== null) throw new CodedError(decision.refusal, REFUSAL_TEXTS[decision.refusal])
      request.admission = { subject, scope: decision.scope }
    })
  },
  { name: 'access', dependencies: ['database'] },
)
