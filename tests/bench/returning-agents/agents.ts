import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { Backoff } from '../../../collectors/src/school-agent/backoff.ts'
import type { SpeedBatchAnswer } from '../../../server/src/contract/index.ts'

/** A school's program with what has waited in its queue: the body of one batch. */
export interface WaitingAgent {
  token: string
  batch: { agent_id: string; tests: unknown[]; pings: unknown[] }
}

/** What the file holds that the first argument names. */
export interface ReturnPlan {
  url: string
  agents: WaitingAgent[]
  /** What the programs wait after a failure: first and at most, milliseconds. */
  pauses_ms: [number, number]
  give_up_after_ms: number
}

/** How the return went. */
export interface ReturnOutcome {
  accepted: number
  duplicate: number
  rejected: number
  /** Answers that told a program to come again. */
  put_off: number
  /** Programs whose queue was not taken in time. */
  still_waiting: number
  /** From the first request to the last taken batch. */
  absorbed_ms: number
  times_ms: number[]
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ReturnPlan
const connections = new Agent({ connections: 512 })
const started = performance.now()
const outcome: ReturnOutcome = {
  ...{ accepted: 0, duplicate: 0, rejected: 0, put_off: 0, still_waiting: 0, absorbed_ms: 0 },
  times_ms: [],
}

async function send({ token, batch }: WaitingAgent): Promise<SpeedBatchAnswer | { retry_after_s: number | null }> {
  const began = performance.now()
  const answer = await request(`${plan.url}/api/v1/speed-tests`, {
    method: 'POST',
    dispatcher: connections,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(batch),
  })
  if (answer.statusCode === 200) {
    const taken = (await answer.body.json()) as SpeedBatchAnswer
    outcome.times_ms.push(performance.now() - began)
    return taken
  }
  await answer.body.dump()
  const header = answer.headers['retry-after']
  return { retry_after_s: typeof header === 'string' ? Number(header) : null }
}

/** One program: sends until it is answered for, with the pauses of the real one. */
async function comeBack(agent: WaitingAgent): Promise<void> {
  const backoff = new Backoff(...plan.pauses_ms)
  while (performance.now() - started < plan.give_up_after_ms) {
    const answer = await send(agent).catch(() => ({ retry_after_s: null }))
    if ('accepted' in answer) {
      outcome.accepted += answer.accepted
      outcome.duplicate += answer.duplicate
      outcome.rejected += answer.rejected.length
      outcome.absorbed_ms = performance.now() - started
      return
    }
    outcome.put_off += 1
    backoff.fail(performance.now(), answer.retry_after_s)
    await delay(Math.max(0, backoff.until - performance.now()))
  }
  outcome.still_waiting += 1
}

await Promise.all(plan.agents.map(comeBack))
process.stdout.write(JSON.stringify(outcome))
await connections.close()
