import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOKEN } from './school-server.ts'

const MAIN = new URL('../../../collectors/src/school-agent/main.ts', import.meta.url).pathname

/** Settings of an agent in a folder, as a school has them. @returns path of the file */
export function writeAgentConfig(folder: string, server: string, data_dir: string, page_port = 0): string {
  const file = join(folder, 'edumon-agent.conf')
  const lines = [
    `server = ${server}`,
    `token = ${TOKEN}`,
    `data_dir = ${data_dir}`,
    `page_port = ${page_port}`,
    'proxy =',
    'no_proxy = *',
  ]
  writeFileSync(file, `# Настройки\r\n${lines.join('\r\n')}\r\n`)
  return file
}

/** A real process of the agent; `program` other than the source: a built one. */
export function startAgent(config_file: string, program: readonly string[] = [process.execPath, MAIN]): ChildProcess {
  const [command = '', ...args] = program
  return spawn(command, [...args, 'run', '--config', config_file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  })
}

export async function killAgent(agent: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return
  const ended = once(agent, 'exit')
  agent.kill(signal)
  await ended
}
