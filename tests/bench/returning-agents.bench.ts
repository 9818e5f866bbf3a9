import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { SEND_PAUSES } from '../../collectors/src/school-agent/agent.ts'
import type { AgentPlan } from '../../server/src/contract/index.ts'
import { signInToDemo } from '../factories/demo-session.ts'
import { headersOf } from '../factories/people.ts'
import { makePing, makeTest } from '../factories/speed-scene.ts'
import { startDemoProcess } from '../setup/demo-process.ts'
import type { RouteTimes } from './load/generator.ts'
import { generate, percentile, signInAll, type Person } from './load/people.ts'
import type { BenchOptions } from './options.ts'
import { printReport, type Metric } from './report.ts'
import type { ReturnOutcome, ReturnPlan, WaitingAgent } from './returning-agents/agents.ts'
import { regionDay } from '../setup/region-day.ts'

const ROOT = join(import.meta.dirname, '../..')
const FULL = { agents: 1000, sessions: 100, seconds: 60 }
const QUICK = { agents: 100, sessions: 20, seconds: 20 }
/** A day of one building. */
const TESTS_A_DAY = 6
const HOURS_A_DAY = 24
const HOUR_MS = 3_600_000
const P95_LIMIT_MS = 300
const FILL_TIMEOUT_MS = 600_000
const GIVE_UP_AFTER_MS = 300_000
/** People read for so long before the programs come back. */
const HEAD_START_MS = 10_000
const ORGANISATIONS_PER_READ = 20

interface Admin {
  url: string
  session: string
}

async function call<Answer>({ url, session }: Admin, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headersOf(session), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}

/** Yesterday's tests and looks of every building of one school. */
function fillQueue(token: string, { buildings }: AgentPlan, now: number): WaitingAgent {
  const lastHour = Math.floor(now / HOUR_MS) * HOUR_MS - HOUR_MS
  const at = (hours_ago: number): string => new Date(lastHour - hours_ago * HOUR_MS).toISOString()
  const places = buildings.map(({ org_unit_id }) => ({ org_unit_id }))
  return {
    token,
    batch: {
      agent_id: randomUUID(),
      tests: places.flatMap((place) => Array.from({ length: TESTS_A_DAY }, (_, hour) => makeTest(place, at(hour)))),
      pings: places.flatMap((place) => Array.from({ length: HOURS_A_DAY }, (_, hour) => makePing(place, at(hour)))),
    },
  }
}

async function readPlan(url: string, token: string): Promise<AgentPlan> {
  const answer = await fetch(`${url}/api/v1/agent/plan`, { headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) throw new Error(`agent/plan answered ${answer.status}`)
  return (await answer.json()) as AgentPlan
}

async function enrol(admin: Admin, org_unit_id: number, valid_from: string): Promise<WaitingAgent> {
  const { token } = await call<{ token: string }>(admin, 'tokens', {
    ...{ kind: 'school', label: `program of ${org_unit_id}`, collector: null, org_unit_id },
    ...{ founder_kinds: null, valid_from, valid_to: null },
  })
  return fillQueue(token, await readPlan(admin.url, token), Date.now())
}

/** Programs of so many schools, each with a token of its own and a day's queue. */
async function enrolAll(admin: Admin, count: number): Promise<WaitingAgent[]> {
  const { rows } = await call<{ rows: { org_unit_id: number; kind: string }[] }>(admin, 'org-units')
  const schools = rows.filter(({ kind }) => kind === 'organisation').slice(0, count)
  const yesterday = regionDay(-1)
  const agents: WaitingAgent[] = []
  for (let start = 0; start < schools.length; start += ORGANISATIONS_PER_READ) {
    const part = schools.slice(start, start + ORGANISATIONS_PER_READ)
    agents.push(...(await Promise.all(part.map(({ org_unit_id }) => enrol(admin, org_unit_id, yesterday)))))
  }
  return agents.filter(({ batch }) => batch.tests.length > 0)
}

async function comeBack(plan: ReturnPlan, folder: string): Promise<ReturnOutcome> {
  const file = join(folder, 'agents.json')
  writeFileSync(file, JSON.stringify(plan))
  const child = spawn(process.execPath, ['tests/bench/returning-agents/agents.ts', file], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout)) as ReturnOutcome
}

function p95Of(routes: readonly RouteTimes[]): number {
  return percentile(
    routes.flatMap(({ times }) => times).toSorted((a, b) => a - b),
    0.95,
  )
}

interface Return {
  rows: number
  before: RouteTimes[]
  meanwhile: RouteTimes[]
  first: ReturnOutcome
  again: ReturnOutcome
}

async function measure(admin: Admin, people: readonly Person[], size: typeof FULL, folder: string): Promise<Return> {
  const agents = await enrolAll(admin, size.agents)
  const rows = agents.reduce((sum, { batch }) => sum + batch.tests.length + batch.pings.length, 0)
  const plan = {
    ...{ url: admin.url, agents, give_up_after_ms: GIVE_UP_AFTER_MS },
    pauses_ms: [...SEND_PAUSES] as [number, number],
  }
  const before = await generate(admin.url, people, size.seconds, folder)
  const reading = generate(admin.url, people, size.seconds, folder)
  await delay(HEAD_START_MS)
  const first = await comeBack(plan, folder)
  const meanwhile = await reading
  return { rows, before, meanwhile, first, again: await comeBack(plan, folder) }
}

function describe({ rows, before, meanwhile, first, again }: Return): Metric[] {
  const [p95, quiet] = [p95Of(meanwhile), p95Of(before)]
  const errors = meanwhile.reduce((sum, route) => sum + route.errors, 0)
  const isWhole = first.accepted === rows && first.rejected === 0 && first.still_waiting === 0
  const isOnce = again.accepted === 0 && again.duplicate === rows
  const batch = percentile(
    first.times_ms.toSorted((a, b) => a - b),
    0.95,
  )
  return [
    { name: 'rows taken', value: first.accepted, unit: '', aim: `${rows}`, ok: isWhole },
    { name: 'of them taken twice when all is sent again', value: again.accepted, unit: '', aim: '0', ok: isOnce },
    { name: 'told to come again', value: first.put_off, unit: '' },
    { name: 'all queues taken after', value: first.absorbed_ms / 1000, unit: 's' },
    { name: 'batch, p95', value: batch, unit: 'ms' },
    {
      ...{ name: "people's reads meanwhile, p95", value: p95, unit: 'ms', peer: 'before', peer_value: quiet },
      ...{ aim: `under ${P95_LIMIT_MS}`, ok: p95 < P95_LIMIT_MS },
    },
    { name: "people's reads that failed", value: errors, unit: '', aim: '0', ok: errors === 0 },
  ]
}

/** The programs of many schools come back at one moment with a day's queue, while people read pages. */
export async function runBench({ quick }: BenchOptions): Promise<void> {
  const size = quick ? QUICK : FULL
  // All come from one address here, which they do not in a region.
  const rates = [`sign_in=${size.sessions * 2}`, `collect=${size.agents * 100}`, `write=${size.agents * 2}`]
  const settings = { EDUMON_RATE_LIMITS: rates.join(','), EDUMON_RATE_PER_ADDRESS: '1000000' }
  const demo = await startDemoProcess({
    schools: size.agents,
    fill_timeout_ms: FILL_TIMEOUT_MS,
    history: true,
    settings,
  })
  const folder = mkdtempSync(join(tmpdir(), 'edumon-return-'))
  try {
    const admin = { url: demo.url, session: await signInToDemo(demo.url, 'admin') }
    const people = await signInAll(demo.url, size.sessions)
    const found = await measure(admin, people, size, folder)
    printReport('returning-agents', describe(found), [
      `${found.first.times_ms.length} programs with ${found.rows} rows at one moment; ${size.sessions} people read for ${size.seconds} s, the demo's own collectors go on; each generator in its own process`,
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await demo.stop()
  }
}
