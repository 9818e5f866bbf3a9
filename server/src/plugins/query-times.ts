import fp from 'fastify-plugin'
import { withQueryTimes, type QueryTimes } from '../db/query-times.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What this request's statements have taken by now. */
    query_times: QueryTimes
  }
}

/** Adds up the time of each request's statements. */
export default fp(
  (app, _options, done) => {
    app.decorateRequest('query_times')
    app.addHook('onRequest', (request, _reply, next) => {
      request.query_times = { database_ms: 0, pool_wait_ms: 0 }
      withQueryTimes(request.query_times, next)
    })
    // A body comes by events of the connection, which do not belong to the request: what follows it has to be told again.
    app.addHook('preValidation', (request, _reply, next) => withQueryTimes(request.query_times, next))
    done()
  },
  { name: 'query-times' },
)
