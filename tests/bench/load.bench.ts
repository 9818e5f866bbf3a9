import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemoProcess, type DemoProcess } from '../setup/demo-process.ts'
import type { RouteTimes } from './load/generator.ts'
import { generate, percentile, signInAll, THINK_S } from './load/people.ts'
import { readTimeSplit, type TimeSplit } from './load/time-split.ts'
import type { BenchOptions } from './options.ts'
import { printReport, type Metric } from './report.ts'

const FULL = { schools: 1000, sessions: 300, seconds: 180 }
const QUICK = { schools: 150, sessions: 60, seconds: 30 }
const P95_LIMIT_MS = 200
const FILL_TIMEOUT_MS = 600_000

function routeMetrics({ route, times }: RouteTimes): Metric[] {
  const sorted = times.toSorted((a, b) => a - b)
  const p95 = percentile(sorted, 0.95)
  return [
    {
      name: `${route}, p95 of ${sorted.length}`,
      value: p95,
      unit: 'ms',
      aim: `under ${P95_LIMIT_MS}`,
      ok: p95 < P95_LIMIT_MS,
    },
    { name: `${route}, p99`, value: percentile(sorted, 0.99), unit: 'ms' },
  ]
}

function splitMetrics({ database_ms, queue_ms, node_ms }: TimeSplit): Metric[] {
  return [
    { name: 'mean read: in the database', value: database_ms, unit: 'ms' },
    { name: 'mean read: waiting for a connection', value: queue_ms, unit: 'ms' },
    { name: 'mean read: in Node', value: node_ms, unit: 'ms' },
  ]
}

async function measure(demo: DemoProcess, size: typeof FULL): Promise<Metric[]> {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-load-'))
  try {
    const people = await signInAll(demo.url, size.sessions)
    const before = await readTimeSplit(demo.url)
    const routes = await generate(demo.url, people, size.seconds, folder)
    const split = (await readTimeSplit(demo.url)).since(before)
    const all = { route: 'all reads', times: routes.flatMap(({ times }) => times), errors: 0 }
    const errors = routes.reduce((sum, route) => sum + route.errors, 0)
    return [
      { name: 'errors', value: errors, unit: '', aim: '0', ok: errors === 0 },
      ...[all, ...routes.toSorted((a, b) => b.times.length - a.times.length)].flatMap(routeMetrics),
      ...splitMetrics(split),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Many signed-in people on the demo region, while its collectors go on probing all sites each minute. */
export async function runBench({ quick }: BenchOptions): Promise<void> {
  const size = quick ? QUICK : FULL
  const demo = await startDemoProcess({
    schools: size.schools,
    fill_timeout_ms: FILL_TIMEOUT_MS,
    history: true,
    // All the people sign in within a minute, from one address.
    settings: { EDUMON_RATE_LIMITS: `sign_in=${size.sessions * 2}` },
  })
  try {
    const metrics = await measure(demo, size)
    printReport('load', metrics, [
      `${size.sessions} sessions with ${THINK_S} s between two pages for ${size.seconds} s over ${size.schools} schools; generator in its own process`,
    ])
  } finally {
    await demo.stop()
  }
}
