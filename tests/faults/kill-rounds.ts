import { setTimeout as delay } from 'node:timers/promises'
import { VICTIMS, type FaultRig, type Victim } from './fault-rig.ts'

const LONGEST_RUN_MS = 1500

/** Mulberry32: small, seeded, good enough to choose whom to kill and when. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

export interface RoundResult {
  victim: Victim
  acknowledged: number
  stored: number
  /** Acknowledged, but not stored. */
  lost: string[]
  /** Stored more than once. */
  doubled: string[]
  /** Refused although they were well made. */
  rejected: string[]
}

/** Whom to kill, and after how long. */
export interface KillRound {
  victim: Victim
  after_ms: number
}

/** The same rounds for the same seed, however often the run is interrupted. Each three hit every program once. */
export function planKillRounds(seed: number, count: number): KillRound[] {
  const random = seededRandom(seed)
  const rounds: KillRound[] = []
  while (rounds.length < count) {
    const order = VICTIMS.map((victim) => ({ victim, place: random() })).sort((a, b) => a.place - b.place)
    rounds.push(...order.map(({ victim }) => ({ victim, after_ms: random() * LONGEST_RUN_MS })))
  }
  return rounds.slice(0, count)
}

/** Kills one program at the planned moment, lets the rest recover, and compares what was promised with what is kept. */
export async function runKillRound(rig: FaultRig, { victim, after_ms }: KillRound): Promise<RoundResult> {
  await delay(after_ms)
  await rig.kill(victim)
  await rig.waitForProgress()
  // Only what was promised before the look is compared: more is promised while we look.
  const promised = [...rig.proxy.log.acknowledged]
  const stored = await rig.countStored()
  return {
    victim,
    acknowledged: promised.length,
    stored: stored.size,
    lost: promised.filter((id) => !stored.has(id)),
    doubled: [...stored].filter(([, count]) => count > 1).map(([id]) => id),
    rejected: rig.proxy.log.rejected.map(({ id, code }) => `${id} ${code}`),
  }
}
