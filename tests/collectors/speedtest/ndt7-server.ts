import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'

const PROTOCOL = 'net.measurementlab.ndt.v7'

export interface SmallNdt7Options {
  /** Length of one direction. */
  test_ms: number
  tls?: { cert: string; key: string }
  /** Answers an upgrade otherwise; `pass` lets it through. */
  onUpgrade?: (request: IncomingMessage, socket: Duplex) => 'pass' | 'answered'
  /** Takes over an upgraded connection instead of measuring. */
  onConnection?: (socket: WebSocket) => void
}

export interface SmallNdt7 {
  url: string
  /** Upgrades asked for, by path with query. */
  asked: string[]
  close: () => void
}

function send(socket: WebSocket, test_ms: number): void {
  const message = Buffer.alloc(65_536)
  const until = performance.now() + test_ms
  const next = (): void => {
    if (socket.readyState !== socket.OPEN) return
    if (performance.now() >= until) socket.close(1000)
    else socket.send(message, () => setImmediate(next))
  }
  socket.send(JSON.stringify({ TCPInfo: { MinRTT: 750 }, Origin: 'server', Test: 'download' }))
  next()
}

function receive(socket: WebSocket, test_ms: number): void {
  const began = performance.now()
  let bytes = 0
  socket.on('message', (data: Buffer) => (bytes += data.length))
  const timer = setInterval(() => {
    const elapsed_ms = performance.now() - began
    socket.send(JSON.stringify({ AppInfo: { NumBytes: bytes, ElapsedTime: Math.round(elapsed_ms * 1000) } }))
    if (elapsed_ms > test_ms + 200) socket.close(1000)
  }, 50)
  socket.on('close', () => clearInterval(timer))
}

/** A small measurement server of the protocol, whose handshake and connections a test may spoil. */
export async function startSmallNdt7(options: SmallNdt7Options): Promise<SmallNdt7> {
  const { test_ms, tls, onUpgrade, onConnection } = options
  const plain = (_request: IncomingMessage, answer: { writeHead: (status: number) => { end: () => void } }) =>
    answer.writeHead(404).end()
  const server: Server = tls === undefined ? createServer(plain) : createTlsServer(tls, plain)
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => PROTOCOL })
  const asked: string[] = []
  server.on('upgrade', (request, socket, head) => {
    asked.push(request.url ?? '')
    socket.on('error', () => undefined)
    if (onUpgrade?.(request, socket) === 'answered') return
    sockets.handleUpgrade(request, socket, head, (upgraded) => {
      upgraded.on('error', () => undefined)
      if (onConnection !== undefined) onConnection(upgraded)
      else if (request.url?.startsWith('/ndt/v7/download') === true) send(upgraded, test_ms)
      else receive(upgraded, test_ms)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls === undefined ? 'ws' : 'wss'}://127.0.0.1:${port}`,
    asked,
    close: () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      server.close()
    },
  }
}
