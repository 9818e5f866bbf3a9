import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  barsOf,
  binOf,
  countOf,
  lowerEdgeOf,
  mergeHistograms,
  quantileOf,
  RELATIVE_ERROR,
} from '../../../server/src/domain/log-histogram.ts'

const kbps = fc.oneof(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 200_000 }))

function histogramOf(values: readonly number[]): Map<number, number> {
  return mergeHistograms(values.map((value) => new Map([[binOf(value), 1]])))
}

describe('binOf', () => {
  it('puts every value between the edges of its bin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (value) => {
        const bin = binOf(value)
        return lowerEdgeOf(bin) <= value && value < lowerEdgeOf(bin + 1) && Math.abs(bin) < 32_767
      }),
    )
  })

  it('begins a bin at both norms, so that counting from a norm on is exact', () => {
    for (const norm of [50_000, 100_000]) {
      expect(lowerEdgeOf(binOf(norm))).toBe(norm)
      expect(binOf(norm - 1)).toBe(binOf(norm) - 1)
    }
  })

  it.each([-1, Number.NaN, Infinity])('refuses %s', (value) => {
    expect(() => binOf(value)).toThrow(RangeError)
  })
})

describe('quantileOf', () => {
  it('is within the stated error of the exact percentile, also of merged parts', () => {
    expect(RELATIVE_ERROR).toBeLessThan(0.02)
    const quantile = fc.constantFrom(0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)
    fc.assert(
      fc.property(fc.array(kbps, { minLength: 1 }), fc.array(kbps), quantile, (left, right, q) => {
        const sorted = [...left, ...right].sort((a, b) => a - b)
        const exact = sorted[Math.floor(q * (sorted.length - 1))] ?? -1
        const found = quantileOf(mergeHistograms([histogramOf(left), histogramOf(right)]), q) ?? -1
        return Math.abs(found - exact) <= RELATIVE_ERROR * exact + 1e-6
      }),
    )
  })

  it('is nothing where nothing was counted', () => {
    expect(quantileOf(new Map(), 0.5)).toBeNull()
  })
})

describe('mergeHistograms', () => {
  it('takes away what a later row takes back', () => {
    const kept = histogramOf([10, 90_000, 90_000])
    const taken = new Map([[binOf(10), -1]])
    expect(mergeHistograms([kept, taken])).toEqual(histogramOf([90_000, 90_000]))
  })
})

describe('barsOf', () => {
  it('keeps every test, leaves no gap, and has both norms as edges', () => {
    fc.assert(
      fc.property(fc.array(kbps, { minLength: 1 }), (values) => {
        const histogram = histogramOf(values)
        const bars = barsOf(histogram)
        const positive = bars.filter(({ to }) => to > 0)
        expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(countOf(histogram))
        for (const [place, bar] of positive.entries()) if (place > 0) expect(bar.from).toBe(positive[place - 1]?.to)
      }),
    )
    expect(barsOf(histogramOf([40_000, 110_000])).map(({ from }) => from)).toEqual(
      expect.arrayContaining([50_000, 100_000]),
    )
  })
})
