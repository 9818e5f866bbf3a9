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
      reply.header('connection', 'close').header('retry-after', 1)
      next(new CodedError('EDU_OVERLOADED', 'Сервер останавливается, повторите запрос'))
    })
    done()
  },
  { name: 'stopping', dependencies: ['error-body'] },
)
