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
 * Status that holds on a day; null when none does. The same rule as `statusesOn` in SQL: a later entry for one first day
 * replaces the earlier one, and among states that hold on the day the one that began last counts.
 * @param statuses of one unit, in any order
 */
export function findStatus(statuses: readonly DatedStatus[], day: string): string | null {
  const entries = new Map<string, DatedStatus>()
  for (const status of statuses) {
    const replaced = entries.get(status.valid_from)
    if (replaced === undefined || status.change_set_no > replaced.change_set_no) entries.set(status.valid_from, status)
  }
  let current: DatedStatus | null = null
  for (const status of entries.values()) {
    const holds = status.valid_from <= day && (status.valid_to === null || status.valid_to >= day)
    if (holds && (current === null || status.valid_from > current.valid_from)) current = status
  }
  return current?.status ?? null
}

/** Status of one unit that excludes it on a day; null when none does. */
export function findExclusion(statuses: readonly DatedStatus[], day: string): string | null {
  const status = findStatus(statuses, day)
  return status !== null && EXCLUDING.has(status) ? status : null
}

/**
 * Status that excludes a unit on a day by its own statuses or those of the units above it: the nearest one speaks.
 * @param above ids from the top down to the unit itself
 */
export function findExclusionAlong(
  above: readonly number[],
  statuses: ReadonlyMap<number, readonly DatedStatus[]>,
  day: string,
): string | null {
  for (const org_unit_id of above.toReversed()) {
    const status = findStatus(statuses.get(org_unit_id) ?? [], day)
    if (status !== null) return EXCLUDING.has(status) ? status : null
  }
  return null
}
