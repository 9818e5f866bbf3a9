import type { FindingKind } from './objections.ts'

/** A finding as far as its weight goes. */
export interface WeighedFinding {
  finding: FindingKind
  /** Verdict, state of the certificate, or presence of the subsection. */
  outcome: string
  violations: number
}

/** What keeps everybody out weighs most, then what browsers warn of, then what is not there at all, then the rest. */
function weigh({ finding, outcome }: WeighedFinding): number {
  if (finding === 'availability') return 0
  if (finding === 'certificate') return 1
  return outcome === 'absent' || outcome === 'empty' ? 2 : 3
}

/** The most important first; equal ones keep their order, which is that of the section. */
export function orderFindings<T extends WeighedFinding>(findings: readonly T[]): T[] {
  return findings.toSorted((a, b) => weigh(a) - weigh(b) || b.violations - a.violations)
}
