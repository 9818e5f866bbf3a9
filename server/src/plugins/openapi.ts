import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

/** Lists of fixed places, which TypeBox writes as draft 7 does, in the words of the draft that OpenAPI 3.1 speaks. */
function translateTuples(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(translateTuples)
  if (typeof part !== 'object' || part === null) return part
  const isTuple = 'items' in part && Array.isArray(part.items)
  const fields = Object.entries(part).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
    if (isTuple && name === 'additionalItems') return []
    return [[isTuple && name === 'items' ? 'prefixItems' : name, translateTuples(value)]]
  })
  return { ...Object.fromEntries(fields), ...(isTuple ? { items: false } : {}) }
}

/** The API's own description at /api/v1/openapi.json and the pages to read it at /api/docs. */
export default fp(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Edumon API',
          version: '1.0.0',
          description: 'Monitoring of the digital educational environment: registry, measurements, indicators.',
          license: { name: 'Apache-2.0' },
        },
        servers: [{ url: '/' }],
      },
      transformObject: (document) =>
        translateTuples('openapiObject' in document ? document.openapiObject : document.swaggerObject) as object,
      refResolver: {
        buildLocalReference: (json, _base, _fragment, index) => (json.$id as string | undefined) ?? `schema-${index}`,
      },
    })
    await app.register(swaggerUi, { routePrefix: '/api/docs' })
  },
  { name: 'openapi' },
)
