import type { SiteState } from '../../api/schemas.ts'
import type { SiteVerdict } from '../../components/status.ts'

export type VerdictCounts = Record<SiteVerdict | 'not_checked', number>

export function countVerdicts(rows: readonly Pick<SiteState, 'verdict'>[]): VerdictCounts {
  const counts: VerdictCounts = { works: 0, does_not_work: 0, cannot_tell: 0, blocks_robots: 0, not_checked: 0 }
  for (const row of rows) counts[row.verdict ?? 'not_checked'] += 1
  return counts
}

/** The newest check of any site; null when none was checked. Instants of one zone compare as text. */
export function findLastCheck(rows: readonly Pick<SiteState, 'last_checked_at'>[]): string | null {
  let last: string | null = null
  for (const row of rows) {
    if (row.last_checked_at !== null && (last === null || row.last_checked_at > last)) last = row.last_checked_at
  }
  return last
}
