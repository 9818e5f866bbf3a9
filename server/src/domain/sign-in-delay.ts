/** So many failures of late cost nobody any time: people mistype. */
export const FAILURES_WITHOUT_DELAY = 10
const FIRST_DELAY_MS = 250
/** Shorter than the pages wait for an answer, and than the program waits for requests when it is told to stop. */
export const MOST_DELAY_MS = 5000

/**
 * How long an attempt waits before it is judged: each further failure doubles it up to a bound, so that whoever guesses
 * from many networks gets few answers and the owner, who guesses nothing, waits for seconds and never for good.
 * @param failures at this login of late, from all unknown places together
 */
export function signInDelayMs(failures: number): number {
  if (failures < FAILURES_WITHOUT_DELAY) return 0
  return Math.min(MOST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FAILURES_WITHOUT_DELAY))
}
