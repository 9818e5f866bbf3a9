import type { SpeedDirection } from '@edumon/server/contract'
import type { RawData, WebSocket } from 'ws'
import { classifyStreamError, SpeedFailure } from './failure.ts'
import { readServerMeasurement } from './server-measurement.ts'

export interface DirectionLimits {
  /** Length of one direction. */
  test_ms: number
  /** What the other side may take longer before the connection is given up. */
  grace_ms: number
  /** Longest time in which nothing moves. */
  idle_ms: number
}

/** By the protocol: ten seconds, thirteen at most. After that the server waits for the other direction already. */
export const NDT7_LIMITS: DirectionLimits = { test_ms: 10_000, grace_ms: 3_000, idle_ms: 6_000 }

export interface DirectionResult {
  figures: SpeedDirection
  min_rtt_us: number | null
}

/** A direction that ends by itself sooner than in this share of its time was cut. */
const WHOLE_SHARE = 0.9
/** What moved nothing after this share of its time has stalled, and tells no speed. */
const MOVING_SHARE = 0.8
const FIRST_MESSAGE_BYTES = 8_192
const LARGEST_MESSAGE_BYTES = 1_048_576
/** A message grows while it is smaller than this part of all that was sent, as in the protocol's reference client. */
const GROWTH_PART = 16
const MESSAGES_IN_FLIGHT = 8

/** RFC 6455 close codes. */
const NORMAL = 1000
const POLICY = 1008
const SERVER_ERROR = 1011
const TRY_LATER = 1013

function figuresOf(bytes: number, elapsed_ms: number): SpeedDirection {
  const duration_ms = Math.max(1, Math.round(elapsed_ms))
  return { bytes, duration_ms, kbps: Math.round((bytes * 8) / Math.max(elapsed_ms, 1)) }
}

function failureOfClose(code: number, reason: Buffer): SpeedFailure {
  const detail = `closed with ${code} ${reason.toString('utf8')}`.trim()
  if (code === POLICY) return new SpeedFailure('ticket_refused', detail)
  if (code === SERVER_ERROR) return new SpeedFailure('server_failed', detail)
  if (code === TRY_LATER) return new SpeedFailure('server_busy', detail)
  return new SpeedFailure('connection_lost', detail)
}

interface Watched {
  /** Resolves when the server has closed in order or the time is up; rejects with a SpeedFailure. */
  ended: Promise<void>
  /** Something moved. */
  moved: () => void
}

/** Watches one direction from outside: its end, its time limits, its idleness, and the order to stop. */
function watch(socket: WebSocket, limits: DirectionLimits, stop: AbortSignal): Watched {
  const started = performance.now()
  let last_moved = started
  const ended = new Promise<void>((resolve, reject) => {
    const timers: NodeJS.Timeout[] = []
    const leave = () => {
      for (const timer of timers) clearTimeout(timer)
      stop.removeEventListener('abort', onStop)
      socket.off('close', onClose).off('error', onError)
      socket.on('error', () => undefined)
      socket.terminate()
    }
    const finish = () => {
      leave()
      resolve()
    }
    const fail = (failure: SpeedFailure) => {
      leave()
      reject(failure)
    }
    const onStop = () => fail(new SpeedFailure('interrupted', 'told to stop'))
    const onError = (error: Error) =>
      fail(new SpeedFailure(classifyStreamError(error), error.message, { cause: error }))
    const onClose = (code: number, reason: Buffer) => {
      const isWhole = performance.now() - started >= limits.test_ms * WHOLE_SHARE
      if (isWhole && code === NORMAL) finish()
      else fail(failureOfClose(code, reason))
    }
    timers.push(setTimeout(finish, limits.test_ms + limits.grace_ms))
    timers.push(
      setInterval(() => {
        const isOver = performance.now() - started > limits.test_ms
        if (isOver || performance.now() - last_moved <= limits.idle_ms) return
        fail(new SpeedFailure('connection_timed_out', `nothing moved for ${limits.idle_ms} ms`))
      }, 100),
    )
    socket.on('close', onClose).on('error', onError)
    stop.addEventListener('abort', onStop)
    if (stop.aborted) onStop()
  })
  return { ended, moved: () => (last_moved = performance.now()) }
}

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, chunk) => sum + chunk.length, 0) : data.byteLength
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : ''
}

/** Receives for as long as the server sends. Bytes and time are those up to the last message. */
export async function runDownload(
  socket: WebSocket,
  limits: DirectionLimits,
  stop: AbortSignal,
): Promise<DirectionResult> {
  const { ended, moved } = watch(socket, limits, stop)
  const started = performance.now()
  let bytes = 0
  let last_at = started
  let min_rtt_us: number | null = null
  socket.on('message', (data, is_binary) => {
    moved()
    bytes += sizeOf(data)
    last_at = performance.now()
    if (!is_binary) min_rtt_us = readServerMeasurement(textOf(data))?.min_rtt_us ?? min_rtt_us
  })
  socket.resume()
  await ended
  const moved_ms = last_at - started
  if (moved_ms < limits.test_ms * MOVING_SHARE) {
    throw new SpeedFailure('connection_timed_out', `nothing was received after ${Math.round(moved_ms)} ms`)
  }
  return { figures: figuresOf(bytes, moved_ms), min_rtt_us }
}

/** Sends messages of growing size until the time is up. @returns what was handed to the socket */
async function pump(socket: WebSocket, test_ms: number, moved: () => void): Promise<number> {
  const until = performance.now() + test_ms
  let message = Buffer.alloc(FIRST_MESSAGE_BYTES)
  let sent_bytes = 0
  const flying = new Set<Promise<void>>()
  while (performance.now() < until && socket.readyState === socket.OPEN) {
    const length = message.length
    const flight = new Promise<void>((done) => {
      // A failure to send is told by the socket itself.
      socket.send(message, { binary: true, mask: true }, (error) => {
        if (error == null) {
          sent_bytes += length
          moved()
        }
        done()
      })
    })
    flying.add(flight)
    void flight.then(() => flying.delete(flight))
    if (flying.size >= MESSAGES_IN_FLIGHT) await Promise.race(flying)
    if (length < LARGEST_MESSAGE_BYTES && length * GROWTH_PART <= sent_bytes) message = Buffer.alloc(length * 2)
  }
  return sent_bytes
}

/**
 * Sends for the length of the test. The figures are the server's own last count where it tells one: what has left us may
 * still lie in buffers on the way, which on a slow line is most of it.
 */
export async function runUpload(
  socket: WebSocket,
  limits: DirectionLimits,
  stop: AbortSignal,
): Promise<DirectionResult> {
  const { ended, moved } = watch(socket, limits, stop)
  const started = performance.now()
  const told: { counted: SpeedDirection | null; min_rtt_us: number | null } = { counted: null, min_rtt_us: null }
  socket.on('message', (data, is_binary) => {
    if (is_binary) return
    const measurement = readServerMeasurement(textOf(data))
    if (measurement?.received_bytes != null && measurement.elapsed_us !== null) {
      moved()
      told.counted = figuresOf(measurement.received_bytes, measurement.elapsed_us / 1000)
    }
    told.min_rtt_us = measurement?.min_rtt_us ?? told.min_rtt_us
  })
  socket.resume()
  const pumping = pump(socket, limits.test_ms, moved).then((bytes) => {
    const figures = figuresOf(bytes, performance.now() - started)
    if (socket.readyState === socket.OPEN) socket.close(NORMAL)
    return figures
  })
  await ended
  const own = await pumping
  const figures = told.counted ?? own
  if (figures.bytes === 0 || figures.duration_ms < limits.test_ms * MOVING_SHARE) {
    throw new SpeedFailure('connection_timed_out', `nothing was taken after ${figures.duration_ms} ms`)
  }
  return { figures, min_rtt_us: told.min_rtt_us }
}
