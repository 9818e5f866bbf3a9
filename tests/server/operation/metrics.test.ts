import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { parseExposition, type Sample } from './exposition.ts'

const headers = { host: 'localhost' }
let test: TestApp
beforeAll(async () => (test = await createTestApp()))
afterAll(() => test.close())

async function scrape(): Promise<Sample[]> {
  const answer = await test.app.inject({ url: '/metrics', headers })
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  return parseExposition(answer.body)
}

function valueOf(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number | undefined {
  const isAsked = (sample: Sample): boolean =>
    sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value)
  return samples.find(isAsked)?.value
}

describe('GET /metrics', () => {
  it('counts requests by route', async () => {
    await test.app.inject({ url: '/api/v1/health', headers })
    const route = { route: '/api/v1/health', status: '200' }
    expect(valueOf(await scrape(), 'edumon_http_request_duration_seconds_count', route)).toBeGreaterThanOrEqual(1)
  })

  it('tells how much of a request was the database, also of one that brings a body', async () => {
    const payload = {
      collector: { name: 'test', version: '1', vantage: 'local' },
      witness: null,
      health: null,
      measurements: [],
    }
    const asked = [
      { method: 'GET', url: '/api/v1/territories' },
      { method: 'POST', url: '/api/v1/measurements', payload },
    ] as const
    for (const request of asked) await test.app.inject({ ...request, headers })
    const samples = await scrape()
    for (const { method, url: route } of asked) {
      const total = valueOf(samples, 'edumon_http_request_duration_seconds_sum', { method, route }) ?? 0
      const database = valueOf(samples, 'edumon_http_request_database_seconds_total', { method, route }) ?? 0
      expect(database).toBeGreaterThan(0)
      expect(database).toBeLessThan(total)
      expect(valueOf(samples, 'edumon_http_request_pool_wait_seconds_total', { method, route })).toBeGreaterThan(0)
    }
  })

  it('counts what became of the rows that collectors handed in', async () => {
    expect(valueOf(await scrape(), 'edumon_ingest_rows_total', { outcome: 'rejected' })).toBe(0)
    const payload = {
      collector: { name: 'test', version: '1', vantage: 'local' },
      witness: null,
      health: null,
      measurements: [{}, 1, null],
    }
    await test.app.inject({ method: 'POST', url: '/api/v1/measurements', headers, payload })
    expect(valueOf(await scrape(), 'edumon_ingest_rows_total', { outcome: 'rejected' })).toBe(3)
  })

  it('tells how long a collector has been silent, and how long the oldest due work waits', async () => {
    await test.database.db
      .insertInto('due_work')
      .values([
        { kind: 'site_check', work_key: 'a', due_at: sql<Date>`now() - interval '90 seconds'` },
        { kind: 'site_audit', work_key: 'b', due_at: sql<Date>`now() + interval '1 day'` },
      ])
      .execute()
    const samples = await scrape()
    expect(valueOf(samples, 'edumon_due_work_oldest_seconds', { kind: 'site_check' })).toBeGreaterThanOrEqual(90)
    expect(valueOf(samples, 'edumon_due_work_oldest_seconds', { kind: 'site_check' })).toBeLessThan(150)
    expect(valueOf(samples, 'edumon_due_work_oldest_seconds', { kind: 'site_audit' })).toBe(0)
    expect(valueOf(samples, 'edumon_due_work', { kind: 'site_check' })).toBe(1)
    const collector = { collector: 'test', vantage: 'local' }
    expect(valueOf(samples, 'edumon_collector_silent_seconds', collector)).toBeGreaterThanOrEqual(0)
    expect(valueOf(samples, 'edumon_collector_silent_seconds', collector)).toBeLessThan(60)
  })

  it('shows the pool and the event loop', async () => {
    const samples = await scrape()
    for (const state of ['total', 'idle', 'waiting']) {
      expect(valueOf(samples, 'edumon_database_pool_connections', { state })).toBeGreaterThanOrEqual(0)
    }
    expect(valueOf(samples, 'edumon_database_pool_connections', { state: 'total' })).toBeGreaterThan(0)
    expect(valueOf(samples, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
    expect(valueOf(samples, 'edumon_database_up')).toBe(1)
  })
})

describe('parseExposition', () => {
  const head = '# HELP a Help\n# TYPE a gauge\n'
  it.each([
    ['a sample without a type', 'a 1\n'],
    ['a sample of another metric', `${head}b 1\n`],
    ['a sample twice', `${head}a{x="1"} 1\na{x="1"} 2\n`],
    ['a label that is not quoted', `${head}a{x=1} 1\n`],
    ['a value that is none', `${head}a one\n`],
    ['a last line without an end', `${head}a 1`],
  ])('refuses %s', (_name, text) => {
    expect(() => parseExposition(text)).toThrow(SyntaxError)
  })
})
