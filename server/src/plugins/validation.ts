import { Ajv } from 'ajv'
import fp from 'fastify-plugin'
import { findUnstorableText } from '../domain/canonical-json.ts'
import { CodedError } from '../errors.ts'

/**
 * Bodies are taken as they are written: nothing is coerced, dropped or filled in, so that null, "", 0 and absence
 * stay four things. Only the query and the path, which are text by nature, are coerced; what a route does not know
 * of there never reaches it. A text that no database can hold is refused before any route sees it.
 */
export default fp(
  (app, _options, done) => {
    const options = { allErrors: false, removeAdditional: false, useDefaults: false, strict: false } as const
    const strict = new Ajv({ ...options, coerceTypes: false })
    const coercing = new Ajv({ ...options, removeAdditional: 'all', coerceTypes: 'array', useDefaults: true })
    app.setValidatorCompiler(({ schema, httpPart }) => {
      const ajv = httpPart === 'body' ? strict : coercing
      for (const [id, shared] of Object.entries(app.getSchemas())) {
        if (ajv.getSchema(id) === undefined) ajv.addSchema(shared as object, id)
      }
      return ajv.compile(schema)
    })
    app.addHook('preValidation', (request, _reply, next) => {
      const { params, query, body } = request
      const isJudgedElsewhere = Buffer.isBuffer(body) || request.routeOptions.config.judges_own_texts === true
      const path = findUnstorableText(isJudgedElsewhere ? { params, query } : { params, query, body })
      if (path === null) next()
      else next(new CodedError('EDU_BAD_REQUEST', 'В тексте знаки, которых не бывает в тексте', { path }))
    })
    done()
  },
  { name: 'validation' },
)
