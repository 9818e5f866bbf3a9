import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { pino } from 'pino'
import { readConfig } from '../../../collectors/src/config.ts'
import { createApiClient } from '../../../collectors/src/core/api-client.ts'
import { createWitness } from '../../../collectors/src/core/witness.ts'
import { createGuardedNet } from '../../../collectors/src/net/guarded-net.ts'
import { collectSiteCheck } from '../../../collectors/src/website/availability/index.ts'
import { createContentPool } from '../../../collectors/src/website/audit/content-pool.ts'
import { createPageReader, DEFAULT_READER } from '../../../collectors/src/website/page/page-reader.ts'

/**
 * Probes every site of a list with the real collector code and prints, per pass, what it cost: a first pass that sees
 * every page for the first time, one with full handshakes over pages that are known, as on any later day, and one that
 * may resume the sessions that it has left; of the latter two the median of several passes. Usage: probe-all.ts SITES.json
 */
const [file = ''] = process.argv.slice(2)
const urls = JSON.parse(readFileSync(file, 'utf8')) as string[]
const config = readConfig('bench')
const net = createGuardedNet(config.net)
const pages = createPageReader(DEFAULT_READER)
const deps = {
  identity: config.identity,
  net,
  pages,
  contents: createContentPool(),
  time_zone: 'Europe/Saratov',
  witness: createWitness(net, { urls: [], interval_ms: 60_000 }),
  api: createApiClient(config.api_url, config.token),
  log: pino({ level: 'silent' }),
}

const ROUNDS = 5

function leaseFor(url: string, full_handshake: boolean) {
  const [lease_id, target_id] = [crypto.randomUUID(), crypto.randomUUID()]
  return {
    lease_id,
    kind: 'site_check' as const,
    org_unit_id: 1,
    org_kind: null,
    target_id,
    url,
    import_id: null,
    attempt: 1,
    full_handshake,
    expires_at: new Date().toISOString(),
  }
}

async function pass(full_handshake: boolean) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const cpu = process.cpuUsage()
  const started = performance.now()
  const checks = await Promise.all(urls.map((url) => collectSiteCheck(leaseFor(url, full_handshake), deps)))
  const { user, system } = process.cpuUsage(cpu)
  delay.disable()
  return {
    seconds: (performance.now() - started) / 1000,
    cpu_seconds: (user + system) / 1e6,
    working: checks.filter((check) => check.verdict === 'works').length,
    resumed: checks.filter((check) => check.tls_resumed === true).length,
    event_loop_p999_ms: delay.percentile(99.9) / 1e6,
  }
}

/** The pass with the median CPU time of several: one alone is at the mercy of what else the machine does. */
async function medianPass(full_handshake: boolean) {
  const passes = []
  for (let index = 0; index < ROUNDS; index += 1) passes.push(await pass(full_handshake))
  return passes.sort((a, b) => a.cpu_seconds - b.cpu_seconds)[ROUNDS >> 1] ?? pass(full_handshake)
}

// A first pass over a few warms the workers and the compiler, as a collector that runs all day is warm.
await Promise.all(urls.slice(0, 50).map((url) => collectSiteCheck(leaseFor(url, true), deps)))
const first = await pass(true)
const full = await medianPass(true)
const resumed = await medianPass(false)
process.stdout.write(`${JSON.stringify({ first, full, resumed })}\n`)
await Promise.all([pages.close(), deps.api.close()])
