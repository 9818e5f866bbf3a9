import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { findLink } from '../../access/links.ts'
import { endSessions } from '../../access/sessions.ts'
import { setPasswordByLink } from '../../access/set-password.ts'
import { showSecondFactor, signIn } from '../../access/sign-in.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import { CodedError } from '../../errors.ts'
import { clearSessionCookie, placeOf, setSessionCookies } from '../../plugins/own-cookies.ts'
import {
  SIGN_IN_SCHEMAS,
  type LinkEntry,
  type LinkPasswordEntry,
  type SecondFactorEntry,
  type SignInEntry,
} from './schemas.ts'
import { viewPerson } from './session-view.ts'

/** An account of the demo, which its sign-in page shows with its password. */
export interface DemoAccount {
  login: string
  display_name: string
  role: string
  password: string
}

export interface SignInOptions {
  has_openid_connect: boolean
  demo_accounts: readonly DemoAccount[]
}

const error = { $ref: 'ErrorBody#' }
const signedOutAnswers = { 204: { type: 'null', description: 'Done' }, 400: error, 401: error, 429: error }

function serveSession(app: FastifyInstance, options: SignInOptions): void {
  app.get(
    '/api/v1/session',
    {
      config: { capability: 'public' },
      schema: {
        operationId: 'getSession',
        summary: 'Who is signed in, and how one can sign in',
        tags: ['sign-in'],
        response: { 200: { $ref: 'SessionView#' } },
      },
    },
    async (request) => ({
      person: await viewPerson(app.db, await app.identify(request)),
      has_openid_connect: options.has_openid_connect,
      demo_accounts: options.demo_accounts,
    }),
  )
  app.delete(
    '/api/v1/session',
    {
      config: { capability: 'session' },
      schema: {
        operationId: 'signOut',
        summary: 'Sign out',
        tags: ['sign-in'],
        response: signedOutAnswers,
      },
    },
    async ({ subject, author }, reply) => {
      if (subject.kind === 'person') {
        await app.db.transaction().execute(async (tx) => {
          // Asked again while the first time was under way, it waits for that one and finds nothing left to end.
          if ((await endSessions(tx, subject.user_id, { only: subject.session_id })) === 0) return
          const event = { action: 'sign_out', subject: `user ${subject.user_id}` } as const
          await insertAuditEvent(tx, { by: author, category: 'sign_in', ...event })
        })
      }
      clearSessionCookie(reply)
      return reply.code(204).send()
    },
  )
}

function serveSignIn(app: FastifyInstance): void {
  app.post<{ Body: SignInEntry }>(
    '/api/v1/sign-in',
    {
      config: { capability: 'public', route_class: 'sign_in' },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in with a password; the session says whether a second factor is still to be shown',
        tags: ['sign-in'],
        body: { $ref: 'SignInEntry#' },
        response: signedOutAnswers,
      },
    },
    async (request, reply) => {
      setSessionCookies(reply, await signIn(app.db, request.body, placeOf(request)))
      return reply.code(204).send()
    },
  )
  app.post<{ Body: SecondFactorEntry }>(
    '/api/v1/sign-in/second-factor',
    {
      config: { capability: 'session', route_class: 'sign_in' },
      schema: {
        operationId: 'showSecondFactor',
        summary: 'Show the second factor, by the authenticator or a recovery code',
        tags: ['sign-in'],
        body: { $ref: 'SecondFactorEntry#' },
        response: signedOutAnswers,
      },
    },
    async (request, reply) => {
      const { subject } = request
      if (subject.kind !== 'person') throw new CodedError('EDU_UNAUTHENTICATED', 'Войдите в систему')
      const signedIn = await showSecondFactor(app.db, subject, request.body.code, placeOf(request))
      setSessionCookies(reply, signedIn)
      return reply.code(204).send()
    },
  )
}

function serveLinks(app: FastifyInstance): void {
  app.post<{ Body: LinkEntry }>(
    '/api/v1/sign-in/link',
    {
      config: { capability: 'public', route_class: 'sign_in' },
      schema: {
        operationId: 'lookAtLink',
        summary: 'Whose password a one-time link sets; looking does not use it up',
        tags: ['sign-in'],
        body: { $ref: 'LinkEntry#' },
        response: { 200: { $ref: 'LinkView#' }, 400: error, 404: error, 429: error },
      },
    },
    async ({ body }) => {
      const { purpose, login, display_name, expires_at } = await findLink(app.db, body.link)
      return { purpose, login, display_name, expires_at: expires_at.toISOString() }
    },
  )
  app.post<{ Body: LinkPasswordEntry }>(
    '/api/v1/sign-in/link/password',
    {
      config: { capability: 'public', route_class: 'sign_in' },
      schema: {
        operationId: 'setPasswordByLink',
        summary: 'Set a password by a one-time link, and sign in',
        tags: ['sign-in'],
        body: { $ref: 'LinkPasswordEntry#' },
        response: { ...signedOutAnswers, 404: error, 422: error },
      },
    },
    async (request, reply) => {
      setSessionCookies(reply, await setPasswordByLink(app.db, request.body, placeOf(request)))
      return reply.code(204).send()
    },
  )
}

/** How people come in and leave. */
export default fp<SignInOptions>(
  (app, options, done) => {
    for (const schema of SIGN_IN_SCHEMAS) app.addSchema(schema)
    serveSession(app, options)
    serveSignIn(app)
    serveLinks(app)
    done()
  },
  { name: 'sign-in', dependencies: ['database', 'error-body', 'access'] },
)
