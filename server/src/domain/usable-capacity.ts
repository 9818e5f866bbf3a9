/**
 * What one computer gets when all work at once, Мбит/с.
 * @param median_kbps measured download; null: not measured
 * @param computers as reported; null: not reported. Of no computers there is no share, so 0 gives null too
 */
export function mbpsPerComputer(median_kbps: number | null, computers: number | null): number | null {
  if (median_kbps === null || computers === null || computers === 0) return null
  return median_kbps / 1000 / computers
}
