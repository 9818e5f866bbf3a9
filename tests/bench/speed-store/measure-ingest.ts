import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { SpeedTest } from '../../../server/src/contract/index.ts'
import type { BenchBuilding } from './fill-speed-tests.ts'

const TESTS_PER_BATCH = 500
const SENDERS = 4
const MINUTE_MS = 60_000

export interface IngestResult {
  tests: number
  seconds: number
}

function makeTest({ org_unit_id }: BenchBuilding, started_at: string): SpeedTest {
  const direction = (kbps: number) => ({ kbps, duration_ms: 10_000, bytes: kbps * 1250 })
  const unknown = { wifi_signal_percent: null, own_received_bytes: 0, own_sent_bytes: 0, through_proxy: false }
  return {
    ...{ id: randomUUID(), org_unit_id, method: 'agent', started_at, ticket_id: randomUUID() },
    ...{ download: direction(61_000), upload: direction(30_000), min_rtt_us: 12_000, cause: null, retest_of: null },
    context: { medium: 'wired', link_kbps: 1_000_000, power: 'mains', address_family: 'ipv4', ...unknown },
    agent_version: '1.0.0',
  }
}

/** Tickets that the tests were made under, and what the measurement server saw. */
async function insertServerSide(client: pg.Client, tests: readonly SpeedTest[]): Promise<void> {
  const values = [
    tests.map(({ ticket_id }) => ticket_id),
    tests.map(({ org_unit_id }) => org_unit_id),
    tests.map(({ started_at }) => started_at),
  ]
  await client.query(
    `INSERT INTO measurement_ticket
     SELECT t.id, t.unit, 'agent', t.at, t.at + interval '10 minutes', '192.0.2.0/24', 'bench'
       FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) AS t (id, unit, at)`,
    values,
  )
  await client.query(
    `INSERT INTO measurement_record
     SELECT t.id, t.at, 'complete', 76250000, 10000, 'complete', 37500000, 10000, '192.0.2.7', t.at
       FROM unnest($1::uuid[], $2::timestamptz[]) AS t (id, at)`,
    [values[0], values[2]],
  )
}

async function send(url: string, token: string, tests: readonly SpeedTest[]): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: randomUUID(), tests, pings: [] }),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { accepted: number }).accepted
}

/**
 * Hands tests in by the API: batches of 500 mixed buildings, four senders at once, every test with its ticket and the
 * server's record. Making the batches is not part of the time.
 */
export async function measureIngest(
  client: pg.Client,
  api: { url: string; token: string },
  { buildings, tests }: { buildings: readonly BenchBuilding[]; tests: number },
): Promise<IngestResult> {
  const batches = Math.ceil(tests / TESTS_PER_BATCH)
  const newest = Date.now() - MINUTE_MS
  let seconds = 0
  let accepted = 0
  for (let done = 0; done < batches; done += SENDERS) {
    const round = Array.from({ length: Math.min(SENDERS, batches - done) }, (_, sender) =>
      Array.from({ length: TESTS_PER_BATCH }, (__, place) => {
        const number = (done + sender) * TESTS_PER_BATCH + place
        const building = buildings[number % buildings.length]
        if (building === undefined) throw new Error('no buildings')
        const turn = Math.floor(number / buildings.length)
        return makeTest(building, new Date(newest - turn * MINUTE_MS).toISOString())
      }),
    )
    for (const batch of round) await insertServerSide(client, batch)
    const started = performance.now()
    const counts = await Promise.all(round.map((batch) => send(api.url, api.token, batch)))
    seconds += (performance.now() - started) / 1000
    accepted += counts.reduce((sum, count) => sum + count, 0)
  }
  return { tests: accepted, seconds }
}
