import fp from 'fastify-plugin'
import { CodedError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The process was told to stop: what runs is finished, nothing more is begun. */
    isStopping: () => boolean
  }
}

/** Turns away what still comes over open connections while the process stops. */
export default fp(
  (app, _options, done) => {
    let isStopping = false
    app.decorate('isStopping', () => isStopping)
    app.addHook('preClose', (closed) => {
      isStopping = true
      closed()
    })
    app.addHook('onRequest', (_request, reply, next) => {
      if (!isStopping) {
        next()
        return
      }
      reply.header('retry-after', 1)
      next(new CodedError('EDU_OVERLOADED', 'Сервер останавливается, повторите запрос'))
    })
    // A connection that stays open after its answer would keep the process.
    app.addHook('onSend', (_request, reply, payload, next) => {
      if (isStopping) reply.header('connection', 'close')
      next(null, payload)
    })
    done()
  },
  { name: 'stopping', dependencies: ['error-body'] },
)
