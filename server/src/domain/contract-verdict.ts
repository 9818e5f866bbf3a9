import type { Occasion } from './speed-occasions.ts'
import { wilsonInterval, type ShareInterval } from './wilson-interval.ts'

export const CONTRACT_VERDICTS = ['kept', 'not_kept', 'cannot_tell_yet', 'not_enough_data', 'no_contract'] as const
export type ContractVerdict = (typeof CONTRACT_VERDICTS)[number]

/** What one occasion had to reach, by the contract of its day; a direction that the contract does not name is null. */
export interface AgreedSpeed {
  download_kbps: number
  upload_kbps: number | null
}

export interface ContractQuestion {
  /** The contract's speed on the day of an occasion; null: no contract held then. */
  agreedOn: (occasion: Occasion) => AgreedSpeed | null
  agreed_fraction: number
  required_share: number
  least_occasions: number
}

export interface ContractJudgement {
  verdict: ContractVerdict
  /** Occasions on days with a contract; of them those that reached it, and low ones that nobody looked at again. */
  occasions: number
  reached: number
  unconfirmed_low: number
  /** Share that reached it, 0..1, with its interval; null without an occasion. */
  share: number | null
  interval: ShareInterval | null
}

function reaches(occasion: Occasion, agreed: AgreedSpeed, fraction: number): boolean {
  const leastOf = (kbps: number): number => Math.round(kbps * fraction)
  const isDownloaded = occasion.download_kbps >= leastOf(agreed.download_kbps)
  return isDownloaded && (agreed.upload_kbps === null || occasion.upload_kbps >= leastOf(agreed.upload_kbps))
}

/**
 * Whether a contract is kept: the share of occasions that reach the agreed fraction of its speed. Kept: the whole
 * interval of the share lies at or above the required share; not kept: all of it below, also when every low result that
 * no retest confirmed is taken for a good one; cannot tell yet: the required share lies within.
 */
export function judgeContract(occasions: readonly Occasion[], question: ContractQuestion): ContractJudgement {
  const { agreedOn, agreed_fraction, required_share, least_occasions } = question
  let counted = 0
  let reached = 0
  let unconfirmed_low = 0
  for (const occasion of occasions) {
    const agreed = agreedOn(occasion)
    if (agreed === null) continue
    counted += 1
    if (reaches(occasion, agreed, agreed_fraction)) reached += 1
    else if (!occasion.is_retested) unconfirmed_low += 1
  }
  if (counted === 0) {
    return { verdict: 'not_enough_data', occasions: 0, reached, unconfirmed_low, share: null, interval: null }
  }
  const interval = wilsonInterval(reached, counted)
  const figures = { occasions: counted, reached, unconfirmed_low, share: reached / counted, interval }
  if (counted < least_occasions) return { ...figures, verdict: 'not_enough_data' }
  if (interval.low >= required_share) return { ...figures, verdict: 'kept' }
  const kindest = wilsonInterval(reached + unconfirmed_low, counted)
  return { ...figures, verdict: kindest.high < required_share ? 'not_kept' : 'cannot_tell_yet' }
}
