import { medianOf } from '../domain/median.ts'
import type { PlaceVerdicts, Contract } from './judge-place.ts'

/** What is known of one place's line. */
export interface ProvidedLine {
  contract: Contract | null
  verdicts: PlaceVerdicts
}

/** Buildings of one provider and technology. */
export interface ProviderSummary {
  provider: string | null
  technology: string | null
  buildings: number
  /** Buildings by verdict; verdicts that none has are absent. */
  contract: Record<string, number>
  norm: Record<string, number>
  /** Of the buildings' contracts, and of their own measured medians; null where none has one. */
  median_contract_kbps: number | null
  median_measured_kbps: number | null
}

function countBy(lines: readonly ProvidedLine[], verdictOf: (line: ProvidedLine) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of lines) counts[verdictOf(line)] = (counts[verdictOf(line)] ?? 0) + 1
  return counts
}

function wholeMedian(kbps: readonly (number | null)[]): number | null {
  const median = medianOf(kbps.filter((value) => value !== null))
  return median === null ? null : Math.round(median)
}

/** Lines by provider and technology of the contract that holds, the largest first; those without a contract are one. */
export function summariseProviders(lines: readonly ProvidedLine[]): ProviderSummary[] {
  const groups = Map.groupBy(lines, ({ contract }) => JSON.stringify([contract?.provider, contract?.technology]))
  const summaries = [...groups.values()].map((group): ProviderSummary => {
    const contract = group[0]?.contract ?? null
    return {
      provider: contract?.provider ?? null,
      technology: contract?.technology ?? null,
      buildings: group.length,
      contract: countBy(group, ({ verdicts }) => verdicts.contract.verdict),
      norm: countBy(group, ({ verdicts }) => verdicts.norm.verdict),
      median_contract_kbps: wholeMedian(group.map((line) => line.contract?.download_kbps ?? null)),
      median_measured_kbps: wholeMedian(group.map(({ verdicts }) => verdicts.norm.median_download_kbps)),
    }
  })
  const nameOf = ({ provider, technology }: ProviderSummary): string => `${provider ?? ''} ${technology ?? ''}`
  return summaries.sort((a, b) => b.buildings - a.buildings || nameOf(a).localeCompare(nameOf(b), 'ru'))
}
