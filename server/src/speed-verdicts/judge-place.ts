import { createHash } from 'node:crypto'
import type { PlaceFact } from '../db/place-facts.ts'
import { contractOn } from '../domain/contract-timeline.ts'
import { judgeContract, type ContractJudgement } from '../domain/contract-verdict.ts'
import { judgeNorm, type NormJudgement } from '../domain/internet-norm.ts'
import type { InternetRule, SettlementKind } from '../domain/internet-rules.ts'
import type { Period } from '../domain/periods.ts'
import { localHourOf } from '../domain/schedule.ts'
import { occasionsOf, type ValidTest } from '../domain/speed-occasions.ts'

export type Contract = PlaceFact<'connection_contract'>

export const CAPACITY_VERDICTS = ['known', 'not_enough_data', 'no_report', 'no_computers'] as const
export type CapacityVerdict = (typeof CAPACITY_VERDICTS)[number]

/** What a verdict rests on: the valid tests from the first to the last, proven by the hash of their ids. */
export interface TestBasis {
  tests: number
  first_test_at: Date | null
  last_test_at: Date | null
  tests_sha256: string
}

export interface PlaceVerdicts {
  rule_version: number
  basis: TestBasis
  norm: NormJudgement
  contract: ContractJudgement
  /** Of the contract of the judged day; null without one, or where that one is for no connection. */
  contract_kbps: number | null
  capacity: CapacityVerdict
  computers: number | null
}

/** All facts of one place that verdicts for a period follow from. */
export interface PlaceFacts {
  /** Valid tests of the period, by time and id. */
  tests: readonly ValidTest[]
  contracts: readonly Contract[]
  settlement_kind: SettlementKind | null
  /** As last reported by the judged day; null: never. */
  computers: number | null
}

export interface JudgedPeriod {
  period: Period
  /** The period's last day, or today in a running one: contract and computers of that day are shown. */
  day: string
  rule: InternetRule
  time_zone: string
}

/** Hash over sorted ids, one a line. */
export function hashTests(tests: readonly ValidTest[]): string {
  const ids = tests.map(({ test_id }) => test_id).sort()
  return createHash('sha256').update(ids.join('\n')).digest('hex')
}

function capacityOf({ computers }: PlaceFacts, norm: NormJudgement, least_occasions: number): CapacityVerdict {
  if (computers === null) return 'no_report'
  if (computers === 0) return 'no_computers'
  return norm.occasions < least_occasions ? 'not_enough_data' : 'known'
}

/** Whether a contract for a line, not for none, held on a day of the period up to the judged one. */
function hasContract(contracts: readonly Contract[], { period, day }: JudgedPeriod): boolean {
  return contracts.some(
    ({ technology, valid_from, valid_to }) =>
      technology !== 'none' && valid_from <= day && (valid_to === null || valid_to >= period.first_day),
  )
}

/** All verdicts on one place for one period. It follows from its arguments alone: judged again it is equal. */
export function judgePlace(facts: PlaceFacts, judged: JudgedPeriod): PlaceVerdicts {
  const { tests, contracts, settlement_kind, computers } = facts
  const { rule, day, time_zone } = judged
  const occasions = occasionsOf(tests)
  const current = contractOn(contracts, day)
  const norm = judgeNorm(occasions, {
    norm_kbps: settlement_kind === null ? null : rule.norm.kbps[settlement_kind],
    least_occasions: rule.norm.least_occasions,
    has_no_connection: current?.technology === 'none',
  })
  const contract = judgeContract(occasions, {
    ...rule.contract,
    agreedOn({ tested_at }) {
      const { local_day } = localHourOf(tested_at.getTime(), time_zone)
      const held = contractOn(contracts, local_day)
      if (held === null || held.download_kbps === null) return null
      return { download_kbps: held.download_kbps, upload_kbps: held.upload_kbps }
    },
  })
  return {
    rule_version: rule.rule_version,
    basis: {
      tests: tests.length,
      first_test_at: tests[0]?.tested_at ?? null,
      last_test_at: tests.at(-1)?.tested_at ?? null,
      tests_sha256: hashTests(tests),
    },
    norm,
    contract: hasContract(contracts, judged) ? contract : { ...contract, verdict: 'no_contract' },
    contract_kbps: current?.download_kbps ?? null,
    capacity: capacityOf(facts, norm, rule.norm.least_occasions),
    computers,
  }
}
