/**
 * Histograms whose bins grow by a fixed factor, so that a percentile is found within the same share of its value
 * everywhere, and two of them are merged by adding counts (as in DDSketch: Masson, Rim, Lee, VLDB 2019). A bin is an
 * integer that fits PostgreSQL's smallint.
 */

/** An octave is 18 bins: each is 3.9 % wider than the one before. */
const BINS_PER_OCTAVE = 18
/** Edge of bin 0. 100 and 50 Мбит/с are edges of bins, so counts at or above a norm are exact. */
const ANCHOR = 100_000
const GROWTH = 2 ** (1 / BINS_PER_OCTAVE)
/** Zero has no logarithm and gets a bin of its own, below all others. */
export const ZERO_BIN = -1000

/** A percentile differs from the exact one by at most this share of it: 0.0193. */
export const RELATIVE_ERROR = (GROWTH - 1) / (GROWTH + 1)

/** Counts by bin; a bin without a value is absent. */
export type LogHistogram = ReadonlyMap<number, number>

/** Least value of a bin. */
export function lowerEdgeOf(bin: number): number {
  return bin === ZERO_BIN ? 0 : ANCHOR * 2 ** (bin / BINS_PER_OCTAVE)
}

/**
 * Bin of a value, whose lower edge is part of it.
 * @throws RangeError for a negative value or none
 */
export function binOf(value: number): number {
  if (!(value >= 0 && value < Infinity)) throw new RangeError(`${value} has no bin`)
  if (value === 0) return ZERO_BIN
  const bin = Math.floor(BINS_PER_OCTAVE * Math.log2(value / ANCHOR))
  // The logarithm of an edge may come out a hair to either side of its bin's number.
  if (lowerEdgeOf(bin + 1) <= value) return bin + 1
  return lowerEdgeOf(bin) > value ? bin - 1 : bin
}

/** The value that stands for a bin: within RELATIVE_ERROR of all values in it. */
export function valueOfBin(bin: number): number {
  return bin === ZERO_BIN ? 0 : (lowerEdgeOf(bin) * 2 * GROWTH) / (1 + GROWTH)
}

/** Adds counts up bin by bin; what comes to nothing is left out. */
export function mergeHistograms(parts: Iterable<LogHistogram>): Map<number, number> {
  const merged = new Map<number, number>()
  for (const part of parts) {
    for (const [bin, count] of part) {
      const sum = (merged.get(bin) ?? 0) + count
      if (sum === 0) merged.delete(bin)
      else merged.set(bin, sum)
    }
  }
  return merged
}

export function countOf(histogram: LogHistogram): number {
  let count = 0
  for (const tests of histogram.values()) count += tests
  return count
}

/**
 * Value of rank floor(q · (n − 1)) among n, counted from 0, within RELATIVE_ERROR; null of an empty histogram.
 * @param quantile 0 to 1
 */
export function quantileOf(histogram: LogHistogram, quantile: number): number | null {
  const rank = Math.floor(quantile * (countOf(histogram) - 1))
  let passed = 0
  for (const [bin, count] of [...histogram].sort(([a], [b]) => a - b)) {
    passed += count
    if (passed > rank) return valueOfBin(bin)
  }
  return null
}

/** Bins of equal width on the logarithmic scale that a chart shows, `OCTAVE_PARTS` to an octave: 50, 63, 79, 100, 126 … */
const OCTAVE_PARTS = 3
const BINS_PER_BAR = BINS_PER_OCTAVE / OCTAVE_PARTS

export interface HistogramBar {
  from: number
  to: number
  count: number
}

/** A histogram in wider bars, by value; bars without a value between others are there with 0. Zeros are the first bar. */
export function barsOf(histogram: LogHistogram): HistogramBar[] {
  const bars = new Map<number, number>()
  for (const [bin, count] of histogram) {
    if (bin === ZERO_BIN) continue
    const bar = Math.floor(bin / BINS_PER_BAR)
    bars.set(bar, (bars.get(bar) ?? 0) + count)
  }
  const zeros = histogram.get(ZERO_BIN)
  const list: HistogramBar[] = zeros === undefined ? [] : [{ from: 0, to: 0, count: zeros }]
  if (bars.size === 0) return list
  const [first, last] = [Math.min(...bars.keys()), Math.max(...bars.keys())]
  for (let bar = first; bar <= last; bar += 1) {
    const [from, to] = [lowerEdgeOf(bar * BINS_PER_BAR), lowerEdgeOf((bar + 1) * BINS_PER_BAR)]
    list.push({ from: Math.round(from), to: Math.round(to), count: bars.get(bar) ?? 0 })
  }
  return list
}
