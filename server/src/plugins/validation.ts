import { Ajv } from 'ajv'
import fp from 'fastify-plugin'

/**
 * Bodies are taken as they are written: nothing is coerced, dropped or filled in, so that null, "", 0 and absence
 * stay four things. Only the query and the path, which are text by nature, are coerced.
 */
export default fp(
  (app, _options, done) => {
    const options = { allErrors: false, removeAdditional: false, useDefaults: false, strict: false } as const
    const strict = new Ajv({ ...options, coerceTypes: false })
    const coercing = new Ajv({ ...options, coerceTypes: 'array', useDefaults: true })
    app.setValidatorCompiler(({ schema, httpPart }) => {
      const ajv = httpPart === 'body' ? strict : coercing
      for (const [id, shared] of Object.entries(app.getSchemas())) {
        if (ajv.getSchema(id) === undefined) ajv.addSchema(shared as object, id)
      }
      return ajv.compile(schema)
    })
    done()
  },
  { name: 'validation' },
)
