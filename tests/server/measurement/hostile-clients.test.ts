import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { NDT7_SUBPROTOCOL } from '../../../server/src/measurement-server/ndt7.ts'
import { makeKeyPair, TestMeasurementServer } from '../../factories/measurement-server.ts'
import { askForTest, clientFrame, RawSocket } from '../../factories/raw-socket.ts'

const LENGTH = { measured_ms: 1500, longest_ms: 3500 }
const BINARY = 2
const CONTINUATION = 0
const PING = 9

let server: TestMeasurementServer

beforeAll(async () => {
  server = await TestMeasurementServer.start({ places: 20, length: LENGTH })
})
afterAll(() => server.close())

const pathOf = (direction: string, access_token: string): string => `/ndt/v7/${direction}?access_token=${access_token}`

/** Downloads as a well-behaved client does. @returns bytes that came */
async function download(): Promise<{ ticket_id: string; bytes: number }> {
  const { ticket_id, access_token } = await server.ticket()
  const socket = new WebSocket(server.url('download', access_token), NDT7_SUBPROTOCOL)
  let bytes = 0
  socket.on('message', (data: Buffer) => {
    bytes += data.length
  })
  await once(socket, 'close')
  return { ticket_id, bytes }
}

/** A raw client whose test is under way. */
async function begin(direction: 'download' | 'upload'): Promise<{ raw: RawSocket; ticket_id: string }> {
  const { ticket_id, access_token } = await server.ticket()
  const raw = await RawSocket.open(server.port)
  raw.upgrade(pathOf(direction, access_token))
  expect((await raw.answer()).status).toBe(101)
  return { raw, ticket_id }
}

describe('a request that is no test of ours', () => {
  it.each<[string, string, Record<string, string | null>, number]>([
    ['another path', '/ndt/v5/download', {}, 404],
    ['another subprotocol', '/ndt/v7/download?access_token=x', { 'sec-websocket-protocol': 'chat' }, 400],
    ['no subprotocol', '/ndt/v7/download?access_token=x', { 'sec-websocket-protocol': null }, 400],
    ['no ticket', '/ndt/v7/download', {}, 401],
    ['a ticket that is garbage', '/ndt/v7/download?access_token=%00garbage', {}, 403],
  ])('with %s is answered before the upgrade', async (_what, path, headers, status) => {
    expect((await askForTest(server.port, path, headers)).status).toBe(status)
  })

  it('without an upgrade is told to upgrade', async () => {
    expect((await fetch(`http://127.0.0.1:${server.port}/ndt/v7/download`)).status).toBe(426)
  })

  it.each([
    ['garbage', '\x16\x03\x01 no HTTP at all\r\n\r\n'],
    ['an endless header', `GET / HTTP/1.1\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`],
  ])('%s is refused and the connection closed', async (_what, text) => {
    const raw = await RawSocket.open(server.port)
    raw.send(text)
    expect((await raw.answer()).status).toBe(400)
  })

  it('without a key of the WebSocket gives its place back', async () => {
    const { ticket_id, access_token } = await server.ticket()
    expect(
      (await askForTest(server.port, pathOf('upload', access_token), { 'sec-websocket-key': 'short' })).status,
    ).toBe(400)
    expect(await server.record(ticket_id)).toMatchObject({ download: null, upload: { end: 'broken', bytes: 0 } })
  })
})

describe('a ticket', () => {
  it('that is forged is refused', async () => {
    const { signing } = await makeKeyPair()
    const { access_token } = await server.ticket({ key: signing })
    expect((await askForTest(server.port, pathOf('download', access_token))).status).toBe(403)
  })

  it('that is signed by another key under our key’s name is refused', async () => {
    const { access_token: proper } = await server.ticket()
    const { kid } = JSON.parse(Buffer.from(proper.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }
    const { signing } = await makeKeyPair()
    const { access_token } = await server.ticket({ key: { ...signing, key_id: kid } })
    expect((await askForTest(server.port, pathOf('download', access_token))).status).toBe(403)
  })

  it.each([
    ['too old', { issued_ago_s: 0, valid_s: -25 }],
    ['from before the server’s start', { issued_ago_s: 60, valid_s: 300 }],
    ['for another server', { server_url: 'ws://other.example' }],
  ])('that is %s is refused', async (_what, changes) => {
    const { access_token } = await server.ticket(changes)
    expect((await askForTest(server.port, pathOf('download', access_token))).status).toBe(403)
  })

  it('serves once for each direction, one after the other: the second one cuts the first', async () => {
    const { ticket_id, access_token } = await server.ticket()
    const first = await RawSocket.open(server.port)
    first.upgrade(pathOf('download', access_token))
    expect((await first.answer()).status).toBe(101)
    expect((await askForTest(server.port, pathOf('download', access_token))).status).toBe(403)
    const second = await RawSocket.open(server.port)
    second.upgrade(pathOf('upload', access_token))
    expect((await second.answer()).status).toBe(101)
    await first.closed
    second.close()
    const record = await server.record(ticket_id)
    expect(record).toMatchObject({ download: { end: 'broken' }, upload: { end: 'broken' } })
    expect((await askForTest(server.port, pathOf('upload', access_token))).status).toBe(403)
  })
})

describe('a test that goes wrong', () => {
  it('by a frame that is too large, garbage, fragments or a reader who does not read ends as declared and harms no other', async () => {
    const alone = await download()
    const others = await Promise.all([
      begin('upload'),
      begin('upload'),
      begin('upload'),
      begin('download'),
      begin('upload'),
    ])
    const [tooLarge, garbage, fragments, deaf, pings] = others
    tooLarge.raw.send(clientFrame(BINARY, Buffer.alloc(16), { declared_bytes: 2 ** 30 }))
    garbage.raw.send(Buffer.from('not a frame at all, but plenty of text'))
    fragments.raw.send(clientFrame(BINARY, Buffer.alloc(1), { is_last: false }))
    for (let turn = 0; turn < 200; turn += 1) {
      const small = Array.from({ length: 100 }, () => clientFrame(CONTINUATION, Buffer.alloc(1), { is_last: false }))
      fragments.raw.send(Buffer.concat(small))
    }
    deaf.raw.socket.pause()
    pings.raw.socket.pause()
    for (let turn = 0; turn < 50; turn += 1) {
      pings.raw.send(Buffer.concat(Array.from({ length: 100 }, () => clientFrame(PING, Buffer.alloc(100)))))
    }
    const beside = await download()
    const records = await Promise.all(others.map(({ ticket_id }) => server.record(ticket_id)))
    expect(records.map(({ download: down, upload: up }) => (down ?? up)?.end)).toEqual([
      ...['broken', 'broken', 'broken'],
      'cut_off',
      // Who asks faster than it reads the answers is let go.
      'broken',
    ])
    const { download: seen } = await server.record(beside.ticket_id)
    expect(seen).toMatchObject({ end: 'complete', bytes: expect.any(Number) as number })
    expect(beside.bytes).toBeGreaterThan(alone.bytes / 10)
    for (const { raw } of others) raw.close()
  }, 20_000)

  it('because the client went away is a broken one', async () => {
    const { raw, ticket_id } = await begin('upload')
    raw.send(clientFrame(BINARY, Buffer.alloc(1000)))
    raw.close()
    expect(await server.record(ticket_id)).toMatchObject({ download: null, upload: { end: 'broken' } })
  })

  it('because the client ended it is an early one, with what came until then', async () => {
    const { ticket_id, access_token } = await server.ticket()
    const socket = new WebSocket(server.url('upload', access_token), NDT7_SUBPROTOCOL)
    await once(socket, 'open')
    socket.send(Buffer.alloc(50_000), () => socket.close(1000))
    await once(socket, 'close')
    const { upload } = await server.record(ticket_id)
    expect(upload?.end).toBe('closed_early')
    expect(upload?.bytes).toBeGreaterThanOrEqual(50_000)
    expect(upload?.bytes).toBeLessThan(50_100)
  })
})
