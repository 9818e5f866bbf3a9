import type { Socket } from 'node:net'
import { Client } from 'undici'
import type { Dispatcher } from 'undici'
import type { SiteCause } from '@edumon/server/contract'
import type { Deadline } from './deadline.ts'
import { classifyFailure } from './failure.ts'
import type { Phase } from './failure.ts'

export interface HttpLimits {
  first_byte_ms: number
  /** Longest pause between two parts of a body. */
  body_idle_ms: number
  max_header_bytes: number
  /** Received bytes, before decompression. */
  max_body_bytes: number
}

/** One answer as it came: headers in order, body still encoded. `cause` says why it is not whole; null: it is. */
export interface RawAnswer {
  http_status: number | null
  http_version: string | null
  headers: [string, string][]
  first_byte_ms: number | null
  body: Buffer
  cause: SiteCause | null
}

/** Header bytes are UTF-8 at many school sites (Cyrillic addresses in Location), Latin-1 by the old rule. */
function decodeHeader(raw: Buffer | string): string {
  if (typeof raw === 'string') return raw
  const text = raw.toString('utf8')
  return text.includes('\ufffd') ? raw.toString('latin1') : text
}

function pairHeaders(raw: Dispatcher.DispatchController['rawHeaders']): [string, string][] {
  if (!Array.isArray(raw)) return []
  const flat = (raw as (Buffer | string)[]).map(decodeHeader)
  return Array.from({ length: flat.length >> 1 }, (_, i) => [(flat[2 * i] ?? '').toLowerCase(), flat[2 * i + 1] ?? ''])
}

/** undici tells neither the protocol version nor when the first byte came: look at what it reads from the socket. */
function watchFirstBytes(socket: Socket, see: (bytes: Buffer) => void): void {
  const read = socket.read.bind(socket)
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size)
    if (Buffer.isBuffer(chunk)) {
      socket.read = read
      see(chunk)
    }
    return chunk
  }
}

/** A redirect is followed by its headers alone: its body may be endless and is of no interest. */
function isRedirect(answer: RawAnswer): boolean {
  const status = answer.http_status ?? 0
  return status >= 300 && status < 400 && answer.headers.some(([name]) => name === 'location')
}

/** Sends one GET over an open connection, which it then closes. Never rejects. */
export function getOverSocket(
  socket: Socket,
  url: URL,
  headers: Record<string, string>,
  limits: HttpLimits,
  deadline: Deadline,
): Promise<RawAnswer> {
  const answer: RawAnswer = {
    http_status: null,
    http_version: null,
    headers: [],
    first_byte_ms: null,
    body: Buffer.alloc(0),
    cause: null,
  }
  const chunks: Buffer[] = []
  let received = 0
  let phase: Phase = 'first_byte'
  let connections = 0
  const client = new Client(url.origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: limits.max_header_bytes,
    allowH2: false,
    connect: (_, done) => {
      connections += 1
      // Not at once: the client asks for the connection before it has noted that it waits for one.
      if (connections === 1) setImmediate(done, null, socket)
      else done(new Error('one connection per request'), null)
    },
  })
  return new Promise((resolve) => {
    const sent_at_ms = performance.now()
    let timer: NodeJS.Timeout
    let ended = false
    const end = (cause: SiteCause | null) => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      answer.cause = cause
      answer.body = Buffer.concat(chunks)
      socket.destroy()
      // After a whole answer nothing is left in the client; destroying it would only make errors that nobody reads.
      if (cause === null) resolve(answer)
      else client.destroy(null, () => resolve(answer))
    }
    timer = deadline.start(limits.first_byte_ms, (timeout) => end(classifyFailure(timeout, phase)))
    watchFirstBytes(socket, (bytes) => {
      answer.first_byte_ms = Math.round(performance.now() - sent_at_ms)
      answer.http_version = /^HTTP\/(\d\.\d)/.exec(bytes.toString('latin1', 0, 12))?.[1] ?? null
    })
    const waitForBody = () => {
      clearTimeout(timer)
      timer = deadline.start(limits.body_idle_ms, (timeout) => end(classifyFailure(timeout, phase)))
    }
    client.dispatch(
      { method: 'GET', path: url.pathname + url.search, headers },
      {
        onRequestStart: () => undefined,
        onResponseStart: (controller, http_status) => {
          if (http_status < 200) return
          phase = 'body'
          answer.http_status = http_status
          answer.headers = pairHeaders(controller.rawHeaders)
          if (isRedirect(answer)) end(null)
          else waitForBody()
        },
        onResponseData: (_, chunk) => {
          if (ended) return
          received += chunk.length
          chunks.push(chunk)
          if (received > limits.max_body_bytes) end('too_large')
          else waitForBody()
        },
        onResponseEnd: () => end(null),
        onResponseError: (_, error) => end(classifyFailure(error, phase)),
      },
    )
  })
}
