/** Why there is no value where one was asked for. */
export const REFUSALS = ['no_data', 'low_coverage'] as const
export type Refusal = (typeof REFUSALS)[number]

/** What one indicator adds up to over some units. Sums are null when no unit was judged, never 0. */
export interface RatioSums {
  numerator: number | null
  denominator: number | null
  /** Units that should have reported. */
  expected: number
  /** Of them, units that did. */
  reported: number
}

export interface Ratio {
  /** 0..1; null with a reason in `refusal`. */
  value: number | null
  /** Reported share of the expected units, 0..1; null when none is expected. */
  coverage_ratio: number | null
  refusal: Refusal | null
}

/**
 * A ratio of sums, never a mean of ratios. It is refused where nothing was judged and where fewer than
 * `coverage_floor` (0..1) of the expected units reported: a figure over the few that did would mislead.
 */
export function ratioOfSums(sums: RatioSums, coverage_floor: number): Ratio {
  const coverage_ratio = sums.expected === 0 ? null : sums.reported / sums.expected
  if (sums.numerator === null || sums.denominator === null || sums.denominator === 0) {
    return { value: null, coverage_ratio, refusal: 'no_data' }
  }
  if (coverage_ratio !== null && coverage_ratio < coverage_floor) {
    return { value: null, coverage_ratio, refusal: 'low_coverage' }
  }
  return { value: sums.numerator / sums.denominator, coverage_ratio, refusal: null }
}
