import type { FastifyInstance } from 'fastify'
import { decideMissing } from '../../intake/decide-missing.ts'
import type { IntakeSettings } from '../../intake/dry-run.ts'
import { listMissingOrgUnits } from './missing-queries.ts'
import type { MissingDecision } from './missing-schemas.ts'
import { requireImport } from './require-import.ts'
import { DEFAULT_LIMIT, ImportParams, PageQuery } from './schemas.ts'

const error = { $ref: 'ErrorBody#' }

/** What a later file of the same scope no longer has: the list, and a person's "keep or withdraw". */
export function serveMissing(app: FastifyInstance, settingsNow: () => IntakeSettings): void {
  app.get<{ Params: ImportParams; Querystring: PageQuery }>(
    '/api/v1/imports/:id/missing',
    {
      config: { capability: 'imports:read' },
      schema: {
        operationId: 'listImportMissing',
        summary: 'Units that an earlier file of the same sender and territory had and this one lacks',
        tags: ['imports'],
        params: ImportParams,
        querystring: PageQuery,
        response: { 200: { $ref: 'MissingOrgUnitList#' }, 400: error, 404: error },
      },
    },
    async ({ params, query, scope }) => {
      await requireImport(app, scope, params.id)
      const { limit = DEFAULT_LIMIT, offset = 0 } = query
      return listMissingOrgUnits(app.db, { scope, import_id: params.id, limit, offset })
    },
  )
  app.post<{ Params: ImportParams; Body: MissingDecision }>(
    '/api/v1/imports/:id/missing/decisions',
    {
      config: { capability: 'imports:write' },
      schema: {
        operationId: 'decideImportMissing',
        summary: 'Keep missing units, or end them with their parts on the day of the file; remembered for later files',
        tags: ['imports'],
        params: ImportParams,
        body: { $ref: 'MissingDecision#' },
        response: { 200: { $ref: 'Import#' }, 400: error, 404: error, 409: error },
      },
    },
    async ({ params, body, scope, author }) => {
      await requireImport(app, scope, params.id)
      await decideMissing(app.db, params.id, body, settingsNow(), author)
      return requireImport(app, scope, params.id)
    },
  )
}
