import type { IncomingMessage } from 'node:http'
import { request as httpRequest } from 'node:http'
import { WebSocket } from 'ws'
import { SpeedFailure } from './failure.ts'
import { openConnection, type Connection, type Way } from './open-connection.ts'

export const NDT7_PROTOCOL = 'net.measurementlab.ndt.v7'
/** Above the largest message that the protocol allows, 16 MiB. */
const MESSAGE_MAX_BYTES = 33_554_432
const RETRY_AFTER_MAX_S = 3600

export interface UpgradedConnection extends Omit<Connection, 'socket'> {
  socket: WebSocket
  /** From the request to its answer, microseconds: one round trip and the server's work. */
  upgrade_us: number
}

/** Retry-After in seconds; a date, or nothing, is null. */
export function readRetryAfter(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Math.min(Number(header), RETRY_AFTER_MAX_S) : null
}

/**
 * What an answer means that is no change of protocol. Our measurement server never answers with a page: a page comes
 * from a filter, whatever its status.
 */
function judgeAnswer({ statusCode = 0, headers }: IncomingMessage): SpeedFailure {
  const detail = `the WebSocket was answered with HTTP ${statusCode}`
  if (statusCode === 407) return new SpeedFailure('proxy_refused', detail)
  if (headers['content-type']?.includes('html') === true)
    return new SpeedFailure('websocket_blocked', `${detail} and a page`)
  if (statusCode === 503 || statusCode === 429) {
    return new SpeedFailure('server_busy', detail, { retry_after_s: readRetryAfter(headers['retry-after']) })
  }
  // The other direction of this test has not ended for the server yet.
  if (statusCode === 409) return new SpeedFailure('server_busy', detail, { retry_after_s: 1 })
  if (statusCode >= 500) return new SpeedFailure('server_failed', detail)
  if ([401, 403, 410].includes(statusCode)) return new SpeedFailure('ticket_refused', detail)
  return new SpeedFailure('websocket_blocked', detail)
}

/** Whether the server answers an ordinary request over the same way, with whatever status. */
async function answersPlainly(server: URL, way: Way): Promise<boolean> {
  try {
    const { socket } = await openConnection(server, way)
    return await new Promise((resolve) => {
      const timer = setTimeout(() => end(false), way.step_ms)
      const end = (isAnswered: boolean) => {
        clearTimeout(timer)
        socket.destroy()
        resolve(isAnswered)
      }
      httpRequest({ createConnection: () => socket, path: '/', headers: { host: server.host } })
        .on('response', () => end(true))
        .on('error', () => end(false))
        .end()
    })
  } catch (error) {
    if (error instanceof SpeedFailure) return false
    throw error
  }
}

function waitForUpgrade(socket: WebSocket, step_ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer to the change of protocol within ${step_ms} ms`)),
      step_ms,
    )
    socket.once('open', () => {
      clearTimeout(timer)
      // The first messages may come with the answer itself; they wait until somebody listens.
      socket.pause()
      resolve()
    })
    socket.once('unexpected-response', (request, answer) => {
      clearTimeout(timer)
      request.destroy()
      reject(judgeAnswer(answer))
    })
    socket.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}

/**
 * Opens the WebSocket of one direction of a test; it is paused until somebody listens. Rejects with a SpeedFailure. Where the change of protocol was cut or
 * not answered at all, an ordinary request tells a filter that lets HTTPS alone pass from a line that is down.
 */
export async function openUpgraded(url: URL, way: Way, user_agent: string): Promise<UpgradedConnection> {
  const { socket: below, ...facts } = await openConnection(url, way)
  const started = performance.now()
  const socket = new WebSocket(url, NDT7_PROTOCOL, {
    createConnection: () => below,
    perMessageDeflate: false,
    maxPayload: MESSAGE_MAX_BYTES,
    headers: { 'user-agent': user_agent },
  })
  try {
    await waitForUpgrade(socket, way.step_ms)
  } catch (error) {
    socket.on('error', () => undefined)
    socket.terminate()
    below.destroy()
    if (error instanceof SpeedFailure) throw error
    const detail = error instanceof Error ? error.message : String(error)
    const cause_code = (await answersPlainly(url, way)) ? 'websocket_blocked' : 'connection_lost'
    throw new SpeedFailure(cause_code, detail, { cause: error })
  }
  return { socket, ...facts, upgrade_us: Math.max(1, Math.round((performance.now() - started) * 1000)) }
}
