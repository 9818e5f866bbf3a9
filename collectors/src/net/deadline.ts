import { PhaseTimeout } from './failure.ts'

/** The time that one probe may still spend. Waiting for politeness is not counted: create it when work begins. */
export class Deadline {
  readonly #ends_at_ms: number

  constructor(total_ms: number) {
    this.#ends_at_ms = performance.now() + total_ms
  }

  /**
   * Calls `expire` when the phase's own limit or the total is over, whichever is first. Returns the timer; clear it.
   */
  start(phase_ms: number, expire: (timeout: PhaseTimeout) => void): NodeJS.Timeout {
    const left_ms = this.#ends_at_ms - performance.now()
    const limit = left_ms < phase_ms ? 'total' : 'phase'
    return setTimeout(() => expire(new PhaseTimeout(limit)), Math.max(0, Math.min(left_ms, phase_ms)))
  }
}
