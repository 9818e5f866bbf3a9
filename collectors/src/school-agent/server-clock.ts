import type { Clock } from '../speedtest/sleep-watch.ts'

/** The clock that the computer shows, and the one that only grows, may differ by this much without a jump or a sleep. */
const DRIFT_MS = 3_000

/** Answers bear whole seconds, and take their time: a smaller difference is none, and must not put times out of order. */
const RESOLUTION_MS = 2_000

interface Synced {
  server: number
  wall: number
  monotonic: number
}

/**
 * The server's time: school computers with an empty battery show any year. It goes on by the clock that only grows from
 * the last answer; after a sleep or a jump it is not known again until the next answer, and the computer's own time
 * counts.
 */
export class ServerClock {
  readonly #clock: Clock
  #synced: Synced | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param server milliseconds since the epoch, as an answer has just told */
  sync(server: number): void {
    const ours = this.now()
    const told = Math.abs(server - ours) > RESOLUTION_MS ? server : ours
    this.#synced = { server: told, wall: this.#clock.wall(), monotonic: this.#clock.monotonic() }
  }

  /** Whether the server has told the time since the last jump or sleep. */
  isSynced(): boolean {
    if (this.#synced === null) return false
    const passed = this.#clock.monotonic() - this.#synced.monotonic
    if (Math.abs(this.#clock.wall() - this.#synced.wall - passed) > DRIFT_MS) this.#synced = null
    return this.#synced !== null
  }

  /** Whole milliseconds since the epoch. */
  now(): number {
    if (!this.isSynced() || this.#synced === null) return this.#clock.wall()
    return Math.round(this.#synced.server + this.#clock.monotonic() - this.#synced.monotonic)
  }

  /** For pauses: milliseconds that only grow. */
  monotonic(): number {
    return this.#clock.monotonic()
  }

  /** How far the computer's clock is ahead, milliseconds; null: not known. */
  aheadBy(): number | null {
    return this.isSynced() ? this.#clock.wall() - this.now() : null
  }
}
