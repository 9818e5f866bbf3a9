/** Deterministic source of choices: the same seed and subject always give the same sequence. */
export interface Random {
  /** Uniform in 0 ≤ x < 1. */
  next: () => number
  /** Whole number from `low` to `high`, both included. */
  int: (low: number, high: number) => number
  pick: <const T>(choices: readonly [T, ...T[]]) => T
  chance: (probability: number) => boolean
  shuffle: <T>(values: readonly T[]) => T[]
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/**
 * Each subject (a municipality, a school, a site) draws from its own sequence, so that a change in one place of the
 * generator does not reshuffle the whole region. The generator is mulberry32.
 */
export function createRandom(seed: number, subject: string): Random {
  let state = hashText(`${seed}/${subject}`)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    pick: (choices) => choices[int(0, choices.length - 1)] ?? choices[0],
    chance: (probability) => next() < probability,
    shuffle: (values) =>
      values
        .map((value) => ({ value, order: next() }))
        .toSorted((a, b) => a.order - b.order)
        .map(({ value }) => value),
  }
}
