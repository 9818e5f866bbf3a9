import { existsSync, mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { describeStatus } from './agent-status.ts'
import { runCheck } from './check-command.ts'
import { AgentConfigError, readAgentConfig, type AgentConfig } from './config.ts'
import { AGENT_VERSION, createAgent } from './create-agent.ts'
import { startPageServer } from './page-server.ts'
import { takeFolder } from './single-instance.ts'
import { withSystemProxy } from './system-proxy.ts'

const CONFIG_FILE = 'edumon-agent.conf'
const USAGE = `edumon-agent run | check | version [--config ФАЙЛ]
  run      измерять по плану сервера, пока программу не остановят
  check    проверить, что может помешать измерениям
  version  показать версию
Настройки: ${CONFIG_FILE} в текущей папке или переменные EDUMON_SERVER, EDUMON_TOKEN, EDUMON_BUILDING_ID
`

async function run(config: AgentConfig): Promise<number> {
  const log = pino({ base: null })
  mkdirSync(config.data_dir, { recursive: true, mode: 0o700 })
  const giveBack = await takeFolder(config.data_dir)
  const { agent, parts } = await createAgent(config, log)
  const end = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => end.abort())
  const page =
    config.page_port === 0
      ? null
      : await startPageServer(config.page_port, () => describeStatus(agent, parts)).catch((error: unknown) => {
          log.warn({ err: error, page_port: config.page_port }, 'no local page')
          return null
        })
  log.info({ agent_version: AGENT_VERSION, server: config.server.origin, page_port: page?.port ?? null }, 'agent runs')
  await agent.run(end.signal)
  page?.server.closeAllConnections()
  page?.server.close()
  giveBack()
  log.info('agent stopped')
  return 0
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { config: { type: 'string' } },
  })
  const [command, ...rest] = positionals
  if (command === 'version') {
    process.stdout.write(`${AGENT_VERSION}\n`)
    return 0
  }
  if ((command !== 'run' && command !== 'check') || rest.length > 0) {
    process.stderr.write(USAGE)
    return 2
  }
  const file = values.config ?? (existsSync(CONFIG_FILE) ? CONFIG_FILE : null)
  const config = await withSystemProxy(readAgentConfig(file))
  if (command === 'run') return run(config)
  return (await runCheck(config, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    if (!(error instanceof AgentConfigError)) throw error
    process.stderr.write(`Настройки: ${error.message}\n`)
    process.exitCode = 2
  },
)
