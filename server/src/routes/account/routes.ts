import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  confirmSecondFactor,
  offerSecondFactor,
  removeSecondFactor,
  requirePassword,
} from '../../access/enrol-second-factor.ts'
import { endSessions, listSessions } from '../../access/sessions.ts'
import { setPassword } from '../../access/set-password.ts'
import { forgiveAttempt } from '../../access/sign-in-limits.ts'
import type { Person } from '../../access/subject.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import { CodedError } from '../../errors.ts'
import { setSessionCookies } from '../../plugins/own-cookies.ts'
import {
  ACCOUNT_SCHEMAS,
  SessionParams,
  type PasswordChange,
  type SecondFactorConfirmation,
  type SecondFactorRemoval,
} from './schemas.ts'

const error = { $ref: 'ErrorBody#' }
const DONE = { type: 'null', description: 'Done' }
const tags = ['account']

/** @throws EDU_FORBIDDEN for programs, which have no account */
function requirePerson({ subject }: FastifyRequest): Person {
  if (subject.kind === 'person') return subject
  throw new CodedError('EDU_FORBIDDEN', 'У программы нет учётной записи')
}

function servePassword(app: FastifyInstance): void {
  app.put<{ Body: PasswordChange }>(
    '/api/v1/account/password',
    {
      config: { capability: 'signed_in', route_class: 'sign_in' },
      schema: {
        operationId: 'changePassword',
        summary: 'Change the own password; all other sessions end',
        tags,
        body: { $ref: 'PasswordChange#' },
        response: { 204: DONE, 400: error, 409: error, 422: error, 429: error },
      },
    },
    async (request, reply) => {
      const person = requirePerson(request)
      const failure_ids = await requirePassword(app.db, person, request.body.current_password, request.author)
      await app.db.transaction().execute(async (tx) => {
        await forgiveAttempt(tx, failure_ids)
        await setPassword(tx, person, request.body.password, person.session_id)
        const event = { action: 'password.change', subject: `user ${person.user_id}` } as const
        await insertAuditEvent(tx, { by: request.author, category: 'sign_in', ...event })
      })
      return reply.code(204).send()
    },
  )
}

function serveSessions(app: FastifyInstance): void {
  app.get(
    '/api/v1/account/sessions',
    {
      config: { capability: 'signed_in' },
      schema: {
        operationId: 'listOwnSessions',
        summary: 'Own sessions that still hold',
        tags,
        response: { 200: { $ref: 'OwnSessionList#' } },
      },
    },
    async (request) => {
      const person = requirePerson(request)
      const rows = await listSessions(app.db, person.user_id)
      return {
        rows: rows.map((row) => ({
          ...row,
          is_current: row.session_id === person.session_id,
          started_at: row.started_at.toISOString(),
          last_seen_at: row.last_seen_at.toISOString(),
          expires_at: row.expires_at.toISOString(),
        })),
      }
    },
  )
  app.delete<{ Params: SessionParams }>(
    '/api/v1/account/sessions/:session_id',
    {
      config: { capability: 'signed_in' },
      schema: {
        operationId: 'endOwnSession',
        summary: 'End an own session at once',
        tags,
        params: SessionParams,
        response: { 204: DONE, 400: error, 404: error },
      },
    },
    async (request, reply) => {
      const { user_id } = requirePerson(request)
      const { session_id } = request.params
      const ended = await app.db.transaction().execute(async (tx) => {
        const sessions = await endSessions(tx, user_id, { only: session_id })
        if (sessions === 0) return 0
        const event = { action: 'session.end', subject: `user ${user_id}`, detail: { session_id } } as const
        await insertAuditEvent(tx, { by: request.author, category: 'sign_in', ...event })
        return sessions
      })
      if (ended === 0) throw new CodedError('EDU_SESSION_NOT_FOUND', 'Такого сеанса нет', { session_id })
      return reply.code(204).send()
    },
  )
}

function serveSecondFactor(app: FastifyInstance): void {
  const path = '/api/v1/account/second-factor'
  app.get(
    path,
    {
      config: { capability: 'session' },
      schema: {
        operationId: 'getSecondFactor',
        summary: 'Whether the own account has a second factor',
        tags,
        response: { 200: { $ref: 'SecondFactorView#' } },
      },
    },
    async (request) => {
      const { user_id } = requirePerson(request)
      const user = await app.db
        .selectFrom('app_user as u')
        .leftJoin('recovery_code as c', (join) => join.onRef('c.user_id', '=', 'u.user_id').on('c.used_at', 'is', null))
        .where('u.user_id', '=', user_id)
        .groupBy(['u.totp_confirmed_at', 'u.password_hash'])
        .select((eb) => ['u.totp_confirmed_at', 'u.password_hash', eb.fn.count<number>('c.code_sha256').as('codes')])
        .executeTakeFirstOrThrow()
      return {
        is_confirmed: user.totp_confirmed_at !== null,
        asks_password: user.password_hash !== null,
        recovery_codes_left: user.codes,
      }
    },
  )
  app.post(
    path,
    {
      config: { capability: 'session' },
      schema: {
        operationId: 'offerSecondFactor',
        summary: 'Make a secret for an authenticator; it counts once it is confirmed',
        tags,
        response: { 200: { $ref: 'SecondFactorOffer#' } },
      },
    },
    (request) => offerSecondFactor(app.db, requirePerson(request)),
  )
  app.put<{ Body: SecondFactorConfirmation }>(
    path,
    {
      config: { capability: 'session', route_class: 'sign_in' },
      schema: {
        operationId: 'confirmSecondFactor',
        summary:
          'Prove to have the authenticator, with the password; answers with recovery codes and a new session secret',
        tags,
        body: { $ref: 'SecondFactorConfirmation#' },
        response: { 200: { $ref: 'RecoveryCodes#' }, 400: error, 429: error },
      },
    },
    async (request, reply) => {
      const person = requirePerson(request)
      const { codes, session_secret } = await confirmSecondFactor(app.db, person, request.body, request.author)
      setSessionCookies(reply, { session_secret, device_secret: null })
      return { codes }
    },
  )
  app.post<{ Body: SecondFactorRemoval }>(
    `${path}/removal`,
    {
      config: { capability: 'signed_in', route_class: 'sign_in' },
      schema: {
        operationId: 'removeSecondFactor',
        summary: 'Remove the second factor, with the password and a code',
        tags,
        body: { $ref: 'SecondFactorRemoval#' },
        response: { 204: DONE, 400: error, 429: error },
      },
    },
    async (request, reply) => {
      await removeSecondFactor(app.db, requirePerson(request), request.body, request.author)
      return reply.code(204).send()
    },
  )
}

/** What a person does with the own account. */
export default fp(
  (app, _options, done) => {
    for (const schema of ACCOUNT_SCHEMAS) app.addSchema(schema)
    servePassword(app)
    serveSessions(app)
    serveSecondFactor(app)
    done()
  },
  { name: 'account', dependencies: ['database', 'error-body', 'access'] },
)
