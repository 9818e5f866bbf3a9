import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { LOCAL_ADMINISTRATOR, type AccessScope } from '../db/access-scope.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import { CodedError } from '../errors.ts'

/** What a route needs its caller to be able to do. */
export type Capability =
  | 'public'
  | 'audit:read'
  | 'registry:read'
  | 'registry:write'
  | 'sites:read'
  | 'sites:write'
  | 'indicators:read'
  | 'imports:read'
  | 'imports:write'
  | 'collectors:read'
  | 'collect'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required of every route: a route without it does not start. */
    capability?: Capability
    /** The route itself judges the texts of its rows, so that one bad row never costs the others. */
    judges_own_texts?: boolean
  }
  interface FastifyRequest {
    /** Whose data this request may see. */
    scope: AccessScope
    /** Who acts, for change sets and the audit. */
    actor: string
    /** Who acts, from where and in which request, for the audit. */
    readonly author: AuditAuthor
  }
}

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/** Host of the page that asks; null for "null", which any page can send from a sandboxed frame, and for no address. */
function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}

/**
 * Until accounts exist the only subject is the local administrator: only loopback callers are served, under a
 * loopback name (a page elsewhere cannot rebind its name to us), and writes only from our own pages.
 */
export default fp(
  (app, _options, done) => {
    app.addHook('onRoute', (route) => {
      // The documentation plugin makes its own routes and cannot be told; they show what openapi.json shows.
      const capability = route.url.startsWith('/api/docs') ? 'public' : route.config?.capability
      if (capability === undefined) throw new Error(`The route ${route.url} declares no capability`)
      route.config = { ...route.config, capability }
    })
    app.decorateRequest('actor', 'local administrator')
    app.decorateRequest('author', {
      getter(this: FastifyRequest) {
        return { actor: this.actor, user_id: null, remote_address: this.ip, request_id: this.id }
      },
    })
    app.decorateRequest('scope', { getter: () => LOCAL_ADMINISTRATOR })
    app.addHook('onRequest', (request, _reply, next) => {
      const { host, origin } = request.headers
      const isForeignPage = origin !== undefined && originHost(origin) !== host
      if (!isLoopbackAddress(request.ip) || !LOOPBACK_HOST.test(host ?? '') || isForeignPage) {
        next(new CodedError('EDU_FORBIDDEN', 'Сервер отвечает только этому компьютеру: учётных записей ещё нет'))
      } else next()
    })
    done()
  },
  { name: 'access' },
)
