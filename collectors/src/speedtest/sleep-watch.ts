export interface Clock {
  /** Milliseconds since the epoch, as the computer shows them. */
  wall: () => number
  /** Milliseconds that only grow. */
  monotonic: () => number
}

export const SYSTEM_CLOCK: Clock = { wall: () => Date.now(), monotonic: () => performance.now() }

/** Clocks are set by fractions of a second all the time; more is a jump, or a sleep that one of the two counts. */
const JUMP_MS = 3_000
const TICK_MS = 500
/** A timer that comes later than this was not merely delayed by load. */
const GAP_MS = 5_000

export interface SleepWatch {
  /** Whether the computer slept or its clock was set since the watch began. */
  wasInterrupted: () => boolean
  stop: () => void
}

/**
 * Watches for sleep and jumps of the clock: by the two clocks drifting apart, and, where both count the sleep, by a timer
 * that comes far too late.
 */
export function startSleepWatch(clock: Clock = SYSTEM_CLOCK): SleepWatch {
  const began = { wall: clock.wall(), monotonic: clock.monotonic() }
  let last_tick = began.monotonic
  let isInterrupted = false
  const look = () => {
    const monotonic = clock.monotonic()
    const drift_ms = clock.wall() - began.wall - (monotonic - began.monotonic)
    if (Math.abs(drift_ms) > JUMP_MS || monotonic - last_tick > GAP_MS) isInterrupted = true
    last_tick = monotonic
  }
  const timer = setInterval(look, TICK_MS)
  return {
    wasInterrupted: () => {
      look()
      return isInterrupted
    },
    stop: () => clearInterval(timer),
  }
}
