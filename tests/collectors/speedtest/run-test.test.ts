import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext } from 'node:tls'
import type { SpeedCause, Ticket } from '@edumon/server/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { runSpeedTest, type TestOptions, type TestOutcome } from '../../../collectors/src/speedtest/run-test.ts'
import { makeAuthority, makeLeaf } from '../zoo/certificates.ts'
import { startSmallNdt7, type SmallNdt7Options } from './ndt7-server.ts'
import { startSmallProxy } from './proxy-server.ts'

const TEST_MS = 300
const PAGE = '<html><body>Доступ ограничен</body></html>'
const closers: (() => void)[] = []

async function serve(options: Partial<SmallNdt7Options> = {}) {
  const server = await startSmallNdt7({ test_ms: TEST_MS, ...options })
  closers.push(server.close)
  return server
}

function run(server_url: string, options: Partial<TestOptions> = {}): Promise<TestOutcome> {
  const ticket: Ticket = {
    ticket_id: '7d4f5f2c-6a0b-4c54-9a0e-0d8f4c1b2a3d',
    access_token: 'token',
    server_url,
    expires_at: '2026-12-01T00:00:00Z',
  }
  return runSpeedTest(ticket, {
    way: { proxy: null, trust: createSecureContext(), step_ms: 1_000 },
    user_agent: 'Edumon-Agent/test',
    stop: new AbortController().signal,
    busy_wait_ms: 0,
    limits: { test_ms: TEST_MS, grace_ms: 2_000, idle_ms: 500 },
    ...options,
  })
}

/** Answers the change of protocol with plain HTTP. */
const answer =
  (status: number, headers: string, body = '') =>
  (_request: unknown, socket: Duplex): 'answered' => {
    socket.end(`HTTP/1.1 ${status} Answer\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    return 'answered'
  }
const cut = (_request: unknown, socket: Duplex): 'answered' => {
  socket.destroy()
  return 'answered'
}

describe('a speed test', () => {
  afterEach(() => {
    for (const close of closers.splice(0)) close()
  })

  it('has both directions, the round trip and the address family, with the token in each address', async () => {
    const server = await serve()
    const outcome = await run(server.url)
    expect(outcome).toMatchObject({ cause: null, address_family: 'ipv4', through_proxy: false })
    expect(outcome.download?.kbps).toBeGreaterThan(1_000)
    expect(outcome.upload?.kbps).toBeGreaterThan(1_000)
    // The small server states 750 µs; the handshakes on the loopback may be shorter still.
    expect(outcome.min_rtt_us).toBeGreaterThan(0)
    expect(outcome.min_rtt_us).toBeLessThanOrEqual(750)
    expect(server.asked).toEqual(['/ndt/v7/download?access_token=token', '/ndt/v7/upload?access_token=token'])
  })

  it('counts what the server received, not what has left the computer', async () => {
    const server = await serve({
      onConnection: (socket) => {
        const message = { AppInfo: { NumBytes: 1_250_000, ElapsedTime: 1_000_000 } }
        socket.send(Buffer.alloc(10_000))
        setTimeout(() => {
          socket.send(JSON.stringify(message))
          socket.close(1000)
        }, TEST_MS)
      },
    })
    expect((await run(server.url)).upload).toEqual({ bytes: 1_250_000, duration_ms: 1_000, kbps: 10_000 })
  })

  it('goes through a proxy, and then has no round trip of TCP', async () => {
    const [server, proxy] = [await serve(), await startSmallProxy()]
    closers.push(proxy.close)
    const outcome = await run(server.url, { way: { proxy: proxy.url, trust: createSecureContext(), step_ms: 1_000 } })
    expect(outcome).toMatchObject({ cause: null, through_proxy: true })
    expect(proxy.asked).toEqual([new URL(server.url).host, new URL(server.url).host])
  })

  it.each<[string, SpeedCause, Partial<SmallNdt7Options>]>([
    ['a page of a filter', 'websocket_blocked', { onUpgrade: answer(200, 'content-type: text/html\r\n', PAGE) }],
    ['a forbidding page', 'websocket_blocked', { onUpgrade: answer(403, 'content-type: text/html\r\n', PAGE) }],
    ['a redirection', 'websocket_blocked', { onUpgrade: answer(302, 'location: http://filter.local/\r\n') }],
    ['a cut change of protocol', 'websocket_blocked', { onUpgrade: cut }],
    ['a change of protocol without an answer', 'websocket_blocked', { onUpgrade: () => 'answered' }],
    ['a refused ticket', 'ticket_refused', { onUpgrade: answer(401, 'content-type: application/json\r\n', '{}') }],
    ['a full server', 'server_busy', { onUpgrade: answer(503, 'retry-after: 1\r\n') }],
    ['a failing server', 'server_failed', { onUpgrade: answer(500, '') }],
    ['a proxy in the way', 'proxy_refused', { onUpgrade: answer(407, 'proxy-authenticate: Basic\r\n') }],
    ['a connection cut in the middle', 'connection_lost', { onConnection: (socket) => cutLater(socket) }],
    ['a stall', 'connection_timed_out', { onConnection: (socket) => socket.send(Buffer.alloc(1_000)) }],
    ['a stall after half of the time', 'connection_timed_out', { onConnection: (socket) => stallLater(socket) }],
    ['a server that gives up', 'server_failed', { onConnection: (socket) => socket.close(1011) }],
  ])('that meets %s says %s and has no figures', async (_name, cause, options) => {
    const server = await serve(options)
    expect(await run(server.url)).toMatchObject({ cause, download: null, upload: null })
  })

  function cutLater(socket: { send: (data: Buffer) => void; terminate: () => void }): void {
    socket.send(Buffer.alloc(100_000))
    setTimeout(() => socket.terminate(), 100)
  }

  function stallLater(socket: { send: (data: Buffer) => void }): void {
    const timer = setInterval(() => socket.send(Buffer.alloc(10_000)), 20)
    setTimeout(() => clearInterval(timer), TEST_MS / 2)
  }

  it('keeps the download when the upload alone fails', async () => {
    let upgrades = 0
    const server = await serve({
      onUpgrade: (request, socket) => {
        upgrades += 1
        return upgrades === 1 ? 'pass' : answer(500, '')(request, socket)
      },
    })
    const outcome = await run(server.url)
    expect(outcome).toMatchObject({ cause: 'server_failed', upload: null })
    expect(outcome.download?.bytes).toBeGreaterThan(0)
  })

  it('waits for a place while the server is full, within its limit', async () => {
    let upgrades = 0
    const server = await serve({
      onUpgrade: (request, socket) => {
        upgrades += 1
        return upgrades <= 2 ? answer(upgrades === 1 ? 503 : 409, 'retry-after: 0\r\n')(request, socket) : 'pass'
      },
    })
    expect((await run(server.url, { busy_wait_ms: 5_000 })).cause).toBeNull()
    expect(upgrades).toBe(4)
  })

  it('names a proxy that refuses, and one that wants a sign-in', async () => {
    const server = await serve()
    for (const status of [403, 407, 502]) {
      const proxy = await startSmallProxy(status)
      closers.push(proxy.close)
      const way = { proxy: proxy.url, trust: createSecureContext(), step_ms: 1_000 }
      expect((await run(server.url, { way })).cause).toBe('proxy_refused')
    }
    expect(server.asked).toEqual([])
  })

  it('names a filter that opens TLS by its certificate, and takes the certificate of a root that it is told', async () => {
    const [own, filter] = [await makeAuthority('CN=Own root'), await makeAuthority('CN=Filter')]
    const server = await serve({ tls: await makeLeaf('localhost', own) })
    const url = `wss://localhost:${new URL(server.url).port}`
    const trusting = (pem: string) => ({
      way: { proxy: null, trust: createSecureContext({ ca: pem }), step_ms: 1_000 },
    })
    expect((await run(url, trusting(own.pem))).cause).toBeNull()
    expect((await run(url, trusting(filter.pem))).cause).toBe('tls_intercepted')
    expect((await run(url.replace('localhost', '127.0.0.1'), trusting(own.pem))).cause).toBe('tls_intercepted')
  })

  it('names plain HTTP on the TLS port as interception', async () => {
    const server = await serve()
    expect((await run(server.url.replace('ws:', 'wss:'))).cause).toBe('tls_intercepted')
  })

  it('names an unknown name, a closed port and a silent one', async () => {
    expect((await run('ws://no-such-name.invalid')).cause).toBe('dns_failed')
    expect((await run('ws://127.0.0.1:1')).cause).toBe('connection_refused')
    const silent = createServer()
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    closers.push(() => silent.close())
    const { port } = silent.address() as AddressInfo
    expect((await run(`wss://127.0.0.1:${port}`)).cause).toBe('connection_timed_out')
  })

  it('has no figures when the clock jumps meanwhile', async () => {
    const server = await serve()
    let looks = 0
    const clock = { wall: () => Date.now() + (looks++ === 0 ? 0 : 3_600_000), monotonic: () => performance.now() }
    expect(await run(server.url, { clock })).toMatchObject({ cause: 'interrupted', download: null, upload: null })
  })

  it('ends at once when told to stop', async () => {
    const server = await serve({ test_ms: 60_000 })
    const end = new AbortController()
    const running = run(server.url, { stop: end.signal, limits: { test_ms: 60_000, grace_ms: 1, idle_ms: 60_000 } })
    while (server.asked.length === 0) await new Promise((done) => setImmediate(done))
    end.abort()
    expect((await running).cause).toBe('interrupted')
  })
})
