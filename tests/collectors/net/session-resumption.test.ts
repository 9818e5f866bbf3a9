import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardedFetch } from '../../../collectors/src/net/guarded-fetch.ts'
import type { GuardedNet } from '../../../collectors/src/net/guarded-fetch.ts'
import { createGuardedNet, DEFAULT_LIMITS } from '../../../collectors/src/net/guarded-net.ts'
import { makeAuthority, makeLeaf } from '../zoo/certificates.ts'

describe('TLS sessions of guardedFetch', () => {
  let net: GuardedNet
  let url: URL
  let close: () => void = () => undefined

  beforeAll(async () => {
    const authority = await makeAuthority('CN=Root of this test')
    const server = createServer(await makeLeaf('school.example', authority), (_, answer) => answer.end('page'))
    await new Promise<void>((done) => server.listen(0, '127.78.0.2', done))
    close = () => server.close()
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
  afterAll(() => close())

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
})
