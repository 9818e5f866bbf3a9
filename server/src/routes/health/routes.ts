import fp from 'fastify-plugin'
import { CodedError } from '../../errors.ts'
import { findReadiness } from './readiness.ts'
import { Health, Readiness } from './schemas.ts'

const config = { capability: 'public', route_class: 'operation' } as const

/** Whether the process lives, and whether it can serve: the one says "start me anew", the other "send me nothing". */
export default fp(
  (app, _options, done) => {
    app.addSchema(Health)
    app.addSchema(Readiness)
    app.get(
      '/api/v1/health',
      {
        config,
        schema: {
          operationId: 'getHealth',
          summary: 'Whether the process lives',
          tags: ['operation'],
          response: { 200: { $ref: 'Health#' } },
        },
      },
      () => ({ status: 'ok', uptime_s: Math.floor(process.uptime()) }),
    )
    app.get(
      '/api/v1/ready',
      {
        config,
        schema: {
          operationId: 'getReadiness',
          summary: 'Whether requests can be served: the database answers and has the schema of this version',
          tags: ['operation'],
          response: { 200: { $ref: 'Readiness#' }, 503: { $ref: 'ErrorBody#' } },
        },
      },
      async () => {
        const found = app.isStopping() ? 'stopping' : await findReadiness(app.db)
        if (typeof found !== 'string') return { status: 'ready', ...found }
        throw new CodedError('EDU_NOT_READY', 'Сервер пока не может отвечать на запросы', { reasons: [found] })
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
  { name: 'health', dependencies: ['database', 'error-body', 'stopping'] },
)
