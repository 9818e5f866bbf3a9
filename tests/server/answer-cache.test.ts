import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemAuthor } from '../../server/src/db/audit-author.ts'
import { issueSchoolCode } from '../../server/src/speed-tickets/school-code.ts'
import { inChange, insertUnit } from '../factories/registry.ts'
import { createTestApp, type TestApp } from '../setup/test-app.ts'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
  await inChange(test.database.db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
})
afterAll(() => test.close())

async function ask(url: string, etag?: string) {
  const headers = { host: 'localhost:8080', ...(etag === undefined ? {} : { 'if-none-match': etag }) }
  const answer = await test.app.inject({ url, headers })
  return { status: answer.statusCode, etag: answer.headers.etag, body: answer.body }
}

/** Asks twice at one change set, however near the end of the time that an answer is kept the first came. */
async function askTwice(url: string) {
  for (;;) {
    const [first, second] = [await ask(url), await ask(url)]
    if (first.etag === second.etag) return { first, second }
  }
}

const MORE_THAN_CONNECTIONS = 40
/** The time that an answer is kept may end while they ask. */
const MOMENTS = 2

async function countWaiting(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ waiting: number }>(
    `SELECT count(DISTINCT pid)::int AS waiting FROM pg_locks
      WHERE NOT granted AND relation = 'target'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  return rows[0]?.waiting ?? 0
}

const TERRITORIES = '/api/v1/territories?day=2026-01-01'

describe('answers that follow change sets', () => {
  it('are the same string until something is recorded, and then tell it at once', async () => {
    const { first, second } = await askTwice(TERRITORIES)
    expect(first.etag).toMatch(/^"\d+-\d+-[\w-]{16}"$/)
    expect(second).toEqual(first)
    await inChange(test.database.db, (change) => insertUnit(change, { kind: 'region', name: 'Новая область' }))
    const after = await ask(TERRITORIES)
    expect(after.etag).not.toBe(first.etag)
    expect(after.body).toContain('Новая область')
  })

  it('are not sent again to who has them', async () => {
    const { first } = await askTwice(TERRITORIES)
    let [known, again] = [first, await ask(TERRITORIES, first.etag)]
    while (again.etag !== known.etag) [known, again] = [again, await ask(TERRITORIES, again.etag)]
    expect([again.status, again.body]).toEqual([304, ''])
    expect((await ask(TERRITORIES, '"0-0"')).status).toBe(200)
  })

  it('of a past moment outlast what is recorded later', async () => {
    const known_at = new Date().toISOString()
    const follows = async (url: string) => `${(await ask(url)).etag}`.split('-')[0]
    const [past, present] = [`/api/v1/org-units?known_at=${known_at}`, '/api/v1/org-units']
    const before = { past: await follows(past), present: await follows(present) }
    await inChange(test.database.db, (change) => insertUnit(change, { kind: 'region', name: 'Поздняя область' }))
    expect(await follows(past)).toBe(before.past)
    expect(await follows(present)).not.toBe(before.present)
    expect((await ask('/api/v1/org-units?known_at=2999-01-01T00:00:00Z')).status).toBe(400)
  })

  it('are kept by address: another question gets its own', async () => {
    const { first } = await askTwice(TERRITORIES)
    expect((await ask('/api/v1/territories?day=1900-01-01')).body).not.toBe(first.body)
  })

  it('are never those of refused questions', async () => {
    const { first, second } = {
      first: await ask('/api/v1/org-units/999999'),
      second: await ask('/api/v1/org-units/999999'),
    }
    expect([first.status, second.status]).toEqual([404, 404])
    expect(first.etag).toBeUndefined()
  })

  it('are made once for all who ask at the same time, and leave the others room', async () => {
    const owner = new pg.Client({ connectionString: test.database.owner_url })
    await owner.connect()
    await owner.query('BEGIN; LOCK TABLE target')
    const many = Array.from({ length: MORE_THAN_CONNECTIONS }, () => ask('/api/v1/sites/overview'))
    await expect.poll(() => countWaiting(owner)).toBeGreaterThan(0)
    expect((await ask('/api/v1/territories?day=2025-01-01')).status).toBe(200)
    expect(await countWaiting(owner)).toBeLessThanOrEqual(MOMENTS)
    await owner.query('COMMIT')
    await owner.end()
    const answers = await Promise.all(many)
    expect(answers.map(({ status }) => status)).toEqual(many.map(() => 200))
    expect(new Set(answers.map(({ body }) => body)).size).toBeLessThanOrEqual(MOMENTS)
  })
})

describe('lists that may be behind', () => {
  let behind: TestApp
  beforeAll(async () => {
    behind = await createTestApp({ list_age_ms: 600_000 })
    await inChange(behind.database.db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
  })
  afterAll(() => behind.close())

  const follows = async (url: string): Promise<string | undefined> =>
    ((await behind.app.inject({ url, headers: { host: 'localhost:8080' } })).headers.etag as string).split('-')[0]

  it('do not follow what is recorded by others, but at once what a person commands; the card of one follows all', async () => {
    const list = '/api/v1/org-units'
    const region = await behind.database.db.selectFrom('org_unit').select('org_unit_id').executeTakeFirstOrThrow()
    const card = `/api/v1/org-units/${region.org_unit_id}`
    const before = { list: await follows(list), card: await follows(card) }
    await inChange(behind.database.db, (change) => insertUnit(change, { kind: 'region', name: 'Другая область' }))
    expect(await follows(list)).toBe(before.list)
    expect(await follows(card)).not.toBe(before.card)
    const payload = { roles: [] }
    const headers = { host: 'localhost:8080' }
    const command = { method: 'PUT', url: '/api/v1/settings/second-factor-roles', headers, payload } as const
    expect((await behind.app.inject(command)).statusCode).toBeLessThan(300)
    expect(await follows(list)).not.toBe(before.list)
  })

  it('do not follow what is handed in without an account, or anybody could have all lists made anew all the time', async () => {
    const { db } = behind.database
    const region = await db.selectFrom('org_unit').select('org_unit_id').executeTakeFirstOrThrow()
    const { code } = await issueSchoolCode(db, region.org_unit_id, systemAuthor('test'))
    const before = await follows('/api/v1/org-units')
    await inChange(db, (change) => insertUnit(change, { kind: 'region', name: 'Третья область' }))
    const headers = { host: 'localhost:8080' }
    const url = '/api/v1/speed-tickets/browser/places'
    expect((await behind.app.inject({ method: 'POST', url, headers, payload: { code } })).statusCode).toBe(200)
    expect(await follows('/api/v1/org-units')).toBe(before)
  })
})
