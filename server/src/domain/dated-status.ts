/** A dated state of an org unit, as far as exclusion needs it. Days are YYYY-MM-DD; valid_to is the last day. */
export interface DatedStatus {
  org_unit_id: number
  valid_from: string
  valid_to: string | null
  change_set_no: number
  status: string
}

/** Statuses in which nobody can be blamed for a site: their time is left out, with the status as the reason. */
const EXCLUDING: ReadonlySet<string> = new Set(['capital_repair', 'suspended', 'holidays', 'closed'])

/**
 * Status that excludes a unit on a day; null when none does. The latest first day counts, and of one first day the
 * row that became known last.
 * @param statuses of one unit, in any order
 */
export function findExclusion(statuses: readonly DatedStatus[], day: string): string | null {
  let current: DatedStatus | null = null
  for (const status of statuses) {
    if (status.valid_from > day) continue
    const isLater =
      current === null ||
      status.valid_from > current.valid_from ||
      (status.valid_from === current.valid_from && status.change_set_no > current.change_set_no)
    if (isLater) current = status
  }
  if (current === null || (current.valid_to !== null && current.valid_to < day)) return null
  return EXCLUDING.has(current.status) ? current.status : null
}
