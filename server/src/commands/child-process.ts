import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { childEnvironment } from '../config.ts'

const ROOT = join(import.meta.dirname, '../../..')
const RESTART_DELAY_MS = 2000
const STOP_TIMEOUT_MS = 15_000

/** A program of ours that runs beside this one. */
export interface ChildProgram {
  name: string
  /** Path of the script below the project's root. */
  script: string
  args: string[]
  settings: Record<string, string>
}

/** Programs that this process keeps running: one that ends unasked is started again. */
export class ProgramGroup {
  readonly #running = new Map<string, ChildProcess>()
  #isStopping = false

  /** Starts a program and keeps it running; what it prints goes to our own output. */
  keep(program: ChildProgram): void {
    this.#run(program, false)
  }

  /** Starts a program that ends by itself; it is started again until it has ended well. */
  finish(program: ChildProgram): void {
    this.#run(program, true)
  }

  #run(program: ChildProgram, mayEnd: boolean): void {
    if (this.#isStopping) return
    const child = startProgram(program, 'inherit')
    this.#running.set(program.name, child)
    child.once('exit', (code, signal) => {
      this.#running.delete(program.name)
      if (this.#isStopping || (mayEnd && code === 0)) return
      console.error(`${program.name} ended (${signal ?? `code ${code ?? 'unknown'}`}) and is started again`)
      setTimeout(() => {
        if (!this.#isStopping) this.#run(program, mayEnd)
      }, RESTART_DELAY_MS)
    })
  }

  /** Starts a program that says with one line of JSON when it is ready. @throws when it ends before */
  async keepReady(program: ChildProgram): Promise<unknown> {
    if (this.#isStopping) throw new Error(`${program.name} is not started: everything is being stopped`)
    const child = startProgram(program, 'pipe')
    this.#running.set(program.name, child)
    if (child.stdout === null) throw new Error(`${program.name} has no output`)
    const lines = createInterface({ input: child.stdout })
    return new Promise((resolve, reject) => {
      lines.once('line', (line) => resolve(JSON.parse(line)))
      child.once('exit', (code) =>
        reject(new Error(`${program.name} ended with code ${code ?? 'unknown'} before it was ready`)),
      )
    })
  }

  /** Asks every program to end, the last started first, and waits; one that does not obey is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const child of [...this.#running.values()].reverse()) await stopProgram(child)
  }
}

function startProgram(program: ChildProgram, output: 'inherit' | 'pipe'): ChildProcess {
  return spawn(process.execPath, [join(ROOT, program.script), ...program.args], {
    cwd: ROOT,
    env: childEnvironment(program.settings),
    stdio: ['ignore', output, 'inherit'],
  })
}

async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(timer)
}
