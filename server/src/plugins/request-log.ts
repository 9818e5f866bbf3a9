import fp from 'fastify-plugin'
import { subjectKey } from '../access/subject.ts'

/** One line per finished request. The route is its pattern, so that lines can be counted and no id is spread. */
export default fp(
  (app, _options, done) => {
    app.addHook('onResponse', (request, reply, next) => {
      request.log.info(
        {
          method: request.method,
          route: request.routeOptions.url ?? null,
          status: reply.statusCode,
          duration_ms: Math.round(reply.elapsedTime),
          subject: subjectKey(request.subject),
        },
        'request finished',
      )
      next()
    })
    done()
  },
  { name: 'request-log', dependencies: ['access'] },
)
