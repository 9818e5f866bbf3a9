import type { AgentPlan } from '@edumon/server/contract'

/** Between the beginnings of two agents' tests: with tests of twenty seconds some two or three run at once. */
const GAP_MS = 8_000
/** So often each building is tested at once after the start; afterwards at leisure. */
const QUICK_ROUNDS = 3
const LEISURE_MS = 20 * 60_000
const ROUNDS = 400
const RETEST_AFTER_S = { from: 30, to: 90 }

/** Where an agent stands among those that test in turn. */
export interface Turn {
  /** Start of the first turn, milliseconds since the epoch. */
  started_ms: number
  place: number
  of: number
}

function startOfRound(round: number, { of }: Turn): number {
  const quick_ms = Math.min(round, QUICK_ROUNDS) * of * GAP_MS
  return quick_ms + Math.max(0, round - QUICK_ROUNDS) * Math.max(LEISURE_MS, of * GAP_MS)
}

/** The server's plan with the demo's own times: nobody who looks at a demo waits for the next school day. */
export function densify(plan: AgentPlan, turn: Turn): AgentPlan {
  const tests_at = Array.from({ length: ROUNDS }, (_, round) =>
    new Date(turn.started_ms + startOfRound(round, turn) + turn.place * GAP_MS).toISOString(),
  )
  return {
    ...plan,
    retest_after_s: RETEST_AFTER_S,
    buildings: plan.buildings.map((building) => ({ ...building, tests_at })),
  }
}
