import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Lease } from '@edumon/server/contract'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../collectors/src/core/api-client.ts'
import { createWitness } from '../../../collectors/src/core/witness.ts'
import { createGuardedNet, DEFAULT_LIMITS } from '../../../collectors/src/net/guarded-net.ts'
import { collectSiteCheck } from '../../../collectors/src/website/availability/index.ts'
import { createContentPool } from '../../../collectors/src/website/audit/content-pool.ts'
import { createPageReader, DEFAULT_READER } from '../../../collectors/src/website/page/page-reader.ts'

const lease: Lease = {
  lease_id: randomUUID(),
  kind: 'site_check',
  org_unit_id: 7,
  org_kind: null,
  target_id: randomUUID(),
  url: 'http://closed.example:9/',
  import_id: null,
  attempt: 2,
  full_handshake: false,
  expires_at: '2026-01-01T00:00:00Z',
}

describe('collectSiteCheck with witness targets', () => {
  const server = createServer((_, answer) => answer.end('here'))
  const pages = createPageReader(DEFAULT_READER)
  const net = createGuardedNet({
    allowed_addresses: ['127.0.0.0/8'],
    hosts: new Map([['closed.example', ['127.78.1.1']]]),
    dns_servers: [],
    root_ca_pem: [],
    extra_ca_pem: [],
    user_agent: 'Edumon/test',
    limits: DEFAULT_LIMITS,
    host_delay_ms: 0,
    concurrency: 10,
  })
  let up: URL[] = []
  const down = ['127.78.1.2', '127.78.1.3', '127.78.1.4'].map((address) => new URL(`http://${address}:9/`))

  beforeEach(async () => {
    await new Promise<void>((done) => server.listen(0, '0.0.0.0', done))
    const { port } = server.address() as AddressInfo
    up = ['127.78.2.1', '127.78.2.2'].map((address) => new URL(`http://${address}:${port}/`))
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  async function check(urls: URL[], then: () => void = () => undefined) {
    const witness = createWitness(net, { urls, interval_ms: 1 })
    await witness.current()
    then()
    const api = createApiClient(new URL('http://127.0.0.1:1'), null)
    const seen = await collectSiteCheck(lease, {
      identity: { name: 't', version: '1', vantage: 't' },
      net,
      pages,
      contents: createContentPool(),
      time_zone: 'Europe/Saratov',
      witness,
      api,
      log: pino({ level: 'silent' }),
    })
    return {
      verdict: seen.verdict,
      cause: seen.cause,
      own_link: seen.own_link,
      reachable: witness.report()?.reachable ?? null,
    }
  }

  it('gives the verdict when most witnesses answer', async () => {
    expect(await check([...up, ...down.slice(0, 1)])).toEqual({
      verdict: 'does_not_work',
      cause: 'connect_refused',
      own_link: 'up',
      reachable: 2,
    })
  })

  it('gives none when most witnesses are silent too', async () => {
    expect(await check([...up.slice(0, 1), ...down])).toEqual({
      verdict: 'cannot_tell',
      cause: 'own_link_down',
      own_link: 'down',
      reachable: 1,
    })
  })

  it('looks again after a failure: a link that was up before the probe proves nothing', async () => {
    const outcome = await check(up, () => {
      server.closeAllConnections()
      server.close()
    })
    expect(outcome).toMatchObject({ verdict: 'cannot_tell', cause: 'own_link_down', reachable: 0 })
  })

  it('says so when nothing is watched', async () => {
    expect(await check([])).toEqual({
      verdict: 'does_not_work',
      cause: 'connect_refused',
      own_link: 'not_watched',
      reachable: null,
    })
  })
})
