import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  SPEED_TESTS_PER_BATCH,
  type SpeedBatchAnswer,
  type SpeedTest,
  type WorkingDayCalendar,
} from '@edumon/server/contract'
import type { ApiClient } from '../../core/api-client.ts'
import type { Line } from '../lines/plan-lines.ts'
import { expectAnswer } from './find-targets.ts'
import { makeUuid } from './model-check.ts'
import { modelSpeedTests, type SpeedModel } from './model-speed.ts'
import { readProgress, writeProgress } from './progress.ts'

const PATH = '/api/v1/speed-tests'
const PLACES = '/api/v1/org-units?kind=organisation&kind=branch&kind=building'
/** Two years, and as long as the demo's API takes tests in. */
const DAYS = 730
const FILE = 'speed-history.json'
/** After each batch the API is left alone for this many times as long as it took. */
const REST_SHARE = 1

export interface SpeedHistoryParts {
  /** For reads. */
  api: ApiClient
  /** For tests of any school. */
  agents: ApiClient
  data: string
  seed: number
  calendar: WorkingDayCalendar
  now_ms: number
}

interface KnownLine {
  org_unit_id: number
  line: Line
}

/** Name and address, by which a row of the registry is known again. */
function placeKeyOf({ address, full_name }: { address: unknown; full_name: unknown }): string {
  return `${String(full_name)}|${String(address)}`
}

async function findLines({ api, data }: SpeedHistoryParts): Promise<KnownLine[]> {
  const lines = JSON.parse(readFileSync(join(data, 'lines.json'), 'utf8')) as Line[]
  const byPlace = new Map(lines.map((line) => [placeKeyOf(line), line]))
  const { rows } = expectAnswer(await api.call('GET', PLACES), PLACES) as { rows: Record<string, unknown>[] }
  return rows
    .flatMap((row): KnownLine[] => {
      const { address, full_name, org_unit_id } = row
      const line = byPlace.get(placeKeyOf({ address, full_name }))
      return line === undefined || typeof org_unit_id !== 'number' ? [] : [{ org_unit_id, line }]
    })
    .sort((a, b) => a.org_unit_id - b.org_unit_id)
}

async function sendTests({ agents, seed }: SpeedHistoryParts, tests: readonly SpeedTest[]): Promise<number> {
  const started = performance.now()
  const batch = { agent_id: makeUuid(`agent/${seed}`), provenance: 'modelled', tests, pings: [] }
  const { accepted, rejected } = expectAnswer(await agents.call('POST', PATH, batch), PATH) as SpeedBatchAnswer
  const [first] = rejected
  if (first !== undefined) throw new Error(`modelled speeds, row ${first.index}: ${first.code} ${first.message}`)
  await delay((performance.now() - started) * REST_SHARE)
  return accepted
}

/**
 * Gives every line of the simulated region two years of modelled tests. What an earlier start has sent is not sent again,
 * and what it was cut off in is answered as duplicates.
 * @returns how many tests the server took in now
 * @throws when the server refuses them, as one does that is no demonstration
 */
export async function sendSpeedHistory(parts: SpeedHistoryParts): Promise<number> {
  const { calendar, data, now_ms, seed } = parts
  const progress = readProgress(data, now_ms, FILE)
  if (progress.is_done) return 0
  writeProgress(data, progress, FILE)
  const model: SpeedModel = { seed, calendar, span: { until_ms: progress.until_ms, days: DAYS } }
  const waiting: SpeedTest[] = []
  let accepted = 0
  let previous_id = progress.sent_to_org_unit_id
  for (const { line, org_unit_id } of await findLines(parts)) {
    if (org_unit_id <= progress.sent_to_org_unit_id) continue
    waiting.push(...modelSpeedTests(org_unit_id, line, model))
    while (waiting.length >= SPEED_TESTS_PER_BATCH) {
      accepted += await sendTests(parts, waiting.splice(0, SPEED_TESTS_PER_BATCH))
      // Less than a batch was waiting before this unit: all of it has gone with the first one.
      writeProgress(data, { ...progress, sent_to_org_unit_id: previous_id }, FILE)
    }
    previous_id = org_unit_id
  }
  if (waiting.length > 0) accepted += await sendTests(parts, waiting)
  writeProgress(data, { ...progress, is_done: true }, FILE)
  return accepted
}
