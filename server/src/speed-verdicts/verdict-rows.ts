import type { Insertable, Selectable } from 'kysely'
import type { SpeedVerdict } from '../db/schema.gen.ts'
import type { ContractVerdict } from '../domain/contract-verdict.ts'
import type { NormReason, NormVerdict } from '../domain/internet-norm.ts'
import type { CapacityVerdict, PlaceVerdicts } from './judge-place.ts'

export const VERDICT_KINDS = ['norm', 'contract', 'capacity'] as const

type Row = Selectable<SpeedVerdict>
/** A row as far as it follows from the facts: without who wrote it when. */
export type VerdictRow = Omit<Insertable<SpeedVerdict>, 'change_set_no' | 'through_change_set_no'>

/** The three rows that verdicts on a place are stored as. */
export function toVerdictRows(org_unit_id: number, period_code: string, verdicts: PlaceVerdicts): VerdictRow[] {
  const { norm, contract, basis, rule_version } = verdicts
  const common = {
    ...{ org_unit_id, period_code, rule_version, ...basis },
    ...{ reason: null, reached: null, share: null, share_low: null, share_high: null, computers: null },
    median_download_kbps: norm.median_download_kbps,
    median_upload_kbps: norm.median_upload_kbps,
  }
  const { occasions, unconfirmed_low } = norm
  return [
    {
      ...{ ...common, kind: 'norm', verdict: norm.verdict, reason: norm.reason, occasions, unconfirmed_low },
      asked_kbps: norm.norm_kbps,
    },
    {
      ...{ ...common, kind: 'contract', verdict: contract.verdict, occasions: contract.occasions },
      ...{ reached: contract.reached, unconfirmed_low: contract.unconfirmed_low, share: contract.share },
      ...{ share_low: contract.interval?.low ?? null, share_high: contract.interval?.high ?? null },
      asked_kbps: verdicts.contract_kbps,
    },
    {
      ...{ ...common, kind: 'capacity', verdict: verdicts.capacity, occasions, unconfirmed_low },
      ...{ asked_kbps: null, computers: verdicts.computers },
    },
  ]
}

/** Verdicts on a place from its stored rows; null unless all three are there. */
export function fromVerdictRows(rows: readonly Row[]): PlaceVerdicts | null {
  const [norm, contract, capacity] = VERDICT_KINDS.map((kind) => rows.find((row) => row.kind === kind))
  if (norm === undefined || contract === undefined || capacity === undefined) return null
  const { tests, first_test_at, last_test_at, tests_sha256 } = norm
  const { share_low, share_high } = contract
  return {
    rule_version: norm.rule_version,
    basis: { tests, first_test_at, last_test_at, tests_sha256 },
    norm: {
      ...{ verdict: norm.verdict as NormVerdict, reason: norm.reason as NormReason | null },
      ...{ norm_kbps: norm.asked_kbps, occasions: norm.occasions, unconfirmed_low: norm.unconfirmed_low },
      ...{ median_download_kbps: norm.median_download_kbps, median_upload_kbps: norm.median_upload_kbps },
    },
    contract: {
      ...{ verdict: contract.verdict as ContractVerdict, occasions: contract.occasions, share: contract.share },
      ...{ reached: contract.reached ?? 0, unconfirmed_low: contract.unconfirmed_low },
      interval: share_low === null || share_high === null ? null : { low: share_low, high: share_high },
    },
    contract_kbps: contract.asked_kbps,
    capacity: capacity.verdict as CapacityVerdict,
    computers: capacity.computers,
  }
}
