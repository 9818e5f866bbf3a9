import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectorHeaders } from '../../factories/people.ts'
import { insertSchoolSites, makeCheck } from '../../factories/school-sites.ts'
import { expireLeases, makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp({ vantages: ['north', 'south'] })
  await insertSchoolSites(test.database.db, 60, ['north', 'south'])
})
afterAll(() => test.close())

describe('leases', () => {
  it('gives every work to one collector only, and only that of its vantage', async () => {
    await makeAllDue(test.database.db)
    const north = Array.from({ length: 4 }, (_, index) => new TestCollector(test.app, 'north', `n${index}`))
    const taken = (await Promise.all(north.map((collector) => collector.lease(25)))).flat()
    const more = (await Promise.all(north.map((collector) => collector.lease(25)))).flat()
    const targets = [...taken, ...more].map((lease) => lease.target_id)
    expect(targets).toHaveLength(60)
    expect(new Set(targets).size).toBe(60)
    expect(await new TestCollector(test.app, 'south').lease(1000)).toHaveLength(60)
    expect(await new TestCollector(test.app, 'east').lease(1000)).toEqual([])
  })

  it('gives work again when the lease has run out, keeps the late result and counts the attempt once', async () => {
    const { db } = test.database
    await expireLeases(db)
    await makeAllDue(db)
    const slow = new TestCollector(test.app, 'north', 'slow')
    const [first] = await slow.lease(1)
    await expireLeases(db)
    await makeAllDue(db)
    const quick = new TestCollector(test.app, 'north', 'quick')
    const second = (await quick.lease(1000)).find((lease) => lease.target_id === first?.target_id)
    if (first === undefined || second === undefined) throw new Error('no leases')
    expect(second.lease_id).not.toBe(first.lease_id)
    expect(second.attempt).toBe(first.attempt)
    expect((await quick.submit([makeCheck(second, 'connect_timeout')])).accepted).toBe(1)
    expect((await slow.submit([makeCheck(first, 'connect_timeout')])).accepted).toBe(1)
    const facts = await db
      .selectFrom('site_check')
      .where('target_id', '=', first.target_id)
      .select(['round_no', 'attempt'])
      .execute()
    expect(facts).toEqual([
      { round_no: 1, attempt: 1 },
      { round_no: 1, attempt: 1 },
    ])
    const work = await db
      .selectFrom('due_work')
      .where('target_id', '=', first.target_id)
      .where('vantage', '=', 'north')
      .select(['round_no', 'attempt', 'lease_id'])
      .executeTakeFirstOrThrow()
    expect(work).toEqual({ round_no: 1, attempt: 2, lease_id: null })
  })

  it('asks for a full handshake until one was seen, then once a day', async () => {
    const { db } = test.database
    await expireLeases(db)
    await makeAllDue(db)
    const south = new TestCollector(test.app, 'south')
    const [lease] = await south.lease(1)
    if (lease === undefined) throw new Error('no lease')
    expect(lease.full_handshake).toBe(true)
    const certificate = {
      issuer: 'CN=CA',
      subject: 'CN=school',
      not_before: '2026-01-01T00:00:00Z',
      not_after: '2027-06-01T00:00:00Z',
      name_matches: true,
      chain_trusted: true,
      trust_store: 'system' as const,
      chain_fault: null,
      fingerprint_sha256: 'a'.repeat(64),
    }
    await south.submit([makeCheck(lease, null, { certificate, tls_resumed: false })])
    await makeAllDue(db)
    const again = (await south.lease(1000)).find((work) => work.target_id === lease.target_id)
    expect(again?.full_handshake).toBe(false)
    const state = await db
      .selectFrom('site_state')
      .where('target_id', '=', lease.target_id)
      .select('certificate_valid')
      .executeTakeFirstOrThrow()
    expect(state.certificate_valid).toBe(true)
  })

  it('sends nobody to an address that is retired', async () => {
    const { db } = test.database
    const target = await db
      .selectFrom('target')
      .select(['org_unit_id', 'target_id', 'change_set_no', 'source_kind', 'source_id'])
      .orderBy('org_unit_id', 'desc')
      .executeTakeFirstOrThrow()
    const retirement = { ...target, retired_on: '2026-01-01', reason: 'Адрес сменился' }
    await db.insertInto('target_retirement').values(retirement).execute()
    await expireLeases(db)
    await makeAllDue(db)
    const leases = await new TestCollector(test.app, 'north').lease(1000)
    expect(leases).toHaveLength(59)
    expect(leases.map((lease) => lease.target_id)).not.toContain(target.target_id)
  })

  it('lets a person have a site checked now, once a minute', async () => {
    const target = await test.database.db
      .selectFrom('target')
      .select(['org_unit_id', 'target_id'])
      .executeTakeFirstOrThrow()
    const collector = new TestCollector(test.app)
    const path = `targets/${target.org_unit_id}/${target.target_id}/recheck`
    expect(await collector.post(path, {})).toEqual({ status: 200, body: { queued: 3 } })
    expect((await collector.post(path, {})).status).toBe(429)
    const unknown = `targets/${target.org_unit_id}/00000000-0000-4000-8000-000000000000/recheck`
    expect((await collector.post(unknown, {})).status).toBe(404)
  })

  it('gives a token only the work that it is for', async () => {
    const identity = { name: 'prober', version: '1', vantage: 'north' }
    const headers = await collectorHeaders(test.database.db, { ...identity, work_kinds: ['site_check', 'site_audit'] })
    const ask = (kinds: string[]) =>
      test.app.inject({
        ...{ method: 'POST', url: '/api/v1/leases', headers },
        payload: { collector: identity, kinds, max: 1 },
      })
    expect((await ask(['site_check', 'site_audit'])).statusCode).toBe(200)
    const refused = await ask(['site_check', 'sheet_parse'])
    expect(refused.statusCode).toBe(403)
    expect(refused.json()).toMatchObject({ code: 'EDU_FORBIDDEN', details: { field: 'kinds', found: ['sheet_parse'] } })
  })

  it('takes a result from the collector alone that was given the work', async () => {
    await expireLeases(test.database.db)
    await makeAllDue(test.database.db)
    const [lease] = await new TestCollector(test.app, 'north', 'own').lease(1)
    if (lease === undefined) throw new Error('no lease')
    const check = makeCheck(lease)
    expect(await new TestCollector(test.app, 'north', 'foreign').submit([check])).toMatchObject({
      accepted: 0,
      rejected: [{ code: 'EDU_LEASE_UNKNOWN' }],
    })
    expect(await new TestCollector(test.app, 'north', 'own').submit([check])).toMatchObject({ accepted: 1 })
  })

  it('shows what was expected of each collector and what came', async () => {
    const answer = await test.app.inject({ url: '/api/v1/collectors', headers: { host: 'localhost' } })
    expect(answer.statusCode).toBe(200)
    const body = answer.json<{ rows: { name: string; received: number; kinds: string[] }[]; queues: unknown[] }>()
    expect(body.rows.find((row) => row.name === 'slow')).toMatchObject({ received: 1, kinds: ['site_check'] })
    expect(body.queues).toHaveLength(3)
  })
})
