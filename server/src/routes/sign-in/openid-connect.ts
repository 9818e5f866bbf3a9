import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import Type from 'typebox'
import { IdentityProvider, type SignInState } from '../../access/openid-connect/provider.ts'
import { signInByClaims } from '../../access/openid-connect/sign-in-by-claims.ts'
import { dayInZone } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import type { OpenIdConnectConfig } from '../../settings/openid-connect.ts'
import { placeOf, setSessionCookies } from '../../plugins/own-cookies.ts'
import { toLocalPath } from './local-path.ts'

export interface OpenIdConnectOptions {
  openid_connect: OpenIdConnectConfig | null
  /** Origin under which people open the pages; never null where the provider is set. */
  public_origin: string | null
  time_zone: string
}

const PATH = '/api/v1/sign-in/openid-connect'
const STATE_COOKIE = 'edumon_openid_connect'
const STATE_SECONDS = 600

const BeginQuery = Type.Object(
  { to: Type.Optional(Type.String({ maxLength: 2000, description: 'Page to go to afterwards, a path of this site' })) },
  { additionalProperties: false },
)
type BeginQuery = Type.Static<typeof BeginQuery>

const tags = ['sign-in']
const config = { capability: 'public' } as const
const redirect = { 302: { type: 'null', description: 'Redirect' }, 404: { $ref: 'ErrorBody#' } }

/** A sign-in under way, in the browser's own cookie: Lax, because the provider's page leads back here. */
function stateCookie(is_secure: boolean) {
  return { path: PATH, httpOnly: true, sameSite: 'lax', secure: is_secure, maxAge: STATE_SECONDS } as const
}

function readState(request: FastifyRequest): (SignInState & { to: string }) | null {
  try {
    const text = Buffer.from(request.cookies[STATE_COOKIE] ?? '', 'base64url').toString('utf8')
    const { state, nonce, code_verifier, to } = JSON.parse(text) as Record<string, unknown>
    if (typeof state !== 'string' || typeof nonce !== 'string' || typeof code_verifier !== 'string') return null
    return { state, nonce, code_verifier, to: toLocalPath(typeof to === 'string' ? to : undefined) }
  } catch {
    return null
  }
}

/** Back to the sign-in page, which says by the code why it came to nothing. */
function sendRefusal(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof CodedError)) throw error
  request.log.warn({ code: error.code, err: error.cause }, 'sign-in through the identity provider refused')
  return reply.redirect(`/sign-in?refused=${error.code}`)
}

/** @throws EDU_NOT_FOUND without one */
function requireProvider(provider: IdentityProvider | null): IdentityProvider {
  if (provider !== null) return provider
  throw new CodedError('EDU_NOT_FOUND', 'Вход через поставщика удостоверений не настроен')
}

function serveProvider(app: FastifyInstance, found: IdentityProvider | null, options: OpenIdConnectOptions): void {
  const grants = options.openid_connect?.grants ?? []
  app.get<{ Querystring: BeginQuery }>(
    PATH,
    {
      config,
      schema: {
        operationId: 'beginOpenIdConnect',
        summary: 'Go to the identity provider to sign in',
        tags,
        querystring: BeginQuery,
        response: { ...redirect, 400: { $ref: 'ErrorBody#' } },
      },
    },
    async (request, reply) => {
      const provider = requireProvider(found)
      try {
        const { address, under_way } = await provider.begin()
        const kept = JSON.stringify({ ...under_way, to: toLocalPath(request.query.to) })
        void reply.setCookie(STATE_COOKIE, Buffer.from(kept).toString('base64url'), stateCookie(request.is_secure))
        return await reply.redirect(address)
      } catch (error) {
        return sendRefusal(request, reply, error)
      }
    },
  )
  app.get(
    `${PATH}/callback`,
    {
      config,
      schema: {
        operationId: 'finishOpenIdConnect',
        summary: 'Where the identity provider sends the browser back to',
        tags,
        response: redirect,
      },
    },
    async (request, reply) => {
      const provider = requireProvider(found)
      const under_way = readState(request)
      void reply.clearCookie(STATE_COOKIE, stateCookie(request.is_secure))
      try {
        if (under_way === null) throw new CodedError('EDU_OPENID_CONNECT_INTERRUPTED', 'Вход не начат в этом браузере')
        const { search } = new URL(request.url, 'http://own')
        const identity = await provider.finish(search, under_way)
        const mapping = { grants, today: dayInZone(new Date(), options.time_zone) }
        setSessionCookies(reply, await signInByClaims(app.db, identity, mapping, placeOf(request)))
        return await reply.redirect(under_way.to)
      } catch (error) {
        return sendRefusal(request, reply, error)
      }
    },
  )
}

/** Sign-in through an identity provider; without one its routes answer 404. */
export default fp<OpenIdConnectOptions>(
  (app, options, done) => {
    const { openid_connect, public_origin } = options
    const redirect_uri = `${public_origin ?? ''}${PATH}/callback`
    const provider = openid_connect === null ? null : new IdentityProvider({ ...openid_connect, redirect_uri })
    serveProvider(app, provider, options)
    done()
  },
  { name: 'openid-connect', dependencies: ['database', 'error-body', 'access'] },
)
