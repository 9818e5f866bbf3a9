import type { AgentPlan } from '@edumon/server/contract'

/** A test whose time has come: a planned one by its time, or the confirmation of a low result. */
export type DueTest = { kind: 'planned'; at: string } | { kind: 'retest'; at: string; of: string }

export interface DueQuestion {
  plan: AgentPlan
  org_unit_id: number
  begun: readonly string[]
  retest: { of: string; at: string } | null
  /** Milliseconds since the epoch. */
  now: number
}

export function findBuilding(plan: AgentPlan, org_unit_id: number): AgentPlan['buildings'][number] | null {
  return plan.buildings.find((building) => building.org_unit_id === org_unit_id) ?? null
}

/**
 * The test that is to begin now; null: none. One that is later than the plan's limit is left out, so that a computer that
 * was off, or whose clock jumped, does not run its missed tests in a row.
 */
export function findDueTest({ plan, org_unit_id, begun, retest, now }: DueQuestion): DueTest | null {
  const isDue = (at: string): boolean => {
    const late_ms = now - Date.parse(at)
    return late_ms >= 0 && late_ms < plan.late_limit_s * 1000
  }
  if (retest !== null && isDue(retest.at)) return { kind: 'retest', ...retest }
  const planned = findBuilding(plan, org_unit_id)?.tests_at.findLast((at) => isDue(at) && !begun.includes(at))
  return planned === undefined ? null : { kind: 'planned', at: planned }
}

/** When the next test is planned, for the local page; null: the plan has no more. */
export function findNextTest({ plan, org_unit_id, retest, now }: DueQuestion): string | null {
  const coming = (at: string) => Date.parse(at) > now
  const planned = findBuilding(plan, org_unit_id)?.tests_at.find(coming) ?? null
  if (retest === null || !coming(retest.at)) return planned
  return planned === null || retest.at < planned ? retest.at : planned
}
