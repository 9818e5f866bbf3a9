import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Lease } from '../../../server/src/contract/index.ts'
import { readBlob } from '../../../server/src/db/blobs.ts'
import { insertSchoolSites, makeAudit, makeCheck } from '../../factories/school-sites.ts'
import { makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const DAY_MS = 86_400_000
let test: TestApp
let collector: TestCollector
beforeAll(async () => {
  test = await createTestApp({ allow_modelled: true })
  await insertSchoolSites(test.database.db, 40)
  collector = new TestCollector(test.app)
})
afterAll(() => test.close())

let leases: Lease[]
beforeEach(async () => {
  await test.database.db.updateTable('due_work').set({ lease_id: null, leased_until: null }).execute()
  await makeAllDue(test.database.db)
  leases = await collector.lease()
})

function lease(index: number): Lease {
  const found = leases[index]
  if (found === undefined) throw new Error(`no lease ${index}`)
  return found
}

async function countChecks(): Promise<number> {
  const row = await test.database.db
    .selectFrom('site_check')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return row.n
}

describe('a batch of measurements', () => {
  it('takes 999 rows and names the one that is bad', async () => {
    const rows: unknown[] = Array.from({ length: 1000 }, (_, index) => makeCheck(lease(index % leases.length)))
    rows[417] = { ...makeCheck(lease(0)), http_status: '200' }
    const before = await countChecks()
    const answer = await collector.submit(rows)
    expect(answer.accepted).toBe(999)
    expect(answer.duplicate).toBe(0)
    expect(answer.rejected).toHaveLength(1)
    expect(answer.rejected[0]).toMatchObject({ index: 417, code: 'EDU_ROW_INVALID' })
    expect(answer.rejected[0]?.message).toContain('/http_status')
    expect(await countChecks()).toBe(before + 999)
  })

  it.each([
    ['a text instead of an object', 'hello', '/'],
    ['an unknown kind', { kind: 'speed_test' }, '/kind'],
    ['an unknown field', { extra: 1 }, '/extra'],
    ['a cause that does not fit', { verdict: 'works', cause: 'dns_failed' }, '/cause'],
    ['a NUL character', { title: 'a\0b' }, '/title'],
    ['half a character', { title: '\ud800' }, '/title'],
    ['a number that no database holds', { org_unit_id: 1e300 }, '/org_unit_id'],
    ['a time of no calendar', { started_at: '2026-13-45T00:00:00Z' }, '/started_at'],
  ])('refuses %s and takes the row beside it', async (_name, fault, place) => {
    const row: unknown = typeof fault === 'string' ? fault : { ...makeCheck(lease(0)), ...fault }
    const answer = await collector.submit([row, makeCheck(lease(1))])
    expect(answer.accepted).toBe(1)
    expect(answer.rejected.map(({ index, code }) => ({ index, code }))).toEqual([{ index: 0, code: 'EDU_ROW_INVALID' }])
    expect(answer.rejected[0]?.message).toContain(`${place}: `)
  })

  it('answers a repeated row as a duplicate and other content under its id as reuse', async () => {
    const first = makeCheck(lease(0))
    expect(await collector.submit([first, first])).toEqual({ accepted: 1, duplicate: 1, rejected: [] })
    const reordered = Object.fromEntries(Object.entries(first).reverse())
    const other = { ...first, http_status: 201 }
    const answer = await collector.submit([reordered, other])
    expect(answer).toMatchObject({ accepted: 0, duplicate: 1, rejected: [{ index: 1, code: 'EDU_ID_REUSED' }] })
  })

  it('finds other content under one id within one batch', async () => {
    const first = makeCheck(lease(0))
    const answer = await collector.submit([first, { ...first, http_status: 201 }])
    expect(answer).toMatchObject({ accepted: 1, duplicate: 0, rejected: [{ index: 1, code: 'EDU_ID_REUSED' }] })
  })

  it('refuses times outside the window, unknown targets and unknown leases, each by its code', async () => {
    const old = new Date(Date.now() - (test.config.accept_days + 1) * DAY_MS).toISOString()
    const ahead = new Date(Date.now() + 10 * 60_000).toISOString()
    const answer = await collector.submit([
      makeCheck(lease(0), null, { started_at: old }),
      makeCheck(lease(1), null, { started_at: ahead }),
      makeCheck(lease(2), null, { target_id: randomUUID() }),
      makeCheck(lease(3), null, { lease_id: randomUUID() }),
      makeCheck(lease(4), null, { lease_id: lease(5).lease_id }),
    ])
    expect(answer.accepted).toBe(0)
    expect(answer.rejected.map((row) => row.code)).toEqual([
      'EDU_TIME_OUT_OF_WINDOW',
      'EDU_TIME_OUT_OF_WINDOW',
      'EDU_TARGET_UNKNOWN',
      'EDU_LEASE_UNKNOWN',
      'EDU_LEASE_UNKNOWN',
    ])
  })

  it('takes the same batch once when it comes several times at once', async () => {
    const rows = leases.map((row) => makeCheck(row))
    const before = await countChecks()
    const answers = await Promise.all([rows, [...rows].reverse(), rows, rows].map((batch) => collector.submit(batch)))
    expect(answers.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(rows.length)
    expect(answers.reduce((sum, answer) => sum + answer.duplicate, 0)).toBe(rows.length * 3)
    expect(await countChecks()).toBe(before + rows.length)
  })

  it('is a heartbeat when it is empty', async () => {
    const before = await test.database.db.selectFrom('change_set').select('change_set_no').execute()
    expect(await collector.submit([])).toEqual({ accepted: 0, duplicate: 0, rejected: [] })
    const after = await test.database.db.selectFrom('change_set').select('change_set_no').execute()
    expect(after).toHaveLength(before.length)
  })

  it('keeps the audit with its subsections and the trimmed copy of a page, not one dated on no day', async () => {
    const [work] = await collector.lease(1, ['site_audit'])
    if (work === undefined) throw new Error('no audit due')
    const copy = gzipSync('<h1>Сведения</h1>')
    const page = {
      url: 'https://school.example/sveden/common',
      fetched_at: new Date().toISOString(),
      http_status: 200,
      headers: [['content-type', 'text/html']] as [string, string][],
      body_sha256: null,
      body_bytes: 17,
      body_gzip_base64: copy.toString('base64'),
      trimmed: false,
    }
    const judgement = {
      subsection: 'common' as const,
      url: page.url,
      found_by: 'sveden' as const,
      presence: 'present' as const,
      markup: 'none' as const,
      freshness: 'undated' as const,
      items_present: 8,
      items_expected: 9,
      items_marked: 0,
      dated_on: null,
      findings: [],
    }
    const noDay = makeAudit(work, { subsections: [{ ...judgement, dated_on: '0000-01-01' }] })
    const { rejected } = await collector.submit([noDay])
    expect(rejected.map(({ message }) => message)).toEqual(['/subsections/0/dated_on: is no day of the calendar'])
    const audit = makeAudit(work, { subsections: [judgement], pages: [page] })
    expect((await collector.submit([audit])).rejected).toEqual([])
    const stored = await test.database.db
      .selectFrom('site_subsection')
      .where('audit_id', '=', audit.id)
      .select(['subsection', 'presence', 'markup', 'items_present', 'source_grade'])
      .execute()
    expect(stored).toEqual([
      { subsection: 'common', presence: 'present', markup: 'none', items_present: 8, source_grade: 'collector' },
    ])
    const evidence = await test.database.db
      .selectFrom('site_evidence')
      .where('measurement_id', '=', audit.id)
      .select('copy_sha256')
      .executeTakeFirstOrThrow()
    const blob = await readBlob(test.database.db, evidence.copy_sha256 ?? '')
    expect(blob?.bytes.equals(copy)).toBe(true)
  })
})

describe('modelled history', () => {
  it('fills verdicts and hours, is labelled, and leaves the newest state alone', async () => {
    const hour = 3_600_000
    const start = Math.floor((Date.now() - 3 * DAY_MS) / hour) * hour
    const rows = [0, 1, 2].map((step) =>
      makeCheck(lease(7), step === 1 ? 'connect_refused' : null, {
        lease_id: randomUUID(),
        started_at: new Date(start + step * hour).toISOString(),
      }),
    )
    expect((await collector.submit(rows, 'modelled')).accepted).toBe(3)
    const { target_id } = rows[0] ?? makeCheck(lease(7))
    const hours = await test.database.db
      .selectFrom('site_hour')
      .where('target_id', '=', target_id)
      .where('provenance', '=', 'modelled')
      .select((eb) => [eb.fn.sum<string>('observed_s').as('observed_s'), eb.fn.sum<string>('up_s').as('up_s')])
      .executeTakeFirstOrThrow()
    expect({ observed_s: Number(hours.observed_s), up_s: Number(hours.up_s) }).toEqual({ observed_s: 7200, up_s: 3600 })
    const modelled = await test.database.db
      .selectFrom('site_check')
      .where('target_id', '=', target_id)
      .where('provenance', '=', 'modelled')
      .select('check_id')
      .execute()
    expect(modelled).toHaveLength(3)
    const state = await test.database.db
      .selectFrom('site_state')
      .where('target_id', '=', target_id)
      .select('last_check_id')
      .executeTakeFirst()
    expect(rows.map((row) => row.id)).not.toContain(state?.last_check_id)
  })

  it('is refused where the settings do not allow it', async () => {
    const strict = await createTestApp()
    const batch = { witness: null, health: null, provenance: 'modelled', measurements: [] }
    const { status, body } = await new TestCollector(strict.app).post('measurements', {
      ...batch,
      collector: collector.identity,
    })
    await strict.close()
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'EDU_FORBIDDEN' })
  })
})
