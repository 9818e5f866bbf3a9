import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { EVERYTHING, type AccessScope } from '../../db/access-scope.ts'
import type { AuditAuthor } from '../../db/audit-author.ts'
import { dayInZone } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import {
  addGrant,
  changeUser,
  inviteUser,
  renewLink,
  resetSecondFactor,
  revokeGrant,
  setSecondFactorRoles,
  type Manager,
} from './commands.ts'
import { findSecondFactorRoles, listUsers } from './queries.ts'
import {
  GrantParams,
  USER_SCHEMAS,
  UserParams,
  type GrantEntry,
  type SecondFactorRoles,
  type UserChange,
  type UserEntry,
} from './schemas.ts'

export interface UserOptions {
  /** Address under which people open the pages, without a slash at the end; null: that of the request. */
  public_origin: string | null
  time_zone: string
}

/** Who commands in a request. */
type ManagerOf = (request: { scope: AccessScope; author: AuditAuthor }) => Manager

const error = { $ref: 'ErrorBody#' }
const config = { capability: 'users:manage' } as const
const tags = ['users']
const refusals = { 400: error, 404: error }

async function requireListedUser(app: FastifyInstance, scope: AccessScope, user_id: number) {
  const [user] = await listUsers(app.db, scope, user_id)
  if (user === undefined) throw new CodedError('EDU_USER_NOT_FOUND', 'Такой учётной записи нет', { user_id })
  return user
}

function toLink(origin: string, { secret, expires_at }: { secret: string; expires_at: Date }) {
  // After the "#": the secret reaches no log of any server on its way.
  return { link: `${origin}/sign-in/link#${secret}`, expires_at: expires_at.toISOString() }
}

function serveAccounts(app: FastifyInstance, managerOf: ManagerOf): void {
  app.get(
    '/api/v1/users',
    {
      config,
      schema: {
        operationId: 'listUsers',
        summary: 'Accounts with their grants',
        tags,
        response: { 200: { $ref: 'UserList#' } },
      },
    },
    async ({ scope }) => ({
      rows: await listUsers(app.db, scope),
      second_factor_roles: await findSecondFactorRoles(app.db),
    }),
  )
  app.put<{ Params: UserParams; Body: UserChange }>(
    '/api/v1/users/:user_id',
    {
      config,
      schema: {
        operationId: 'changeUser',
        summary: 'Change name and post, or disable the account',
        tags,
        params: UserParams,
        body: { $ref: 'UserChange#' },
        response: { ...refusals, 200: { $ref: 'User#' }, 409: error },
      },
    },
    async (request) => {
      const { params, body, scope } = request
      await requireListedUser(app, scope, params.user_id)
      await changeUser(app.db, params.user_id, body, managerOf(request))
      return requireListedUser(app, scope, params.user_id)
    },
  )
}

function serveInvitations(app: FastifyInstance, { public_origin }: UserOptions, managerOf: ManagerOf): void {
  const originOf = ({ protocol, host }: { protocol: string; host: string }): string =>
    public_origin ?? `${protocol}://${host}`
  app.post<{ Body: UserEntry }>(
    '/api/v1/users',
    {
      config,
      schema: {
        operationId: 'inviteUser',
        summary: 'Make an account with its grants; answers with an invitation to hand over',
        tags,
        body: { $ref: 'UserEntry#' },
        response: { ...refusals, 201: { $ref: 'UserMade#' }, 409: error },
      },
    },
    async (request, reply) => {
      const { user_id, ...link } = await inviteUser(app.db, request.body, managerOf(request))
      const user = await requireListedUser(app, EVERYTHING, user_id)
      return reply.code(201).send({ user, link: toLink(originOf(request), link) })
    },
  )
  app.post<{ Params: UserParams }>(
    '/api/v1/users/:user_id/link',
    {
      config,
      schema: {
        operationId: 'renewUserLink',
        summary: 'Make a one-time link to set a password; earlier ones stop working',
        tags,
        params: UserParams,
        response: { ...refusals, 201: { $ref: 'OneTimeLink#' }, 409: error },
      },
    },
    async (request, reply) => {
      const { user_id } = request.params
      await requireListedUser(app, request.scope, user_id)
      return reply.code(201).send(toLink(originOf(request), await renewLink(app.db, user_id, managerOf(request))))
    },
  )
}

function serveSecondFactors(app: FastifyInstance, managerOf: ManagerOf): void {
  app.delete<{ Params: UserParams }>(
    '/api/v1/users/:user_id/second-factor',
    {
      config,
      schema: {
        operationId: 'resetSecondFactor',
        summary: "Take a lost second factor away; the person's sessions end",
        tags,
        params: UserParams,
        response: { ...refusals, 200: { $ref: 'User#' } },
      },
    },
    async (request) => {
      const { params, scope } = request
      await requireListedUser(app, scope, params.user_id)
      await resetSecondFactor(app.db, params.user_id, managerOf(request))
      return requireListedUser(app, scope, params.user_id)
    },
  )
  app.put<{ Body: SecondFactorRoles }>(
    '/api/v1/settings/second-factor-roles',
    {
      config,
      schema: {
        operationId: 'setSecondFactorRoles',
        summary: 'Say which roles must have a second factor',
        tags,
        body: { $ref: 'SecondFactorRoles#' },
        response: { 200: { $ref: 'SecondFactorRoles#' }, 400: error },
      },
    },
    async (request) => {
      await setSecondFactorRoles(app.db, request.body.roles, managerOf(request))
      return { roles: await findSecondFactorRoles(app.db) }
    },
  )
}

function serveGrants(app: FastifyInstance, managerOf: ManagerOf): void {
  app.post<{ Params: UserParams; Body: GrantEntry }>(
    '/api/v1/users/:user_id/grants',
    {
      config,
      schema: {
        operationId: 'addGrant',
        summary: 'Give a role somewhere, dated; also as a stand-in',
        tags,
        params: UserParams,
        body: { $ref: 'GrantEntry#' },
        response: { ...refusals, 201: { $ref: 'User#' } },
      },
    },
    async (request, reply) => {
      const { params, body, scope } = request
      await requireListedUser(app, scope, params.user_id)
      await addGrant(app.db, params.user_id, body, managerOf(request))
      return reply.code(201).send(await requireListedUser(app, scope, params.user_id))
    },
  )
  app.delete<{ Params: GrantParams }>(
    '/api/v1/users/:user_id/grants/:grant_id',
    {
      config,
      schema: {
        operationId: 'revokeGrant',
        summary: 'Take a grant back at once',
        tags,
        params: GrantParams,
        response: { ...refusals, 200: { $ref: 'User#' }, 409: error },
      },
    },
    async (request) => {
      const { params, scope } = request
      await requireListedUser(app, scope, params.user_id)
      await revokeGrant(app.db, params, managerOf(request))
      return requireListedUser(app, scope, params.user_id)
    },
  )
}

/** Accounts and what they may do. */
export default fp<UserOptions>(
  (app, options, done) => {
    for (const schema of USER_SCHEMAS) app.addSchema(schema)
    const managerOf: ManagerOf = ({ scope, author }) => ({
      by: author,
      scope,
      today: dayInZone(new Date(), options.time_zone),
    })
    serveAccounts(app, managerOf)
    serveInvitations(app, options, managerOf)
    serveSecondFactors(app, managerOf)
    serveGrants(app, managerOf)
    done()
  },
  { name: 'users', dependencies: ['database', 'error-body', 'access'] },
)
