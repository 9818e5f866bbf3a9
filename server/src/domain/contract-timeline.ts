import { addDays } from './region-day.ts'

/** A dated contract. Days are YYYY-MM-DD; null: no end was agreed. */
export interface DatedContract {
  valid_from: string
  valid_to: string | null
}

const FOR_EVER = '9999-12-31'

function lastDayOf({ valid_to }: DatedContract): string {
  return valid_to ?? FOR_EVER
}

/** The contract that holds on a day; of several the one that began last, of those the first in the list. */
export function contractOn<Contract extends DatedContract>(
  contracts: readonly Contract[],
  day: string,
): Contract | null {
  let current: Contract | null = null
  for (const contract of contracts) {
    const holds = contract.valid_from <= day && lastDayOf(contract) >= day
    if (holds && (current === null || contract.valid_from > current.valid_from)) current = contract
  }
  return current
}

/** Where two contracts of a place hold at once, or none does between two. Days are the first and last of it. */
export interface ContractSeam<Contract extends DatedContract> {
  kind: 'overlap' | 'gap'
  before: Contract
  after: Contract
  first_day: string
  /** Null: it goes on. */
  last_day: string | null
}

/** Overlaps and gaps between the contracts of one place, by time; each is told by the later contract. */
export function findSeams<Contract extends DatedContract>(contracts: readonly Contract[]): ContractSeam<Contract>[] {
  const sorted = contracts.toSorted((a, b) => a.valid_from.localeCompare(b.valid_from))
  const seams: ContractSeam<Contract>[] = []
  let longest: Contract | null = null
  for (const after of sorted) {
    if (longest !== null) {
      const end = lastDayOf(longest)
      const nextDay = end === FOR_EVER ? FOR_EVER : addDays(end, 1)
      if (after.valid_from <= end) {
        const last = end < lastDayOf(after) ? end : lastDayOf(after)
        const last_day = last === FOR_EVER ? null : last
        seams.push({ kind: 'overlap', before: longest, after, first_day: after.valid_from, last_day })
      } else if (after.valid_from > nextDay) {
        seams.push({ kind: 'gap', before: longest, after, first_day: nextDay, last_day: addDays(after.valid_from, -1) })
      }
    }
    if (longest === null || lastDayOf(after) > lastDayOf(longest)) longest = after
  }
  return seams
}
