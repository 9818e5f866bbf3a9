import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardedFetch } from '../../../collectors/src/net/guarded-fetch.ts'
import { createGuardedNet, DEFAULT_LIMITS } from '../../../collectors/src/net/guarded-net.ts'

const DELAY_MS = 60

describe('politeness of guardedFetch', () => {
  let open = 0
  let most_open = 0
  const arrivals_ms: number[] = []
  const server = createServer((_, answer) => {
    open += 1
    most_open = Math.max(most_open, open)
    arrivals_ms.push(performance.now())
    setTimeout(() => {
      open -= 1
      answer.end('page')
    }, 20)
  })
  let port = 0

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.78.0.1', done))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => server.close())

  it('opens one connection at a time to an address that several hosts share, with a pause between', async () => {
    const names = ['a.example', 'b.example', 'c.example', 'a.example']
    const net = createGuardedNet({
      allowed_addresses: ['127.0.0.0/8'],
      hosts: new Map(names.map((name) => [name, ['127.78.0.1']])),
      dns_servers: [],
      root_ca_pem: [],
      extra_ca_pem: [],
      user_agent: 'Edumon/test',
      limits: { ...DEFAULT_LIMITS, total_ms: 150 },
      host_delay_ms: DELAY_MS,
      concurrency: 10,
    })
    const results = await Promise.all(names.map((name) => guardedFetch(net, new URL(`http://${name}:${port}/`))))
    // Waiting for politeness is not the site's time: the last waits longer than its limit and still succeeds.
    expect(results.map((result) => result.cause)).toEqual([null, null, null, null])
    expect(most_open).toBe(1)
    const gaps_ms = arrivals_ms.slice(1).map((at_ms, i) => at_ms - (arrivals_ms[i] ?? 0))
    for (const gap_ms of gaps_ms) expect(gap_ms).toBeGreaterThanOrEqual(DELAY_MS)
  })
})
