import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FaultRig } from './fault-rig.ts'
import { runKillRound, seededRandom } from './kill-rounds.ts'

/** Many kill rounds with a time limit; the same seed goes on where an interrupted run has stopped. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
})
const rounds = Number(values.rounds)
const deadline = Date.now() + Number(values.minutes) * 60_000
const progressFile = join(tmpdir(), `edumon-faults-${values.seed}.json`)
const done = existsSync(progressFile) ? Number(readFileSync(progressFile, 'utf8')) : 0
console.log(
  `seed ${values.seed}: rounds ${done + 1} to ${rounds}; go on with "npm run faults -- --seed ${values.seed}"`,
)

const random = seededRandom(Number(values.seed) + done)
const rig = await FaultRig.start()
let failures = 0
let round = done
try {
  while (round < rounds && Date.now() < deadline) {
    round += 1
    const result = await runKillRound(rig, random)
    const faults = [...result.lost, ...result.doubled, ...result.rejected]
    if (faults.length > 0) failures += 1
    writeFileSync(progressFile, `${round}`)
    console.log(
      `${round}/${rounds} ${result.victim}: ${result.acknowledged} acknowledged, ${result.stored} stored, ` +
        `${result.lost.length} lost, ${result.doubled.length} doubled, ${result.rejected.length} rejected`,
    )
    if (faults.length > 0) console.log(faults.slice(0, 10).join('\n'))
  }
} finally {
  await rig.stop()
}
console.log(JSON.stringify({ faults: 'kill', seed: Number(values.seed), rounds: round, failed_rounds: failures }))
process.exitCode = failures > 0 ? 1 : 0
