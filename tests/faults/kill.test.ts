import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultRig } from './fault-rig.ts'
import { planKillRounds, VICTIMS } from './kill-plan.ts'
import { runKillRound } from './kill-rounds.ts'

const ROUNDS = 5
const seed = Number(process.env['EDUMON_FAULT_SEED'] ?? Date.now() % 1_000_000)

describe('planKillRounds', () => {
  it('plans the same for the same seed, and kills every program in every activity that it carries', () => {
    const rounds = planKillRounds(seed, 9)
    expect(planKillRounds(seed, 200).slice(0, 9)).toEqual(rounds)
    expect(new Set(rounds.map(({ victim, aim }) => `${victim} ${aim}`)).size).toBe(9)
    const begin = rounds.slice(0, 4)
    expect(new Set(begin.map(({ victim }) => victim))).toEqual(new Set(VICTIMS))
    expect(begin.map(({ aim }) => aim).sort()).toEqual(['backup', 'dispute', 'ingest', 'sign-in'])
  })
})

describe('killing collector, API, database or backup in the middle of ingest, sign-in, dispute and backup', () => {
  let rig: FaultRig
  beforeAll(async () => (rig = await FaultRig.start()), 300_000)
  afterAll(() => rig.stop(), 300_000)

  it(
    `loses nothing acknowledged, doubles nothing, keeps the audit whole (seed ${seed})`,
    { timeout: 600_000 },
    async () => {
      for (const round of planKillRounds(seed, ROUNDS)) {
        const result = await runKillRound(rig, round)
        expect({ seed, ...result }).toMatchObject({ faults: [] })
        expect(result.hit).toContain(round.aim)
      }
      expect({ seed, faults: await rig.finish() }).toEqual({ seed, faults: [] })
      for (const [name, count] of Object.entries(rig.countAcknowledged()))
        expect([name, count > 0]).toEqual([name, true])
    },
  )
})
