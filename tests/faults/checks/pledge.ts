import type { KnownObjection } from '../activities/dispute.ts'
import type { KnownSession } from '../activities/sign-in.ts'

/** What had been acknowledged at one moment: all of it has to be there at any later one. */
export interface Pledge {
  measurements: readonly string[]
  /** All sessions that were begun. One that is still open when it is looked at was open at the moment too. */
  sessions: readonly KnownSession[]
  /** Those of them that were signed out. */
  left: readonly KnownSession[]
  objections: readonly KnownObjection[]
  decisions: readonly Pick<KnownObjection, 'objection_id' | 'outcome'>[]
  /** Hashes of backups. */
  backups: readonly string[]
}

/** The first few of a list of faults of one kind, and how many there are. */
export function summarise(what: string, places: readonly string[]): string[] {
  return places.length === 0 ? [] : [`${places.length} ${what}: ${places.slice(0, 5).join(', ')}`]
}
