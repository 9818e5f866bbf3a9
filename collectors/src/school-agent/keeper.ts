import type { Logger } from 'pino'
import type { Spool } from '../core/spool.ts'
import type { StateFile } from './agent-state.ts'
import type { QueuedRow } from './send-queue.ts'

/**
 * Brings rows and state to the disk. What the disk does not take now waits in memory and goes first when there is room
 * again; until then no test is begun, so that no more can be lost than what waits.
 */
export class Keeper {
  readonly #spool: Spool
  readonly #file: StateFile
  readonly #log: Logger
  readonly #unkept: QueuedRow[] = []
  isDiskFull = false

  constructor(spool: Spool, file: StateFile, log: Logger) {
    this.#spool = spool
    this.#file = file
    this.#log = log
  }

  get unkept(): number {
    return this.#unkept.length
  }

  /** Keeps a row behind all that wait. */
  async keep(row: QueuedRow): Promise<void> {
    this.#unkept.push(row)
    await this.flush()
  }

  /** Tries again what the disk has not taken. @returns whether all is kept */
  async flush(): Promise<boolean> {
    for (let row = this.#unkept[0]; row !== undefined; row = this.#unkept[0]) {
      try {
        await this.#spool.add(row)
      } catch (error) {
        this.#note(error)
        return false
      }
      this.#unkept.shift()
    }
    return true
  }

  async save(): Promise<void> {
    try {
      await this.#file.save()
    } catch (error) {
      this.#note(error)
    }
  }

  /** Whether what a test finds could be kept. */
  async hasRoom(): Promise<boolean> {
    const hasRoom = (await this.flush()) && (await this.#spool.canKeep())
    this.isDiskFull = !hasRoom
    return hasRoom
  }

  #note(error: unknown): void {
    this.#log.error({ err: error, waiting: this.#unkept.length }, 'the disk takes nothing')
    this.isDiskFull = true
  }
}
