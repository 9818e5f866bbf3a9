import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultRig } from './fault-rig.ts'
import { planKillRounds, runKillRound } from './kill-rounds.ts'

const ROUNDS = 5
const seed = Number(process.env['EDUMON_FAULT_SEED'] ?? Date.now() % 1_000_000)
let rig: FaultRig
beforeAll(async () => (rig = await FaultRig.start()))
afterAll(() => rig.stop())

describe('killing collector, API or database at any moment', () => {
  it(`loses no acknowledged measurement and doubles none (seed ${seed})`, { timeout: 300_000 }, async () => {
    for (const round of planKillRounds(seed, ROUNDS)) {
      const result = await runKillRound(rig, round)
      expect({ seed, ...round, ...result }).toMatchObject({ lost: [], doubled: [], rejected: [] })
      expect(result.acknowledged).toBeGreaterThan(0)
    }
  })
})
