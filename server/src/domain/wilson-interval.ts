/** Both ends of an interval of a share, 0..1. */
export interface ShareInterval {
  low: number
  high: number
}

/** Quantile of the normal distribution for two-sided 95 %. */
const Z = 1.959963984540054

/**
 * Wilson's score interval (1927) of a share at 95 %: which true shares agree with `hits` of `total`. Unlike the usual
 * interval it stays within 0..1 and says something also of no hits and of nothing but hits.
 * @throws RangeError unless 0 ≤ hits ≤ total and total > 0
 */
export function wilsonInterval(hits: number, total: number): ShareInterval {
  if (!(total > 0) || hits < 0 || hits > total) throw new RangeError(`No share: ${hits} of ${total}`)
  const share = hits / total
  const spread = (Z * Z) / total
  const centre = share + spread / 2
  const reach = Z * Math.sqrt((share * (1 - share)) / total + spread / (4 * total))
  const low = hits === 0 ? 0 : (centre - reach) / (1 + spread)
  const high = hits === total ? 1 : (centre + reach) / (1 + spread)
  return { low, high }
}
