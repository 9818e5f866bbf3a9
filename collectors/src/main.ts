import { parseArgs } from 'node:util'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { ConfigError, readConfig, readVersion } from './config.ts'
import type { CollectorConfig } from './config.ts'
import { createApiClient } from './core/api-client.ts'
import type { CollectorDeps } from './core/collector.ts'
import { createHealthMonitor } from './core/health.ts'
import { runCollectors } from './core/run.ts'
import { openSpool } from './core/spool.ts'
import { createWitness } from './core/witness.ts'
import { createGuardedNet } from './net/guarded-net.ts'
import { COLLECTORS } from './registry.ts'
import { createContentPool } from './website/audit/content-pool.ts'
import { createPageReader, DEFAULT_READER } from './website/page/page-reader.ts'

const USAGE = `Usage:
  collect list                 the collectors of this program
  collect run [NAME…] [--once] lease due work and do it; all collectors when none is named
  collect probe NAME TARGET    measure one target, print it as JSON, store nothing`

function createDeps(config: CollectorConfig, log: Logger): CollectorDeps {
  const net = createGuardedNet(config.net)
  return {
    identity: config.identity,
    net,
    pages: createPageReader(DEFAULT_READER),
    contents: createContentPool(),
    time_zone: config.time_zone,
    witness: createWitness(net, { urls: config.witnesses, interval_ms: config.witness_interval_ms }),
    api: createApiClient(config.api_url, config.token),
    log,
  }
}

async function closeDeps(deps: CollectorDeps): Promise<void> {
  await Promise.all([deps.pages.close(), deps.contents.close(), deps.api.close()])
}

async function run(names: readonly string[], once: boolean, config: CollectorConfig): Promise<number> {
  const collectors = COLLECTORS.filter((collector) => names.length === 0 || names.includes(collector.name))
  const unknown = names.find((name) => !COLLECTORS.some((collector) => collector.name === name))
  if (unknown !== undefined) return fail(`no collector "${unknown}"`)
  const log = pino({ level: config.log_level, base: { collector: config.identity.name } })
  const deps = createDeps(config, log)
  const spool = await openSpool(config.spool_dir, log)
  const monitor = createHealthMonitor()
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
  log.info({ api: config.api_url.href, waiting: spool.size().measurements }, 'collector started')
  const outcome = await runCollectors(
    {
      deps,
      spool,
      log,
      api: deps.api,
      identity: config.identity,
      witness: () => deps.witness.report(),
      health: () => monitor.take(spool.size().measurements),
    },
    { ...config, collectors, once, stop: stop.signal },
  )
  monitor.close()
  await closeDeps(deps)
  log.info({ outcome, waiting: spool.size().measurements }, 'collector stopped')
  return outcome === 'done' ? 0 : 1
}

async function probe(name: string, target: string, config: CollectorConfig): Promise<number> {
  const collector = COLLECTORS.find((entry) => entry.name === name)
  if (collector?.probe === undefined) return fail(`no collector "${name}" that can probe`)
  const deps = createDeps(config, pino({ level: 'silent' }))
  process.stdout.write(`${JSON.stringify(await collector.probe(target, deps), null, 2)}\n`)
  await closeDeps(deps)
  return 0
}

function fail(message: string): number {
  process.stderr.write(`${message}\n${USAGE}\n`)
  return 2
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { once: { type: 'boolean', default: false } },
  })
  const [command, ...rest] = positionals
  const [name, target] = rest
  if (command === 'list') {
    process.stdout.write(COLLECTORS.map((entry) => `${entry.name}\t${entry.kind}\t${entry.title}\n`).join(''))
    return 0
  }
  const config = readConfig(readVersion())
  if (command === 'run') return run(rest, values.once, config)
  if (command === 'probe' && name !== undefined && target !== undefined) return probe(name, target, config)
  return fail(command === undefined ? 'no command' : `cannot do "${positionals.join(' ')}"`)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
