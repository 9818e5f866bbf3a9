import type { Municipality } from './municipalities.ts'

/** How many organisations a municipality has beside the others: weights, not official counts (there are none). */
const WEIGHTS: Record<string, number> = {
  saratov: 128,
  engelsskiy: 58,
  balakovskiy: 46,
  balashovskiy: 38,
  volskiy: 36,
  marksovskiy: 30,
  pugachevskiy: 27,
  rtishchevskiy: 24,
  ershovskiy: 23,
  krasnoarmeyskiy: 23,
  krasnokutskiy: 22,
  kalininskiy: 21,
  atkarskiy: 20,
  petrovskiy: 20,
  novouzenskiy: 20,
  tatishchevskiy: 19,
  'bazarno-karabulakskiy': 18,
  sovetskiy: 17,
  dergachevskiy: 16,
  arkadakskiy: 15,
  fedorovskiy: 15,
  ekaterinovskiy: 14,
  lysogorskiy: 14,
  perelyubskiy: 14,
  samoylovskiy: 14,
  ozinskiy: 13,
  piterskiy: 13,
  rovenskiy: 13,
  ivanteevskiy: 12,
  novoburasskiy: 12,
  khvalynskiy: 12,
  'aleksandrovo-gayskiy': 11,
  voskresenskiy: 9,
  dukhovnitskiy: 9,
  krasnopartizanskiy: 9,
  romanovskiy: 9,
  turkovskiy: 9,
  baltayskiy: 8,
  shikhany: 2,
  svetlyy: 2,
  mikhaylovskiy: 1,
}
const WEIGHT_OF_UNLISTED = 10

/**
 * Shares `total` organisations among municipalities by weight with largest remainders, at least one each.
 * The counts add up to `total` exactly whenever `total` is not less than the number of municipalities.
 */
export function shareOrganisations(municipalities: readonly Municipality[], total: number): Map<string, number> {
  const weightOf = ({ code }: Municipality) => WEIGHTS[code] ?? WEIGHT_OF_UNLISTED
  const sum = municipalities.reduce((weights, municipality) => weights + weightOf(municipality), 0)
  const spare = Math.max(0, total - municipalities.length)
  const shares = municipalities.map((municipality) => {
    const exact = (spare * weightOf(municipality)) / sum
    return { code: municipality.code, count: 1 + Math.floor(exact), remainder: exact - Math.floor(exact) }
  })
  let left = Math.max(0, total - shares.reduce((counts, { count }) => counts + count, 0))
  for (const share of shares.toSorted((a, b) => b.remainder - a.remainder)) {
    if (left === 0) break
    share.count += 1
    left -= 1
  }
  return new Map(shares.map(({ code, count }) => [code, count]))
}
