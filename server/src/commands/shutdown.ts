const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Ends what this process has begun when it is told to stop, at whatever moment that is and however often it is told:
 * a second Ctrl+C, or npm passing the first one on, must not cut the ending short.
 */
export class Shutdown {
  readonly #endings: (() => Promise<void>)[] = []
  #running: Promise<unknown> = Promise.resolve()
  #ending: Promise<void> | null = null

  constructor() {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        void this.end().then(
          () => process.exit(0),
          (error: unknown) => {
            console.error(error)
            process.exit(1)
          },
        )
      })
    }
  }

  /** Registers what has to be ended; endings run in reverse order. */
  add(ending: () => Promise<void>): void {
    this.#endings.push(ending)
  }

  /**
   * Begins something that takes time and has to be ended. When we are told to stop meanwhile, it is waited for and
   * ended; when we were told before, it is not begun, and nothing after it either.
   */
  async begin<Begun>(work: () => Promise<Begun>, ending: (begun: Begun) => Promise<void>): Promise<Begun> {
    const never = new Promise<never>(() => undefined)
    if (this.#isEnding()) return never
    const begun = work().then((made) => {
      this.add(() => ending(made))
      return made
    })
    this.#running = begun.catch(() => undefined)
    const made = await begun
    return this.#isEnding() ? never : made
  }

  #isEnding(): boolean {
    return this.#ending !== null
  }

  /** Runs all endings once; called again it waits for the first run. */
  end(): Promise<void> {
    this.#ending ??= this.#runEndings()
    return this.#ending
  }

  async #runEndings(): Promise<void> {
    await this.#running
    for (const ending of this.#endings.toReversed()) await ending()
  }
}
