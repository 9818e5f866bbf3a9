import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { AccessScope } from '../../db/access-scope.ts'
import { dayInZone } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import { createToken, revokeToken, rotateToken } from './commands.ts'
import { listTokens } from './queries.ts'
import { TOKEN_SCHEMAS, TokenParams, type TokenEntry, type TokenRotation } from './schemas.ts'

const error = { $ref: 'ErrorBody#' }
const config = { capability: 'tokens:manage' } as const
const tags = ['tokens']
const refusals = { 400: error, 404: error }

async function requireListedToken(app: FastifyInstance, scope: AccessScope, token_id: number) {
  const [token] = await listTokens(app.db, scope, token_id)
  if (token === undefined) throw new CodedError('EDU_TOKEN_NOT_FOUND', 'Такого токена нет', { token_id })
  return token
}

function serveTokens(app: FastifyInstance): void {
  app.get(
    '/api/v1/tokens',
    {
      config,
      schema: {
        operationId: 'listTokens',
        summary: 'Tokens of programs, with their last use',
        tags,
        response: { 200: { $ref: 'ApiTokenList#' } },
      },
    },
    async ({ scope }) => ({ rows: await listTokens(app.db, scope) }),
  )
  app.post<{ Body: TokenEntry }>(
    '/api/v1/tokens',
    {
      config,
      schema: {
        operationId: 'createToken',
        summary: 'Issue a token; it is shown in this answer alone',
        tags,
        body: { $ref: 'TokenEntry#' },
        response: { ...refusals, 201: { $ref: 'TokenMade#' } },
      },
    },
    async ({ body, scope, author }, reply) => reply.code(201).send(await createToken(app.db, body, scope, author)),
  )
}

function serveToken(app: FastifyInstance, time_zone: string): void {
  app.post<{ Params: TokenParams; Body: TokenRotation }>(
    '/api/v1/tokens/:token_id/rotation',
    {
      config,
      schema: {
        operationId: 'rotateToken',
        summary: 'Issue a new token in place of an old one, which goes on working for some days',
        tags,
        params: TokenParams,
        body: { $ref: 'TokenRotation#' },
        response: { ...refusals, 201: { $ref: 'TokenMade#' } },
      },
    },
    async ({ params: { token_id }, body: { overlap_days }, scope, author }, reply) => {
      await requireListedToken(app, scope, token_id)
      const today = dayInZone(new Date(), time_zone)
      return reply.code(201).send(await rotateToken(app.db, { token_id, overlap_days, today }, author))
    },
  )
  app.delete<{ Params: TokenParams }>(
    '/api/v1/tokens/:token_id',
    {
      config,
      schema: {
        operationId: 'revokeToken',
        summary: 'Revoke a token at once',
        tags,
        params: TokenParams,
        response: { ...refusals, 200: { $ref: 'ApiToken#' } },
      },
    },
    async ({ params: { token_id }, scope, author }) => {
      await requireListedToken(app, scope, token_id)
      await revokeToken(app.db, token_id, author)
      return requireListedToken(app, scope, token_id)
    },
  )
}

/** Tokens that programs speak with. */
export default fp<{ time_zone: string }>(
  (app, { time_zone }, done) => {
    for (const schema of TOKEN_SCHEMAS) app.addSchema(schema)
    serveTokens(app)
    serveToken(app, time_zone)
    done()
  },
  { name: 'api-tokens', dependencies: ['database', 'error-body', 'access'] },
)
