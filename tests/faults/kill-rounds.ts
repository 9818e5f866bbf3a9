import { ACTIVITIES, CARRIED, type ActivityName, type KillRound } from './kill-plan.ts'
import type { FaultRig } from './fault-rig.ts'

/** So many rounds hit every activity at least once, or something is wrong with the aim. */
const ENOUGH_ROUNDS = 12

interface RoundResult extends KillRound {
  /** What was under way at the kill, of what the killed program carries. */
  hit: ActivityName[]
  /** What is lost, doubled, refused, or wrong in the audit; empty: nothing. */
  faults: string[]
}

/** Kills one program in the middle of the planned activity, lets all recover, and compares what was promised with what is kept. */
export async function runKillRound(rig: FaultRig, round: KillRound): Promise<RoundResult> {
  const { victim, aim, share } = round
  await rig.activities[aim].flight.reach(share)
  const hit = CARRIED[victim].filter((name) => rig.activities[name].flight.isUnderWay)
  await rig.kill(victim)
  await rig.waitForProgress(aim === 'backup' ? ACTIVITIES : ['ingest', 'sign-in', 'dispute'])
  return { ...round, hit, faults: await rig.findFaults() }
}

/** What a run has come to, over all its rounds. */
export interface RunTotals {
  rounds: number
  failed_rounds: number
  /** Kills that hit each activity. */
  hits: Record<ActivityName, number>
}

export function beginTotals(): RunTotals {
  return { rounds: 0, failed_rounds: 0, hits: { ingest: 0, 'sign-in': 0, dispute: 0, backup: 0 } }
}

export function addRound(totals: RunTotals, { hit, faults }: RoundResult): void {
  totals.rounds += 1
  if (faults.length > 0) totals.failed_rounds += 1
  for (const name of hit) totals.hits[name] += 1
}

/** Activities that no kill has hit although there were enough rounds: of them the run says nothing. */
export function listNeverHit({ rounds, hits }: RunTotals): ActivityName[] {
  return rounds < ENOUGH_ROUNDS ? [] : ACTIVITIES.filter((name) => hits[name] === 0)
}
