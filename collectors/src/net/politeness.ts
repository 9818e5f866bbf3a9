/**
 * Politeness towards other people's servers: one connection at a time per host and per resolved address, a pause
 * after each, and a cap on connections altogether.
 */
export interface Politeness {
  /** Runs `work` when no other work holds `key`; the key stays taken for the pause after it. */
  alone: <T>(key: string, work: () => Promise<T>) => Promise<T>
  /** Runs `work` when fewer than the cap are running. */
  within: <T>(work: () => Promise<T>) => Promise<T>
}

export interface PolitenessOptions {
  /** Pause on one host or address between two connections. */
  host_delay_ms: number
  /** Connections and look-ups open at one time. */
  concurrency: number
}

/** Keys are always taken in the order host, then address, so two probes can never wait for each other. */
export function createPoliteness(options: PolitenessOptions): Politeness {
  const tails = new Map<string, Promise<void>>()
  const waiting: (() => void)[] = []
  let running = 0

  return {
    async alone(key, work) {
      const before = tails.get(key)
      let release: () => void = () => undefined
      const tail = new Promise<void>((done) => (release = done))
      tails.set(key, tail)
      await before
      try {
        return await work()
      } finally {
        const free = () => {
          if (tails.get(key) === tail) tails.delete(key)
          release()
        }
        if (options.host_delay_ms > 0) setTimeout(free, options.host_delay_ms)
        else free()
      }
    },
    async within(work) {
      if (running >= options.concurrency) await new Promise<void>((start) => waiting.push(start))
      else running += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}
