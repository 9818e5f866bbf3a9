import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const DIST = join(import.meta.dirname, '../../../web/dist')
const YEAR_S = 365 * 24 * 3600

/** Serves the built web pages. Every address that is no file is a page of the app and gets its entry document. */
export default fp(
  async (app) => {
    if (!existsSync(join(DIST, 'index.html'))) {
      app.log.warn('the web pages are not built: only the API is served ("npm run build" makes them)')
      return
    }
    await app.register(fastifyStatic, { root: DIST, serve: false })
    app.get<{ Params: { '*': string } }>(
      '/*',
      { config: { capability: 'public' }, schema: { hide: true } },
      (request, reply) => {
        const path = request.params['*']
        if (path.startsWith('api/')) {
          reply.callNotFound()
          return reply
        }
        const isFile = /\.[a-z0-9]+$/i.test(path)
        if (!isFile) return reply.sendFile('index.html', { maxAge: 0, cacheControl: true })
        // Files under assets/ carry a hash of their content in the name.
        return reply.sendFile(path, {
          maxAge: path.startsWith('assets/') ? YEAR_S * 1000 : 0,
          immutable: path.startsWith('assets/'),
        })
      },
    )
  },
  { name: 'web-pages', dependencies: ['access', 'error-body'] },
)
