import { medianOf } from './median.ts'
import type { Occasion } from './speed-occasions.ts'

export const NORM_VERDICTS = ['meets', 'below', 'not_enough_data'] as const
export type NormVerdict = (typeof NORM_VERDICTS)[number]

/** Why there is no verdict, or what it rests on besides tests; null: on tests alone. */
export const NORM_REASONS = ['few_tests', 'low_not_confirmed', 'settlement_unknown', 'no_connection'] as const
export type NormReason = (typeof NORM_REASONS)[number]

export interface NormJudgement {
  verdict: NormVerdict
  reason: NormReason | null
  norm_kbps: number | null
  /** Occasions in all; of them low ones that nobody looked at again. */
  occasions: number
  unconfirmed_low: number
  /** Of all occasions, whole kbps; null without one. */
  median_download_kbps: number | null
  median_upload_kbps: number | null
}

export interface NormQuestion {
  /** Of the building's own settlement; null: its kind is not known. */
  norm_kbps: number | null
  least_occasions: number
  /** It is on record that the building has no connection at all. */
  has_no_connection: boolean
}

function wholeMedianOf(kbps: readonly number[]): number | null {
  const median = medianOf(kbps)
  return median === null ? null : Math.round(median)
}

/**
 * Whether a building's line meets the legal norm: the median of its downloads. Below the norm it is only where the
 * median stays low without the results that no retest confirmed; whoever measures too little, or never retests, is
 * neither cleared nor accused. A building without any connection is below it.
 */
export function judgeNorm(occasions: readonly Occasion[], question: NormQuestion): NormJudgement {
  const { norm_kbps, least_occasions, has_no_connection } = question
  const downloads = occasions.map(({ download_kbps }) => download_kbps)
  const isUnconfirmed = ({ download_kbps, is_retested }: Occasion): boolean =>
    norm_kbps !== null && download_kbps < norm_kbps && !is_retested
  const firm = occasions.filter((occasion) => !isUnconfirmed(occasion))
  const figures = {
    norm_kbps,
    occasions: occasions.length,
    unconfirmed_low: occasions.length - firm.length,
    median_download_kbps: wholeMedianOf(downloads),
    median_upload_kbps: wholeMedianOf(occasions.map(({ upload_kbps }) => upload_kbps)),
  }
  const open = (reason: NormReason): NormJudgement => ({ ...figures, verdict: 'not_enough_data', reason })
  if (norm_kbps === null) return open('settlement_unknown')
  if (occasions.length === 0 && has_no_connection) return { ...figures, verdict: 'below', reason: 'no_connection' }
  if (occasions.length < least_occasions) return open('few_tests')
  if ((figures.median_download_kbps ?? 0) >= norm_kbps) return { ...figures, verdict: 'meets', reason: null }
  const firmMedian = wholeMedianOf(firm.map(({ download_kbps }) => download_kbps))
  if (firm.length < least_occasions || firmMedian === null || firmMedian >= norm_kbps) return open('low_not_confirmed')
  return { ...figures, verdict: 'below', reason: null }
}
