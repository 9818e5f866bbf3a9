import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const COMMANDS = {
  api: ['server/src/main.ts'],
  collector: ['collectors/src/main.ts', 'run', 'website'],
} as const
export type ProgramName = keyof typeof COMMANDS

/** The API and a collector, each in a process of its own, started again when they are killed. */
export class Programs {
  readonly #environment: NodeJS.ProcessEnv
  readonly #children = new Map<ProgramName, ChildProcess>()

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment
    this.#start('api')
    this.#start('collector')
  }

  #start(name: ProgramName): void {
    const stdio = ['ignore', 'ignore', 'inherit'] as const
    const child = spawn(process.execPath, COMMANDS[name], { cwd: ROOT, env: this.#environment, stdio: [...stdio] })
    this.#children.set(name, child)
  }

  async #end(name: ProgramName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#children.get(name)
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  /** Ends a program without warning and starts it again. */
  async kill(name: ProgramName): Promise<void> {
    await this.#end(name, 'SIGKILL')
    this.#start(name)
  }

  async stop(): Promise<void> {
    await this.#end('collector', 'SIGTERM')
    await this.#end('api', 'SIGTERM')
  }
}
