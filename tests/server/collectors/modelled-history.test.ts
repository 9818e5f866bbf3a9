import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApiClient, type ApiClient } from '../../../collectors/src/core/api-client.ts'
import { sendHistory, type SendParts } from '../../../collectors/src/demo-region/history/send-history.ts'
import { insertSchoolSites, makeCheck } from '../../factories/school-sites.ts'
import { makeTruth } from '../../factories/site-truth.ts'
import { issueHistoryToken, issueReadingToken } from '../../factories/people.ts'
import { makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const SITES = 20
const DAYS = 5
const VANTAGES = ['saratov', 'moscow']
let test: TestApp
let folder: string
let api: ApiClient
let senders: Map<string, ApiClient>
let readingToken: string
let historyTokens: Map<string, string>
beforeAll(async () => {
  test = await createTestApp({ allow_modelled: true })
  await insertSchoolSites(test.database.db, SITES)
  await test.app.listen({ host: '127.0.0.1', port: 0 })
  readingToken = await issueReadingToken(test.database.db)
  historyTokens = new Map(
    await Promise.all(
      VANTAGES.map(async (vantage) => [vantage, await issueHistoryToken(test.database.db, vantage)] as const),
    ),
  )
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-history-'))
  api = createApiClient(addressOf(test), readingToken)
  senders = new Map([...historyTokens].map(([vantage, token]) => [vantage, createApiClient(addressOf(test), token)]))
})
afterEach(async () => {
  await Promise.all([api, ...senders.values()].map((client) => client.close()))
  rmSync(folder, { recursive: true })
})
afterAll(() => test.close())

function addressOf({ app }: TestApp): URL {
  return new URL(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
}

function parts(own: Partial<SendParts> = {}): SendParts {
  return {
    api,
    apiOf: (vantage) => senders.get(vantage) ?? api,
    config: {
      data: folder,
      api_url: addressOf(test),
      token: null,
      history_tokens: new Map(),
      speed_token: null,
      seed: 1,
      vantages: VANTAGES,
      days: DAYS,
    },
    sites: Array.from({ length: SITES }, (_, index) =>
      makeTruth(index + 1, index < 2 ? { fault: 'refused', cause: 'connect_refused' } : {}),
    ),
    calendar: { years: [] },
    now_ms: Date.now(),
    ...own,
  }
}

async function countFacts() {
  const { db } = test.database
  const tables = ['site_check', 'site_verdict', 'site_hour', 'receipt', 'change_set'] as const
  const counts = await Promise.all(
    tables.map((table) =>
      db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow(),
    ),
  )
  return counts.map(({ n }) => n)
}

describe('the modelled past', () => {
  it('is labelled, changes no newest state, opens no incident, and is made once', async () => {
    const { db } = test.database
    const collector = new TestCollector(test.app)
    await makeAllDue(db)
    const leases = await collector.lease()
    await collector.submit(leases.map((lease) => makeCheck(lease)))
    const states = async () => {
      const rows = await db.selectFrom('site_state').selectAll().orderBy('target_id').execute()
      // What figures count may come from modelled history; what a site is like now never does.
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => !/^(newest_|seen_|change_set_no)/.test(name))),
      )
    }
    const before = await states()
    expect(before.filter((state) => state['verdict'] === 'works')).toHaveLength(SITES)

    const accepted = await sendHistory(parts())
    expect(accepted).toBeGreaterThan(SITES * DAYS * 4)
    const labels = await db
      .selectFrom('site_check')
      .select((eb) => ['provenance', eb.fn.countAll<number>().as('n')])
      .groupBy('provenance')
      .orderBy('provenance')
      .execute()
    expect(labels).toEqual([
      { provenance: 'measured', n: SITES },
      { provenance: 'modelled', n: accepted },
    ])
    expect(await states()).toEqual(before)
    expect(await db.selectFrom('incident').select('incident_id').execute()).toEqual([])
    const failed = await db
      .selectFrom('site_verdict')
      .select('target_id')
      .distinct()
      .where('verdict', '=', 'does_not_work')
      .where('provenance', '=', 'modelled')
      .execute()
    expect(failed.length).toBeGreaterThanOrEqual(2)

    const facts = await countFacts()
    expect(await sendHistory(parts({ now_ms: Date.now() + 60_000 }))).toBe(0)
    expect(await countFacts()).toEqual(facts)
  })

  it('sent again from the beginning after a cut is taken as known already', async () => {
    const now_ms = Date.now()
    await sendHistory(parts({ now_ms }))
    const [checks, verdicts, hours] = await countFacts()
    rmSync(join(folder, 'history.json'))
    expect(await sendHistory(parts({ now_ms }))).toBe(0)
    expect((await countFacts()).slice(0, 3)).toEqual([checks, verdicts, hours])
  })

  it('is refused by a server that is no demonstration', async () => {
    const plain = await createTestApp()
    await insertSchoolSites(plain.database.db, 1)
    await plain.app.listen({ host: '127.0.0.1', port: 0 })
    const client = createApiClient(addressOf(plain), await issueReadingToken(plain.database.db))
    const sender = createApiClient(addressOf(plain), await issueHistoryToken(plain.database.db, 'saratov'))
    try {
      await expect(sendHistory(parts({ api: client, apiOf: () => sender }))).rejects.toThrow('EDU_FORBIDDEN')
      expect(await plain.database.db.selectFrom('site_check').select('check_id').execute()).toEqual([])
    } finally {
      await Promise.all([client.close(), sender.close()])
      await plain.close()
    }
  })
})

describe('a probe without an own link in the modelled past', () => {
  it('stays a fact without a verdict', async () => {
    const collector = new TestCollector(test.app)
    await makeAllDue(test.database.db)
    const [lease] = await collector.lease(1)
    if (lease === undefined) throw new Error('no lease')
    const started_at = new Date(Date.now() - 1000).toISOString()
    const silent = makeCheck(lease, 'own_link_down', { started_at, own_link: 'down' })
    expect((await collector.submit([silent], 'modelled')).accepted).toBe(1)
    const given = await test.database.db
      .selectFrom('site_verdict')
      .select('verdict')
      .where('decided_at', '=', new Date(started_at))
      .execute()
    expect(given).toEqual([])
  })
})
