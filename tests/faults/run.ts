import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FaultRig } from './fault-rig.ts'
import { planKillRounds, runKillRound } from './kill-rounds.ts'

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
/** Where an interrupted run of this seed stands. */
interface Progress {
  rounds: number
  failed_rounds: number
}

const progressFile = join(tmpdir(), `edumon-faults-${values.seed}.json`)
const progress: Progress = existsSync(progressFile)
  ? (JSON.parse(readFileSync(progressFile, 'utf8')) as Progress)
  : { rounds: 0, failed_rounds: 0 }
console.log(
  `seed ${values.seed}: rounds ${progress.rounds + 1} to ${rounds}; go on with "npm run faults -- --seed ${values.seed}"`,
)

const plan = planKillRounds(Number(values.seed), rounds)
const rig = await FaultRig.start()
try {
  for (const round of plan.slice(progress.rounds)) {
    if (Date.now() > deadline) break
    const result = await runKillRound(rig, round)
    const faults = [...result.lost, ...result.doubled, ...result.rejected]
    progress.rounds += 1
    if (faults.length > 0) progress.failed_rounds += 1
    writeFileSync(progressFile, JSON.stringify(progress))
    console.log(
      `${progress.rounds}/${rounds} ${result.victim}: ${result.acknowledged} acknowledged, ${result.stored} stored, ` +
        `${result.lost.length} lost, ${result.doubled.length} doubled, ${result.rejected.length} rejected`,
    )
    if (faults.length > 0) console.log(faults.slice(0, 10).join('\n'))
  }
} finally {
  await rig.stop()
}
console.log(JSON.stringify({ faults: 'kill', seed: Number(values.seed), ...progress }))
process.exitCode = progress.failed_rounds > 0 ? 1 : 0
