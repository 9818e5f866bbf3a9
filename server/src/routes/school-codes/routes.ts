import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { requireCoveredUnit } from '../../db/require-unit.ts'
import { findSchoolCode, issueSchoolCode, type SchoolCode as IssuedCode } from '../../speed-tickets/school-code.ts'
import { SchoolCode, SchoolCodeParams } from './schemas.ts'

const path = '/api/v1/org-units/:id/school-code'
const config = { capability: 'school_code:manage' } as const
const error = { $ref: 'ErrorBody#' }
const response = { 200: { $ref: 'SchoolCode#' }, 404: error }

function toView(issued: IssuedCode | null) {
  const { code = null, issued_at, issued_by = null } = issued ?? {}
  return { code, issued_at: issued_at?.toISOString() ?? null, issued_by }
}

function serveCodes(app: FastifyInstance): void {
  app.get<{ Params: SchoolCodeParams }>(
    path,
    {
      config,
      schema: {
        operationId: 'getSchoolCode',
        summary: 'Code by which a school tests its Internet in a browser',
        tags: ['speed tests'],
        params: SchoolCodeParams,
        response,
      },
    },
    async ({ params: { id }, scope }) => {
      await requireCoveredUnit(app.db, scope, id)
      return toView(await findSchoolCode(app.db, id))
    },
  )
  app.post<{ Params: SchoolCodeParams }>(
    path,
    {
      config,
      schema: {
        operationId: 'issueSchoolCode',
        summary: 'Issue a new code; the one of before works no more',
        tags: ['speed tests'],
        params: SchoolCodeParams,
        response,
      },
    },
    async ({ params: { id }, scope, author }) => {
      await requireCoveredUnit(app.db, scope, id)
      return toView(await issueSchoolCode(app.db, id, author))
    },
  )
}

/** Codes by which schools test in a browser. */
export default fp(
  (app, _options, done) => {
    app.addSchema(SchoolCode)
    serveCodes(app)
    done()
  },
  { name: 'school-codes', dependencies: ['database', 'error-body', 'access'] },
)
