import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lease, SiteCause } from '../../../server/src/contract/index.ts'
import { openChangeSet } from '../../../server/src/db/change-set.ts'
import { rebuildSiteStates } from '../../../server/src/jobs/rebuild-site-state.ts'
import { insertSchoolSites, makeAudit, makeCheck } from '../../factories/school-sites.ts'
import { expireLeases, makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const VANTAGES = ['north', 'south']
const CAUSES: (SiteCause | null)[] = [
  null,
  null,
  'connect_refused',
  'tls_expired',
  'captcha',
  'script_shell',
  'http_server_error',
]

let test: TestApp
beforeAll(async () => {
  test = await createTestApp({ vantages: VANTAGES })
  await insertSchoolSites(test.database.db, 8, VANTAGES)
})
afterAll(() => test.close())

async function readStates() {
  const rows = await test.database.db.selectFrom('site_state').selectAll().orderBy('target_id').execute()
  return rows.map(({ change_set_no, ...state }) => {
    expect(change_set_no).toBeGreaterThan(0)
    return state
  })
}

/** One thing that collectors may do: probe with some outcomes, late, twice, with a dead link, or after expiry. */
const step = fc.record({
  vantage: fc.constantFrom(...VANTAGES),
  take: fc.integer({ min: 1, max: 8 }),
  outcomes: fc.array(fc.integer({ min: 0, max: CAUSES.length - 1 }), { minLength: 8, maxLength: 8 }),
  linkDown: fc.boolean(),
  twice: fc.boolean(),
  late_s: fc.integer({ min: 0, max: 3600 }),
  expire: fc.boolean(),
  audit: fc.boolean(),
})

describe('the newest state kept at ingest', () => {
  it('equals the one rebuilt from the facts, whatever comes, late and twice', async () => {
    const held: { collector: TestCollector; leases: Lease[] }[] = []
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        for (const { vantage, take, outcomes, linkDown, twice, late_s, expire, audit } of steps) {
          const collector = new TestCollector(test.app, vantage)
          await makeAllDue(test.database.db)
          const leases = await collector.lease(take)
          const started_at = new Date(Date.now() - late_s * 1000).toISOString()
          const checks = (expire ? (held.pop()?.leases ?? []) : leases).map((lease, index) =>
            makeCheck(lease, CAUSES[outcomes[index] ?? 0] ?? null, {
              started_at,
              own_link: linkDown ? 'down' : 'up',
              remote_address: outcomes[index] === 1 ? null : '203.0.113.9',
            }),
          )
          if (expire) {
            held.push({ collector, leases })
            await expireLeases(test.database.db)
          }
          const audits = audit
            ? (await collector.lease(2, ['site_audit'])).map((lease) => makeAudit(lease, { started_at }))
            : []
          await collector.submit([...checks, ...audits])
          if (twice) expect((await collector.submit(checks)).accepted).toBe(0)
        }
        const kept = await readStates()
        await test.database.db.transaction().execute(async (tx) => {
          const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: 'test', summary: 'rebuild' })
          await rebuildSiteStates(tx, change_set_no)
        })
        expect(await readStates()).toEqual(kept)
      }),
      { numRuns: 12, endOnFailure: true },
    )
    const verdicts = await test.database.db.selectFrom('site_verdict').select('verdict').execute()
    expect(verdicts.length).toBeGreaterThan(5)
  })
})
