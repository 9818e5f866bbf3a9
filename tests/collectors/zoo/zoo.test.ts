import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGuardedNet, DEFAULT_LIMITS } from '../../../collectors/src/net/guarded-net.ts'
import type { NetOptions } from '../../../collectors/src/net/guarded-net.ts'
import { probeHomePage } from '../../../collectors/src/website/availability/probe.ts'
import { createPageReader } from '../../../collectors/src/website/page/page-reader.ts'
import { ANSWER_CASES } from './answer-cases.ts'
import { makeAuthority } from './certificates.ts'
import { NAME_CASES } from './name-cases.ts'
import { PAGE_CASES } from './page-cases.ts'
import { REDIRECT_CASES } from './redirect-cases.ts'
import { TLS_CASES } from './tls-cases.ts'
import { Zoo } from './zoo.ts'
import type { ZooAuthorities, ZooCase, ZooResult } from './zoo.ts'

const CASES: readonly ZooCase[] = [...NAME_CASES, ...TLS_CASES, ...ANSWER_CASES, ...REDIRECT_CASES, ...PAGE_CASES]

const LIMITS = {
  ...DEFAULT_LIMITS,
  resolve_ms: 700,
  connect_ms: 1000,
  tls_ms: 1500,
  first_byte_ms: 1500,
  body_idle_ms: 1000,
  total_ms: 3500,
}

async function makeAuthorities(): Promise<ZooAuthorities> {
  const trusted = await makeAuthority('CN=Zoo Root')
  const unknown = await makeAuthority('CN=Unknown Root')
  const national = await makeAuthority(
    'CN=Russian Trusted Root CA, O=The Ministry of Digital Development and Communications',
  )
  return {
    trusted,
    unknown,
    national,
    trusted_intermediate: await makeAuthority('CN=Zoo Intermediate', trusted),
    unknown_intermediate: await makeAuthority('CN=Unknown Intermediate', unknown),
    national_intermediate: await makeAuthority('CN=Russian Trusted Sub CA', national),
  }
}

/** One collector visits the whole zoo at once, so that no animal can hide what it does to the others. */
describe('the zoo of hostile and odd sites', () => {
  const results = new Map<string, ZooResult>()
  const pages = createPageReader({ workers: 2, time_limit_ms: 1500, memory_limit_mb: 128 })
  let zoo: Zoo
  let duration_ms = 0
  let grown_mb = 0

  beforeAll(async () => {
    const authorities = await makeAuthorities()
    zoo = new Zoo(authorities)
    const options: NetOptions = {
      allowed_addresses: ['127.0.0.0/8'],
      hosts: new Map(),
      dns_servers: [await zoo.startDns()],
      root_ca_pem: [authorities.trusted.pem],
      extra_ca_pem: [],
      user_agent: 'Edumon/test',
      limits: LIMITS,
      host_delay_ms: 0,
      concurrency: 20,
    }
    const plain = createGuardedNet(options)
    const national = createGuardedNet({ ...options, extra_ca_pem: [authorities.national.pem] })
    const visits: [ZooCase, string][] = []
    for (const animal of CASES) visits.push([animal, await animal.open(zoo)])
    const before_bytes = process.memoryUsage.rss()
    const started_ms = performance.now()
    await Promise.all(
      visits.map(async ([animal, url]) => {
        const net = animal.national_store === true ? national : plain
        results.set(animal.name, { animal, seen: await probeHomePage(url, true, { net, pages }) })
      }),
    )
    duration_ms = performance.now() - started_ms
    grown_mb = (process.memoryUsage.rss() - before_bytes) / 1_048_576
  })

  afterAll(async () => {
    zoo.close()
    await pages.close()
  })

  it.each(CASES.map((animal) => [animal.name, animal] as const))('%s', (name, animal) => {
    const seen = results.get(name)?.seen
    expect(seen).toMatchObject({ verdict: animal.verdict, cause: animal.cause, ...animal.expect })
  })

  it('has at least forty kinds, each named once', () => {
    expect(new Set(CASES.map((animal) => animal.name)).size).toBe(CASES.length)
    expect(CASES.length).toBeGreaterThanOrEqual(40)
  })

  it('is over in bounded time and memory', () => {
    expect(duration_ms).toBeLessThan(25_000)
    expect(grown_mb).toBeLessThan(500)
  })

  it('leaves evidence of every answer that did not work, and of no other', () => {
    for (const { animal, seen } of results.values()) {
      const expected = animal.cause !== null && seen.http_status !== null
      expect(seen.evidence !== null, animal.name).toBe(expected)
    }
  })
})
