import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** An answer to a request that does not become a test. */
export interface RefusedUpgrade {
  status: number
  code: string
  message: string
  retry_after_s?: number
}

/** Whoever does not read its answer is not waited for longer. */
const LINGER_MS = 2000

/** Answers on a connection that was to become a WebSocket, and closes it. */
export function refuseUpgrade(socket: Duplex, { status, code, message, retry_after_s }: RefusedUpgrade): void {
  const body = JSON.stringify({ code, message })
  const headers: Record<string, string | number> = {
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(retry_after_s === undefined ? {} : { 'retry-after': retry_after_s }),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines].join('\r\n')
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy())
}
