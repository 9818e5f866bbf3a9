import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { Socket, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { MeasurementRecord, RecordedDirection } from '../contract/index.ts'
import type { AdmittedTicket } from '../speed-tickets/ticket-token.ts'
import { createAddressReader } from './client-address.ts'
import {
  directionOf,
  LARGEST_DOWNLOAD_ANSWER_BYTES,
  LARGEST_UPLOAD_MESSAGE_BYTES,
  NDT7_SUBPROTOCOL,
  TEST_LENGTH,
  type Direction,
  type TestLength,
} from './ndt7.ts'
import { OpenTests, type Refusal } from './open-tests.ts'
import { refuseUpgrade, type RefusedUpgrade } from './refuse.ts'
import { runTest } from './run-test.ts'

export interface MeasurementServerOptions {
  host: string
  port: number
  /** Key and certificate in PEM; null: without TLS. */
  tls: { key: string; cert: string } | null
  /** Tests at one time. */
  places: number
  /** Addresses or ranges of proxies whose word on the client's address is believed. */
  trusted_proxies: readonly string[]
  /** Tells good tickets from others. */
  readTicket: (text: string) => Promise<AdmittedTicket | 'refused' | 'no_key'>
  onOver: (record: MeasurementRecord) => void
  length?: TestLength
  /** A client's time between its two directions. */
  between_ms?: number
}

/** A measurement server that listens. */
export interface MeasurementServer {
  port: number
  /** Cuts the tests that run; each is reported as far as it came. */
  close: () => Promise<void>
}

/** Beside the tests, so that one rule of a proxy or a filter is enough for both. */
const HEALTH_PATH = '/ndt/v7/health'
const BETWEEN_MS = 5000
/** Who connects has to say what for within this time. */
const HEADERS_LIMIT_MS = 5000
/** Connections beside those of tests: new ones, refused ones, questions whether a place is free. */
const OTHER_CONNECTIONS = 1000
const NO_KEY_RETRY_S = 5

const REFUSALS = {
  path: { status: 404, code: 'not_found', message: 'Tests are at /ndt/v7/download and /ndt/v7/upload' },
  protocol: { status: 400, code: 'wrong_protocol', message: `The WebSocket's subprotocol must be ${NDT7_SUBPROTOCOL}` },
  no_ticket: { status: 401, code: 'ticket_missing', message: 'A test needs a ticket in access_token' },
  refused: { status: 403, code: 'ticket_refused', message: 'The ticket is forged, too old or for another server' },
  used: { status: 403, code: 'ticket_used', message: 'The ticket was used for this direction' },
  no_key: { status: 503, code: 'not_ready', message: 'Tickets cannot be told yet', retry_after_s: NO_KEY_RETRY_S },
} as const satisfies Record<string, RefusedUpgrade>

function describeRefusal(refusal: Refusal): RefusedUpgrade {
  if (refusal.reason !== 'busy') return REFUSALS[refusal.reason]
  const { retry_after_s } = refusal
  return { status: 503, code: 'busy', message: 'All places are taken', retry_after_s }
}

/** Answers requests that ask for no test. Pages of other origins may ask whether a place is free. */
function answerPlainly(tests: OpenTests, { url, method }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close')
  response.setHeader('content-type', 'application/json; charset=utf-8')
  const path = url?.split('?')[0] ?? ''
  if (path === HEALTH_PATH && method === 'GET') {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('cache-control', 'no-store')
    response.end(JSON.stringify({ places: tests.places, taken: tests.taken }))
    return
  }
  const isTest = directionOf(path) !== null
  response.statusCode = isTest ? 426 : 404
  if (isTest) response.setHeader('upgrade', 'websocket')
  response.end(JSON.stringify({ code: isTest ? 'upgrade_required' : 'not_found', message: REFUSALS.path.message }))
}

interface UpgradeRequest {
  request: IncomingMessage
  socket: Socket
  head: Buffer
  client_address: string
}

/** Opens WebSockets for directions that were admitted, and keeps count of them. */
class TestRunner {
  readonly #tests: OpenTests
  readonly #length: TestLength
  readonly #running = new Map<WebSocket, Promise<void>>()
  readonly #sockets: Record<Direction, WebSocketServer>

  constructor(tests: OpenTests, length: TestLength) {
    this.#tests = tests
    this.#length = length
    const options = { noServer: true, clientTracking: false, perMessageDeflate: false, skipUTF8Validation: true }
    const handleProtocols = (): string => NDT7_SUBPROTOCOL
    this.#sockets = {
      download: new WebSocketServer({ ...options, handleProtocols, maxPayload: LARGEST_DOWNLOAD_ANSWER_BYTES }),
      upload: new WebSocketServer({ ...options, handleProtocols, maxPayload: LARGEST_UPLOAD_MESSAGE_BYTES }),
    }
  }

  /** @returns why it was not begun; null: it runs, or the request was no proper WebSocket and is answered */
  begin(
    { request, socket, head, client_address }: UpgradeRequest,
    ticket: AdmittedTicket,
    direction: Direction,
  ): RefusedUpgrade | null {
    const opened: WebSocket[] = []
    const cut = (): void => opened[0]?.terminate()
    const finish = this.#tests.begin(ticket, { direction, client_address, cut })
    if (typeof finish !== 'function') return describeRefusal(finish)
    // It calls back at once, or never when it has answered the request itself.
    this.#sockets[direction].handleUpgrade(request, socket, head, (webSocket) => opened.push(webSocket))
    const [webSocket] = opened
    if (webSocket === undefined) finish({ end: 'broken', bytes: 0, duration_ms: 0 })
    else this.#run(webSocket, socket, { ticket, direction, finish })
    return null
  }

  #run(
    webSocket: WebSocket,
    line: Socket,
    test: { ticket: AdmittedTicket; direction: Direction; finish: (seen: RecordedDirection) => void },
  ): void {
    line.setNoDelay(true)
    const { direction, ticket, finish } = test
    const info = {
      Client: `${line.remoteAddress ?? ''}:${line.remotePort ?? 0}`,
      Server: `${line.localAddress ?? ''}:${line.localPort ?? 0}`,
      UUID: ticket.ticket_id,
    }
    const running = runTest(webSocket, line, { direction, info, length: this.#length }).then((seen) => {
      this.#running.delete(webSocket)
      finish(seen)
    })
    this.#running.set(webSocket, running)
  }

  async close(): Promise<void> {
    const running = [...this.#running]
    for (const [webSocket] of running) webSocket.terminate()
    await Promise.all(running.map(([, ended]) => ended))
  }
}

/** Judges a request for a test. @returns its direction and ticket, or how it is refused */
async function judgeUpgrade(
  { url, headers }: IncomingMessage,
  readTicket: MeasurementServerOptions['readTicket'],
): Promise<{ direction: Direction; ticket: AdmittedTicket } | RefusedUpgrade> {
  const [path = '', query = ''] = url?.split('?') ?? []
  const direction = directionOf(path)
  if (direction === null) return REFUSALS.path
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  if (!protocols.includes(NDT7_SUBPROTOCOL)) return REFUSALS.protocol
  const text = new URLSearchParams(query).get('access_token') ?? ''
  if (text === '') return REFUSALS.no_ticket
  const ticket = await readTicket(text)
  return typeof ticket === 'string' ? REFUSALS[ticket] : { direction, ticket }
}

function listen(server: Server, { host, port }: MeasurementServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/** Starts a measurement server. @throws when it cannot listen */
export async function startMeasurementServer(options: MeasurementServerOptions): Promise<MeasurementServer> {
  const { tls, places, length = TEST_LENGTH, between_ms = BETWEEN_MS, onOver } = options
  const tests = new OpenTests({ places, between_ms, longest_ms: length.longest_ms, onOver })
  const runner = new TestRunner(tests, length)
  const addressOf = createAddressReader(options.trusted_proxies)
  const limits = {
    headersTimeout: HEADERS_LIMIT_MS,
    requestTimeout: HEADERS_LIMIT_MS,
    connectionsCheckingInterval: 1000,
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void => answerPlainly(tests, request, response)
  const server = tls === null ? createServer(limits, answer) : createTlsServer({ ...limits, ...tls }, answer)
  server.maxConnections = places + OTHER_CONNECTIONS
  const connections = new Set<Duplex>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('clientError', (_error, socket) => {
    refuseUpgrade(socket, { status: 400, code: 'broken_request', message: 'The request cannot be read' })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A connection that breaks is an end of its own; without a listener it would end the process.
    socket.on('error', () => socket.destroy())
    void judgeUpgrade(request, options.readTicket).then((judged) => {
      if (socket.destroyed || !(socket instanceof Socket)) return socket.destroy()
      const refusal =
        'status' in judged
          ? judged
          : runner.begin({ request, socket, head, client_address: addressOf(request) }, judged.ticket, judged.direction)
      if (refusal !== null) refuseUpgrade(socket, refusal)
    })
  })
  return {
    port: await listen(server, options),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      await runner.close()
      tests.close()
      for (const socket of connections) socket.destroy()
      await closed
    },
  }
}
