import { sql } from 'kysely'
import fp from 'fastify-plugin'
import { findLatestChangeSetNo } from '../../db/change-set.ts'
import { Health } from './schemas.ts'

/** Whether the process serves and its database answers. */
export default fp(
  (app, _options, done) => {
    app.addSchema(Health)
    app.get(
      '/api/v1/health',
      {
        config: { capability: 'public' },
        schema: {
          operationId: 'getHealth',
          summary: 'Whether the API and its database answer',
          tags: ['operation'],
          response: { 200: { $ref: 'Health#' }, 503: { $ref: 'ErrorBody#' } },
        },
      },
      async () => {
        const { rows } = await sql<{ version: string }>`SELECT current_setting('server_version') AS version`.execute(
          app.db,
        )
        return {
          status: 'ok',
          postgres_version: rows[0]?.version ?? 'unknown',
          change_set_no: await findLatestChangeSetNo(app.db),
        }
      },
    )
    app.get(
      '/api/v1/openapi.json',
      {
        config: { capability: 'public' },
        schema: {
          operationId: 'getOpenApi',
          summary: 'This description',
          tags: ['operation'],
          response: { 200: { type: 'object', additionalProperties: true } },
        },
      },
      () => app.swagger(),
    )
    done()
  },
  { name: 'health', dependencies: ['database', 'error-body'] },
)
