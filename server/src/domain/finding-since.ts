/** How one subsection looked in one audit. */
export interface SubsectionLook {
  subsection: string
  at: Date
  has_violation: boolean
}

/**
 * Since when each subsection has had a violation without a break: the first audit after the last one without.
 * @param looks in any order
 * @returns by subsection; one without a violation in its newest audit is not in it
 */
export function findViolationsSince(looks: readonly SubsectionLook[]): Map<string, Date> {
  const since = new Map<string, Date>()
  for (const { subsection, at, has_violation } of looks.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (!has_violation) since.delete(subsection)
    else if (!since.has(subsection)) since.set(subsection, at)
  }
  return since
}
