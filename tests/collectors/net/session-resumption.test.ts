import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { X509Certificate } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { guardedFetch } from '../../../collectors/src/net/guarded-fetch.ts'
import type { GuardedNet } from '../../../collectors/src/net/guarded-fetch.ts'
import { createGuardedNet, DEFAULT_LIMITS } from '../../../collectors/src/net/guarded-net.ts'
import { makeAuthority, makeLeaf } from '../zoo/certificates.ts'
import type { Authority } from '../zoo/certificates.ts'

describe('TLS sessions of guardedFetch', () => {
  let net: GuardedNet
  let url: URL
  let authority: Authority
  let server: Server

  beforeAll(async () => {
    authority = await makeAuthority('CN=Root of this test')
    server = createServer(await makeLeaf('school.example', authority), (_, answer) => answer.end('page'))
    await new Promise<void>((done) => server.listen(0, '127.78.0.2', done))
    url = new URL(`https://school.example:${(server.address() as AddressInfo).port}/`)
    net = createGuardedNet({
      allowed_addresses: ['127.0.0.0/8'],
      hosts: new Map([['school.example', ['127.78.0.2']]]),
      dns_servers: [],
      root_ca_pem: [authority.pem],
      extra_ca_pem: [],
      user_agent: 'Edumon/test',
      limits: DEFAULT_LIMITS,
      host_delay_ms: 0,
      concurrency: 10,
    })
  })
  afterAll(() => server.close())
  afterEach(() => vi.useRealTimers())

  it('resumes the second visit and still knows the certificate', async () => {
    const first = await guardedFetch(net, url)
    const second = await guardedFetch(net, url)
    expect([first.tls_resumed, second.tls_resumed]).toEqual([false, true])
    expect(second.certificate).toEqual(first.certificate)
    expect(second.cause).toBeNull()
  })

  it('makes a full handshake when the certificate is due', async () => {
    const third = await guardedFetch(net, url, { full_handshake: true })
    expect(third.tls_resumed).toBe(false)
    expect(third.certificate?.trust_store).toBe('system')
  })

  it('sees on a resumed visit that the certificate has expired since', async () => {
    server.setSecureContext(await makeLeaf('school.example', authority, { until_days: 0.5 }))
    const before = await guardedFetch(net, url, { full_handshake: true })
    expect(before.cause).toBeNull()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 13 * 3_600_000 })
    const after = await guardedFetch(net, url)
    expect([after.tls_resumed, after.cause]).toEqual([true, 'tls_expired'])
  })

  it('sees another certificate at the full handshake that is due', async () => {
    const before = await guardedFetch(net, url)
    const renewed = await makeLeaf('school.example', authority)
    server.setSecureContext(renewed)
    const after = await guardedFetch(net, url, { full_handshake: true })
    expect(after.certificate?.fingerprint_sha256).not.toBe(before.certificate?.fingerprint_sha256)
    expect(after.certificate?.fingerprint_sha256).toBe(
      new X509Certificate(renewed.cert).fingerprint256.replaceAll(':', '').toLowerCase(),
    )
  })

  it('makes a full handshake by itself when the last one is a day old', async () => {
    await guardedFetch(net, url)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 24 * 3_600_000 })
    expect((await guardedFetch(net, url)).tls_resumed).toBe(false)
  })
})
