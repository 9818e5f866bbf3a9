import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

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
      refResolver: {
        buildLocalReference: (json, _base, _fragment, index) => (json.$id as string | undefined) ?? `schema-${index}`,
      },
    })
    await app.register(swaggerUi, { routePrefix: '/api/docs' })
  },
  { name: 'openapi' },
)
