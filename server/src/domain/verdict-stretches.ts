import type { Provenance, SiteCause, SiteVerdict } from '../contract/index.ts'

/** A verdict at a moment, milliseconds since the epoch. */
export interface VerdictPoint {
  decided_at: number
  verdict: SiteVerdict
  cause: SiteCause | null
  vantages: string[]
  provenance: Provenance
}

/** A stretch of time in which the verdict and its cause stayed the same. */
export interface VerdictStretch extends Omit<VerdictPoint, 'decided_at'> {
  from: number
  /** Start of the next stretch; for the last one its last verdict. */
  to: number
  rounds: number
}

/** Joins verdicts in the order of time into stretches. Empty when there are none. */
export function joinStretches(points: readonly VerdictPoint[]): VerdictStretch[] {
  const stretches: VerdictStretch[] = []
  for (const { decided_at, verdict, cause, vantages, provenance } of points) {
    const last = stretches.at(-1)
    if (last !== undefined) last.to = decided_at
    if (last?.verdict === verdict && last.cause === cause && last.provenance === provenance) {
      last.rounds += 1
      last.vantages = [...new Set([...last.vantages, ...vantages])]
    } else {
      stretches.push({ from: decided_at, to: decided_at, verdict, cause, vantages, provenance, rounds: 1 })
    }
  }
  return stretches
}
