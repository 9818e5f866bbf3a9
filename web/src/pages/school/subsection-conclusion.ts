import type { Subsection } from '../../api/schemas.ts'
import type { StatusTone } from '../../components/status.ts'

/** What a person should make of a subsection: mend it, look at it, or nothing. */
export interface Conclusion {
  tone: StatusTone
  key: 'to_mend' | 'to_check' | 'not_confirmed' | 'fine'
  count: number
}

/** Only a violation accuses; what a machine could not confirm is no violation. */
export function concludeSubsection(subsection: Pick<Subsection, 'findings' | 'presence'>): Conclusion {
  const count = (grade: string): number => subsection.findings.filter((finding) => finding.grade === grade).length
  if (count('violation') > 0) return { tone: 'bad', key: 'to_mend', count: count('violation') }
  if (count('warning') > 0) return { tone: 'warn', key: 'to_check', count: count('warning') }
  if (subsection.presence === 'not_confirmed') return { tone: 'unknown', key: 'not_confirmed', count: 0 }
  return { tone: 'ok', key: 'fine', count: 0 }
}
