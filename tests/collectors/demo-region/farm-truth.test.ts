import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SiteTruth } from '../../../collectors/src/demo-region/farm/farm-files.ts'
import { createGuardedNet, DEFAULT_LIMITS } from '../../../collectors/src/net/guarded-net.ts'
import { readHostsFile } from '../../../collectors/src/net/hosts-file.ts'
import { splitPem } from '../../../collectors/src/net/trust.ts'
import { probeHomePage } from '../../../collectors/src/website/availability/probe.ts'
import { createPageReader, DEFAULT_READER } from '../../../collectors/src/website/page/page-reader.ts'
import type { PageReader } from '../../../collectors/src/website/page/page-reader.ts'
import { startFarmProcess, type FarmProcess } from './start-farm-process.ts'

const SHORT_LIMITS = { resolve_ms: 1000, connect_ms: 2000, tls_ms: 3000, first_byte_ms: 6000, body_idle_ms: 4000 }
const WORKING_SITES = 40

const folder = mkdtempSync(join(tmpdir(), 'edumon-truth-'))
let farm: FarmProcess
let pages: PageReader

beforeAll(async () => {
  farm = await startFarmProcess(folder, 1000)
  pages = createPageReader(DEFAULT_READER)
})
afterAll(async () => {
  await pages.close()
  await farm.stop()
  rmSync(folder, { recursive: true })
})

function openNet() {
  const { hosts_file, extra_ca_file, system_ca_file } = farm.report
  return createGuardedNet({
    allowed_addresses: ['127.0.0.0/8'],
    hosts: readHostsFile(hosts_file),
    dns_servers: [],
    extra_ca_pem: splitPem(readFileSync(extra_ca_file, 'utf8')),
    root_ca_pem: splitPem(readFileSync(system_ca_file, 'utf8')),
    user_agent: 'Edumon/test (school website monitoring)',
    limits: { ...DEFAULT_LIMITS, ...SHORT_LIMITS, total_ms: 12_000 },
    host_delay_ms: 0,
    concurrency: 16,
  })
}

describe('a probe of the farm', () => {
  it('says of every troubled site what is wrong with it, and of working ones that they work', async () => {
    const isSteady = ({ fault }: SiteTruth) => fault !== null && fault !== 'flapping'
    const working = farm.truth.filter(({ fault }) => fault === null).slice(0, WORKING_SITES)
    const asked = [...farm.truth.filter(isSteady), ...working]
    const net = openNet()
    const said = await Promise.all(
      asked.map(async (site) => ({ site, seen: await probeHomePage(site.url, true, { net, pages }) })),
    )
    const wrong = said
      .filter(({ site, seen }) => seen.cause !== site.cause)
      .map(({ site, seen }) => ({ fault: site.fault, url: site.url, wanted: site.cause, said: seen.cause }))
    expect(wrong).toEqual([])
    const misplaced = said.filter(({ site, seen }) => site.fault === null && seen.platform !== site.platform)
    expect(misplaced.map(({ site }) => site.url)).toEqual([])
    const national = said.find(({ site }) => site.fault === 'tls_national_listed')
    expect(national?.seen.certificate?.trust_store).toBe('extra')
    expect(said.find(({ site }) => site === working[0])?.seen.certificate?.trust_store).toBe('system')
  }, 60_000)
})
