/** Kinds of settlement, as the norm tells them apart. */
export const SETTLEMENT_KINDS = ['city', 'urban_settlement', 'village'] as const
export type SettlementKind = (typeof SETTLEMENT_KINDS)[number]

/** What verdicts on the Internet are reached by, from a day on. A later entry replaces the earlier one. */
export interface InternetRule {
  /** Goes up with every change of the entry or of the program's reading of it: verdicts name it. */
  rule_version: number
  /** First day, YYYY-MM-DD. */
  valid_from: string
  norm: {
    kbps: Readonly<Record<SettlementKind, number>>
    /** Occasions that a verdict needs. */
    least_occasions: number
    source: string
  }
  contract: {
    /** Of the contract's speed, 0..1: what a test has to reach. */
    agreed_fraction: number
    /** Share of occasions, 0..1, that have to reach it. */
    required_share: number
    least_occasions: number
    source: string
  }
}

/**
 * The rule that holds on a day; before the first one there was no norm and nothing was measured, and answers about such
 * days, which are empty, name the first.
 * @param rules in any order, at least one
 */
export function internetRuleOn(day: string, rules: readonly InternetRule[]): InternetRule {
  const inOrder = rules.toSorted((a, b) => a.valid_from.localeCompare(b.valid_from))
  const rule = inOrder.findLast(({ valid_from }) => valid_from <= day) ?? inOrder[0]
  if (rule === undefined) throw new RangeError('There is no rule for the Internet')
  return rule
}
