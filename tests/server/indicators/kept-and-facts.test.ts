import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  AUDIT_OUTCOMES,
  PRESENCE,
  SVEDEN_SUBSECTIONS,
  type Lease,
  type Presence,
  type SiteAudit,
  type SiteCause,
} from '../../../server/src/contract/index.ts'
import { EVERYTHING } from '../../../server/src/db/access-scope.ts'
import { findLatestChangeSetNo } from '../../../server/src/db/change-set.ts'
import type { DB } from '../../../server/src/db/schema.gen.ts'
import { evaluateTogether } from '../../../server/src/indicators/evaluate.ts'
import { findStandpoint, placeIndicator } from '../../../server/src/indicators/evaluation-context.ts'
import { readLineage } from '../../../server/src/indicators/lineage.ts'
import { INDICATORS } from '../../../server/src/indicators/list.ts'
import type { AskedIndicator } from '../../../server/src/indicators/unit-values.ts'
import { inChange, insertStatus, voidSource } from '../../factories/registry.ts'
import { insertSchoolSites, makeAudit, makeCheck, type MadeSite } from '../../factories/school-sites.ts'
import { insertHumanCheck } from '../../factories/site-facts.ts'
import { makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { regionDay } from '../../setup/region-day.ts'

const SITES = 6
const DAY_MS = 86_400_000
const CAUSES: (SiteCause | null)[] = [null, null, 'connect_refused', 'tls_national_root', 'captcha', 'script_shell']

let test: TestApp
let sites: MadeSite[]
beforeAll(async () => {
  test = await createTestApp({ allow_modelled: true })
  sites = await insertSchoolSites(test.database.db, SITES)
})
afterAll(() => test.close())

const place = fc.integer({ min: 0, max: SITES - 1 })
const presences = fc.array(fc.constantFrom(...PRESENCE, null), { minLength: 15, maxLength: 15 })
/** One thing that can happen: probes and audits, fresh, old or of the modelled past, a person's look, a status, an undo. */
const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('probe' as const, 'modelled' as const),
    take: fc.integer({ min: 1, max: SITES }),
    causes: fc.array(fc.nat(CAUSES.length - 1), { minLength: SITES, maxLength: SITES }),
    seen: fc.array(fc.constantFrom('https', 'http', 'nothing'), { minLength: SITES, maxLength: SITES }),
    age_s: fc.integer({ min: 0, max: 6 * 86_400 }),
  }),
  fc.record({
    kind: fc.constant('audit' as const),
    outcome: fc.constantFrom(...AUDIT_OUTCOMES),
    presences,
    age_s: fc.integer({ min: 0, max: 6 * 86_400 }),
  }),
  fc.record({ kind: fc.constant('look' as const), site: place, presences, age_days: fc.integer({ min: 0, max: 120 }) }),
  fc.record({ kind: fc.constant('status' as const), site: place, isUndone: fc.boolean() }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const CERTIFICATE = {
  issuer: 'CN=CA',
  subject: 'CN=school.example',
  not_before: '2020-01-01T00:00:00.000Z',
  not_after: '2035-01-01T00:00:00.000Z',
  name_matches: true,
  chain_trusted: true,
  trust_store: 'system' as const,
  chain_fault: null,
  fingerprint_sha256: 'ab'.repeat(32),
}

function probeOf(lease: Lease, cause: SiteCause | null, seen: string, started_at: string) {
  const check = makeCheck(lease, cause, { started_at, certificate: seen === 'https' ? CERTIFICATE : null })
  if (seen === 'https') return check
  const timings = { ...check.timings, tls_ms: null }
  return { ...check, timings, http_status: seen === 'http' ? 200 : null }
}

function judgementsOf(list: readonly (Presence | null)[]): SiteAudit['subsections'] {
  return list.flatMap((presence, index) => {
    const subsection = SVEDEN_SUBSECTIONS[index]
    if (presence === null || subsection === undefined) return []
    const items = { items_present: 0, items_expected: 0, items_marked: 0, dated_on: null, findings: [] }
    return [{ subsection, url: null, found_by: null, presence, markup: null, freshness: null, ...items }]
  })
}

function siteAt(index: number) {
  const site = sites[index]
  if (site === undefined) throw new Error('No such site was made')
  const unit = { org_unit_id: site.org_unit_id, path: [], municipality_id: site.municipality_id }
  return { unit, target_id: site.target_id }
}

async function take(happening: Step): Promise<void> {
  const { db } = test.database
  const collector = new TestCollector(test.app)
  if (happening.kind === 'look') {
    const presence = Object.fromEntries(
      judgementsOf(happening.presences).map((judgement) => [judgement.subsection, judgement.presence]),
    )
    const day = regionDay(-happening.age_days)
    await inChange(db, (change) => insertHumanCheck(change, siteAt(happening.site), { day, presence }))
    return
  }
  if (happening.kind === 'status') {
    const source = await inChange(db, async (change) => {
      await insertStatus(change, siteAt(happening.site).unit, { status: 'holidays', valid_from: '2026-01-01' })
      return change.source_id
    })
    if (happening.isUndone) await voidSource(db, source)
    return
  }
  const started_at = new Date(Date.now() - happening.age_s * 1000).toISOString()
  await makeAllDue(db)
  if (happening.kind === 'audit') {
    const { outcome } = happening
    const subsections = outcome === 'audited' ? judgementsOf(happening.presences) : []
    const leases = await collector.lease(2, ['site_audit'])
    await collector.submit(leases.map((lease) => makeAudit(lease, { started_at, outcome, subsections })))
    return
  }
  const leases = await collector.lease(happening.take)
  const checks = leases.map((lease, index) =>
    probeOf(lease, CAUSES[happening.causes[index] ?? 0] ?? null, happening.seen[index] ?? 'nothing', started_at),
  )
  await collector.submit(checks, happening.kind === 'modelled' ? 'modelled' : undefined)
}

async function evaluateAll(db: Kysely<DB>, asks: readonly AskedIndicator[]) {
  const [first, ...others] = asks
  if (first === undefined) throw new Error('There are no indicators')
  const lineages = []
  for (const ask of asks) lineages.push(await readLineage(db, ask.indicator, ask.context, { limit: 100, offset: 0 }))
  return { evaluations: await evaluateTogether(db, first, others), lineages }
}

/** The same figures from the facts alone: what is kept is taken away for them in a transaction that is undone. */
async function evaluateWithoutKept(asks: readonly AskedIndicator[]) {
  const undone = new Error('undone')
  let answer: Awaited<ReturnType<typeof evaluateAll>> | null = null
  const run = test.database.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('site_state').execute()
    await tx.deleteFrom('site_section').execute()
    answer = await evaluateAll(tx, asks)
    throw undone
  })
  await expect(run).rejects.toBe(undone)
  return answer
}

describe('figures', () => {
  it('are the same from what is kept and from the facts, now and as known at every moment of a varied history', async () => {
    const { db } = test.database
    let usable = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
        const before = await findLatestChangeSetNo(db)
        for (const happening of steps) await take(happening)
        const standpoint = await findStandpoint(db, { scope: EVERYTHING, time_zone: 'Europe/Saratov' })
        for (let known = before; known <= standpoint.known_at_change_set_no; known += 1) {
          for (const age_days of [0, 2, 33]) {
            const asks = INDICATORS.map((indicator) => {
              const { context } = placeIndicator(indicator, { ...standpoint, known_at_change_set_no: known })
              const as_of = new Date(standpoint.moment.getTime() - age_days * DAY_MS)
              return { indicator, context: { ...context, as_of } }
            })
            expect(await evaluateAll(db, asks)).toEqual(await evaluateWithoutKept(asks))
          }
        }
        const states = await db.selectFrom('site_state').select('newest_verdict').execute()
        usable += states.filter((state) => state.newest_verdict !== null).length
      }),
      { numRuns: 5, endOnFailure: true },
    )
    expect(usable).toBeGreaterThan(SITES)
  }, 120_000)
})
