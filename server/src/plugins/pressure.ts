import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'
import { getHeapStatistics } from 'node:v8'
import { CodedError } from '../errors.ts'

const AGAIN_AFTER_S = 5
const HEAP_SHARE = 0.9
/** What loading the program cost the event loop is no pressure: two samples after it listens are passed over. */
const SETTLE_MS = 2500

interface PressureOptions {
  /** Mean delay of the event loop, over a second, from which on requests are turned away; 0: never. */
  pressure_delay_ms: number
}

/**
 * Turns requests away while the process cannot keep up, so that those under way are finished. Whoever watches the
 * process itself is always answered: a busy process must not be taken for a dead one.
 */
export default fp<PressureOptions>(
  async (app, { pressure_delay_ms }) => {
    if (pressure_delay_ms === 0) return
    let isSettled = false
    app.addHook('onListen', (listening) => {
      setTimeout(() => (isSettled = true), SETTLE_MS).unref()
      listening()
    })
    await app.register(underPressure, {
      sampleInterval: 1000,
      maxEventLoopDelay: pressure_delay_ms,
      maxHeapUsedBytes: Math.round(getHeapStatistics().heap_size_limit * HEAP_SHARE),
      // Told as a promise: the plugin passes on what it rejects with.
      pressureHandler: (request, reply, type, value) => {
        if (!isSettled || request.routeOptions.config.route_class === 'operation') return Promise.resolve()
        request.log.warn({ pressure: type, value }, 'request turned away')
        reply.header('retry-after', AGAIN_AFTER_S)
        const details = { retry_after_s: AGAIN_AFTER_S }
        return Promise.reject(
          new CodedError('EDU_OVERLOADED', 'Сервер перегружен, повторите через несколько секунд', details),
        )
      },
    })
  },
  { name: 'pressure', dependencies: ['error-body', 'limits'] },
)
