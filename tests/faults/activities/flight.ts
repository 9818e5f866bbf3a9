import { setTimeout as delay } from 'node:timers/promises'

const FIRST_GUESS_MS = 100

interface Operation {
  isOver: boolean
  over: Promise<void>
}

/** What of an activity is under way, so that a kill can be aimed into the middle of it. */
export class Flight {
  readonly #underWay = new Set<Operation>()
  readonly #waiting: ((operation: Operation) => void)[] = []
  #last_ms = FIRST_GUESS_MS

  get isUnderWay(): boolean {
    return this.#underWay.size > 0
  }

  /** Runs one operation of the activity, from its first byte to its end. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    let end = (): void => undefined
    const over = new Promise<void>((resolve) => (end = resolve))
    const operation: Operation = { isOver: false, over }
    const started = performance.now()
    this.#underWay.add(operation)
    for (const begin of this.#waiting.splice(0)) begin(operation)
    try {
      return await work()
    } finally {
      operation.isOver = true
      this.#underWay.delete(operation)
      this.#last_ms = performance.now() - started
      end()
    }
  }

  /**
   * Comes back in the middle of an operation, when that share of the last one's length has passed. One that ends
   * earlier is let go by, and the next one waited for.
   * @param share from 0 to 1
   */
  async reach(share: number): Promise<void> {
    for (;;) {
      const operation = await new Promise<Operation>((resolve) => this.#waiting.push(resolve))
      await Promise.race([delay(share * this.#last_ms), operation.over])
      if (!operation.isOver) return
    }
  }
}
