import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createAddressReader } from '../../../server/src/measurement-server/client-address.ts'
import { NDT7_SUBPROTOCOL } from '../../../server/src/measurement-server/ndt7.ts'
import { makeAuthority, makeLeaf, type Authority } from '../../collectors/zoo/certificates.ts'
import { TestMeasurementServer } from '../../factories/measurement-server.ts'

let authority: Authority
let server: TestMeasurementServer

beforeAll(async () => {
  authority = await makeAuthority('CN=Measurement test')
  const tls = await makeLeaf('localhost', authority)
  server = await TestMeasurementServer.start({ tls, length: { measured_ms: 1500, longest_ms: 3000 } })
})
afterAll(() => server.close())

async function open(direction: 'download' | 'upload', access_token: string): Promise<WebSocket> {
  const url = server.url(direction, access_token, 'wss').replace('127.0.0.1', 'localhost')
  const socket = new WebSocket(url, NDT7_SUBPROTOCOL, { ca: authority.pem, family: 4 })
  await once(socket, 'open')
  return socket
}

describe('a measurement server with TLS', () => {
  it('counts the bytes of the application, not those of the encryption', async () => {
    const { ticket_id, access_token } = await server.ticket()
    const down = await open('download', access_token)
    let bytes = 0
    down.on('message', (data: Buffer, isBinary) => {
      if (isBinary) bytes += data.length
    })
    await once(down, 'close')
    const up = await open('upload', access_token)
    up.send(Buffer.alloc(1_000_000), () => up.close(1000))
    await once(up, 'close')
    const { download, upload } = await server.record(ticket_id)
    expect(download).toMatchObject({ end: 'complete', bytes })
    expect(upload?.end).toBe('closed_early')
    expect(upload?.bytes).toBeGreaterThanOrEqual(1_000_000)
    expect(upload?.bytes).toBeLessThan(1_000_100)
  })
})

describe('createAddressReader', () => {
  const addressOf = createAddressReader(['172.30.252.0/24', 'fd00::1'])
  const request = (remoteAddress: string, forwarded?: string): IncomingMessage =>
    ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage

  it.each([
    ['a client itself', '203.0.113.1', undefined, '203.0.113.1'],
    ['a client that names another', '203.0.113.1', '198.51.100.1', '203.0.113.1'],
    ['a trusted proxy', '172.30.252.7', '198.51.100.1', '198.51.100.1'],
    ['a trusted proxy after a client that lies', '172.30.252.7', '10.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['a trusted proxy by IPv6', 'fd00::1', '2001:db8::5', '2001:db8::5'],
    ['a trusted proxy that names nothing', '172.30.252.7', 'unknown', '172.30.252.7'],
  ])('believes %s', (_who, remote, forwarded, expected) => {
    expect(addressOf(request(remote, forwarded))).toBe(expected)
  })
})
