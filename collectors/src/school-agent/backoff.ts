import { jittered } from '../core/pause.ts'

/** How long to leave the server alone: longer after each failure in a row, as it says itself, and never in step with others. */
export class Backoff {
  readonly #first_ms: number
  readonly #longest_ms: number
  #failures = 0
  /** By the clock that only grows. */
  #until = Number.NEGATIVE_INFINITY

  constructor(first_ms: number, longest_ms: number) {
    this.#first_ms = first_ms
    this.#longest_ms = longest_ms
  }

  isOver(monotonic: number): boolean {
    return monotonic >= this.#until
  }

  /** When it is over, by the clock that only grows. */
  get until(): number {
    return this.#until
  }

  fail(monotonic: number, retry_after_s: number | null = null): void {
    const wait_ms = Math.min(this.#longest_ms, this.#first_ms * 2 ** Math.min(this.#failures, 20))
    this.#failures += 1
    // Never sooner than the server asks for, and not all at that moment.
    this.#until = monotonic + Math.max(jittered(wait_ms), (retry_after_s ?? 0) * 1000 * (1 + Math.random() / 4))
  }

  succeed(monotonic: number, next_in_ms = 0): void {
    this.#failures = 0
    this.#until = monotonic + next_in_ms
  }
}
