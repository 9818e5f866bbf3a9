import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FaultRig } from './fault-rig.ts'
import { planKillRounds } from './kill-plan.ts'
import { addRound, beginTotals, listNeverHit, runKillRound, type RunTotals } from './kill-rounds.ts'

/** Many kill rounds with a time limit; the same seed goes on where an interrupted run has stopped. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
})
const rounds = Number(values.rounds)
const seed = Number(values.seed)
const deadline = Date.now() + Number(values.minutes) * 60_000
const progressFile = join(tmpdir(), `edumon-faults-${seed}.json`)
const totals = existsSync(progressFile) ? (JSON.parse(readFileSync(progressFile, 'utf8')) as RunTotals) : beginTotals()
console.log(`seed ${seed}: rounds ${totals.rounds + 1} to ${rounds}; go on with "npm run faults -- --seed ${seed}"`)

const rig = await FaultRig.start()
let last: string[] = []
try {
  for (const round of planKillRounds(seed, rounds).slice(totals.rounds)) {
    if (Date.now() > deadline) break
    const started = performance.now()
    const result = await runKillRound(rig, round)
    addRound(totals, result)
    writeFileSync(progressFile, JSON.stringify(totals))
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const counts = Object.entries(rig.countAcknowledged()).map(([name, count]) => `${count} ${name}`)
    console.log(
      `${totals.rounds}/${rounds} ${round.victim} killed in ${round.aim}, hit ${result.hit.join(', ')}; ` +
        `${counts.join(', ')}; ${result.faults.length} faults; ${seconds} s`,
    )
    if (result.faults.length > 0) console.log(result.faults.join('\n'))
  }
  last = await rig.finish()
  if (last.length > 0) console.log(`at the end:\n${last.join('\n')}`)
} finally {
  await rig.stop()
}
const never_hit = listNeverHit(totals)
if (never_hit.length > 0) console.log(`never hit, so nothing is known of it: ${never_hit.join(', ')}`)
const acknowledged = rig.countAcknowledged()
console.log(JSON.stringify({ faults: 'kill', seed, ...totals, never_hit, faults_at_end: last.length, acknowledged }))
process.exitCode = totals.failed_rounds + last.length + never_hit.length > 0 ? 1 : 0
