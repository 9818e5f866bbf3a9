import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureDemoAccounts } from '../../../server/src/access/demo-accounts.ts'
import { findProgram, listHeldGrants } from '../../../server/src/access/find-subject.ts'
import { issueCollectorToken } from '../../../server/src/access/own-programs.ts'
import { ensureFirstAdministrator, makeAdministratorLink } from '../../../server/src/access/users.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { addDays } from '../../../server/src/domain/region-day.ts'
import { insertPerson, type TestGrant, type TestPerson } from '../../factories/people.ts'
import { inChange, insertUnit, type MadeUnit } from '../../factories/registry.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'
import { regionDay } from '../../setup/region-day.ts'

const TODAY = regionDay()
const YESTERDAY = regionDay(-1)

let test: TestApp
let region: MadeUnit
let volsk: MadeUnit
let engels: MadeUnit
let chief: TestPerson
let local: TestPerson

beforeAll(async () => {
  test = await createTestApp()
  await inChange(test.database.db, async (change) => {
    region = await insertUnit(change, { kind: 'region', name: 'Область' })
    volsk = await insertUnit(change, { kind: 'municipality', name: 'Вольский район', parent: region })
    engels = await insertUnit(change, { kind: 'municipality', name: 'Энгельсский район', parent: region })
  })
  // The factory writes versions; rights go by today's structure.
  for (const unit of [region, volsk, engels]) {
    await test.database.db
      .updateTable('org_unit')
      .set({ path: unit.path, municipality_id: unit.municipality_id })
      .where('org_unit_id', '=', unit.org_unit_id)
      .execute()
  }
  chief = await person({ role: 'administrator', org_unit_id: region.org_unit_id, founder_kinds: null })
  local = await person({ role: 'administrator', org_unit_id: volsk.org_unit_id, founder_kinds: ['municipal'] })
})
afterAll(() => test.close())

function person(...grants: TestGrant[]): Promise<TestPerson> {
  return insertPerson(test.database.db, grants, `Человек ${randomUUID()}`)
}

function heldBy({ user_id }: TestPerson) {
  return listHeldGrants(test.database.db, { user_id, means: 'password' }, TODAY)
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

async function call(by: TestPerson, method: Method, path: string, payload?: object) {
  const body = payload === undefined ? {} : { payload }
  const answer = await test.app.inject({ method, url: `/api/v1${path}`, headers: by.headers, ...body })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
}

function grant(unit: MadeUnit, more: object = {}) {
  const term = { valid_from: TODAY, valid_to: null, stand_in_for_user_id: null }
  return { role: 'municipal_head', org_unit_id: unit.org_unit_id, founder_kinds: ['municipal'], ...term, ...more }
}

function specialist(unit: MadeUnit): TestGrant {
  return { role: 'municipal_specialist', org_unit_id: unit.org_unit_id, founder_kinds: ['municipal'] }
}

describe('an administrator of a part of the region', () => {
  it('gives rights within that part alone', async () => {
    const { user_id } = await person(specialist(volsk))
    const give = async (entry: object) => (await call(local, 'POST', `/users/${user_id}/grants`, entry)).status
    expect(await give(grant(volsk))).toBe(201)
    expect(await give(grant(volsk, { role: 'administrator' }))).toBe(201)
    for (const role of ['institute_staff', 'ministry_analyst']) {
      expect(await give(grant(volsk, { role }))).toBe(400)
    }
    expect(await give(grant(volsk, { founder_kinds: null }))).toBe(404)
    expect(await give(grant(volsk, { founder_kinds: ['regional'] }))).toBe(404)
    expect(await give(grant(region))).toBe(404)
    expect(await give(grant(engels))).toBe(404)
    const invited = { login: `i-${randomUUID()}`, display_name: 'Новый', position: null, grants: [grant(engels)] }
    expect((await call(local, 'POST', '/users', invited)).status).toBe(404)
    expect((await call(local, 'POST', '/users', { ...invited, grants: [grant(volsk)] })).status).toBe(201)
  })

  it('gives no right to himself, nor does an administrator of the region', async () => {
    const own = await call(local, 'POST', `/users/${local.user_id}/grants`, grant(volsk))
    expect(own).toMatchObject({ status: 403, body: { code: 'EDU_FORBIDDEN' } })
    const institute = grant(region, { role: 'institute_staff', founder_kinds: null })
    expect((await call(chief, 'POST', `/users/${chief.user_id}/grants`, institute)).status).toBe(403)
    const { user_id } = await person()
    expect((await call(chief, 'POST', `/users/${user_id}/grants`, institute)).status).toBe(201)
  })

  it('commands nobody whose rights reach further, though one of them lies within', async () => {
    const strong = await person(specialist(volsk), {
      role: 'administrator',
      org_unit_id: region.org_unit_id,
      founder_kinds: null,
    })
    const path = `/users/${strong.user_id}`
    const change = { display_name: 'Другой', position: null, is_disabled: true }
    const refused = { status: 403, body: { code: 'EDU_FORBIDDEN' } }
    expect(await call(local, 'POST', `${path}/link`)).toMatchObject(refused)
    expect(await call(local, 'PUT', path, change)).toMatchObject(refused)
    expect(await call(local, 'DELETE', `${path}/second-factor`)).toMatchObject(refused)
    expect((await call(chief, 'POST', `${path}/link`)).status).toBe(201)
  })

  it('sees and takes back only the grants that lie within', async () => {
    const both = await person(specialist(volsk), specialist(engels))
    const rows = (await call(local, 'GET', '/users')).body['rows'] as {
      user_id: number
      grants: { grant_id: number }[]
    }[]
    const seen = rows.find((row) => row.user_id === both.user_id)?.grants ?? []
    const all = await heldBy(both)
    expect(seen.map((row) => row.grant_id)).toEqual([all[0]?.grant_id])
    const foreign = all[1]?.grant_id ?? 0
    expect((await call(local, 'DELETE', `/users/${both.user_id}/grants/${foreign}`)).status).toBe(404)
    expect((await call(local, 'DELETE', `/users/${both.user_id}/grants/${all[0]?.grant_id ?? 0}`)).status).toBe(200)
    expect(await heldBy(both)).toMatchObject([{ grant_id: foreign }])
  })

  it('issues tokens within that part alone, and turns no wider one into a new one', async () => {
    const token = {
      ...{ kind: 'export', label: 'выгрузка', collector: null, org_unit_id: volsk.org_unit_id },
      ...{ founder_kinds: ['municipal'], valid_from: TODAY, valid_to: null },
    }
    const issue = async (by: TestPerson, change: object) => call(by, 'POST', '/tokens', { ...token, ...change })
    expect((await issue(local, {})).status).toBe(201)
    expect((await issue(local, { founder_kinds: null })).status).toBe(404)
    expect((await issue(local, { org_unit_id: engels.org_unit_id })).status).toBe(404)
    const collector = {
      kind: 'collector',
      org_unit_id: null,
      collector: { name: 'a', vantage: 'b', work_kinds: ['sheet_parse'] },
    }
    expect((await issue(local, collector)).status).toBe(403)
    const wide = (await issue(chief, { founder_kinds: null })).body['token_id'] as number
    expect((await call(local, 'POST', `/tokens/${wide}/rotation`, { overlap_days: 1 })).status).toBe(404)
    expect((await call(local, 'DELETE', `/tokens/${wide}`)).status).toBe(404)
    const shown = (await call(local, 'GET', '/tokens')).body['rows'] as { token_id: number }[]
    expect(shown.map((row) => row.token_id)).not.toContain(wide)
  })

  it('does not set what holds for all', async () => {
    expect((await call(local, 'PUT', '/settings/second-factor-roles', { roles: ['auditor'] })).status).toBe(403)
    expect((await call(chief, 'PUT', '/settings/second-factor-roles', { roles: [] })).status).toBe(200)
  })
})

describe('a stand-in', () => {
  const standIn = (absent: TestPerson, more: object = {}) =>
    grant(volsk, { role: 'municipal_specialist', stand_in_for_user_id: absent.user_id, ...more })

  it('gets no more than the absent person has', async () => {
    const absent = await person(specialist(volsk))
    const other = await person()
    const give = async (entry: object) => (await call(chief, 'POST', `/users/${other.user_id}/grants`, entry)).status
    expect(await give(standIn(absent, { role: 'administrator' }))).toBe(400)
    expect(await give(standIn(absent, { founder_kinds: null }))).toBe(400)
    expect(await give(standIn(absent, { org_unit_id: region.org_unit_id }))).toBe(400)
    expect(await give(standIn(other))).toBe(400)
    expect(await give(grant(volsk, { stand_in_for_user_id: 999_999_999 }))).toBe(400)
    expect(await give(standIn(absent))).toBe(201)
    expect(await heldBy(other)).toHaveLength(1)
    // A stand-in is not stood in for.
    const third = await person()
    expect((await call(chief, 'POST', `/users/${third.user_id}/grants`, standIn(other))).status).toBe(400)
  })

  it.each(['revoked', 'ended', 'disabled'] as const)(
    'loses the right when that of the absent one is %s',
    async (end) => {
      const absent = await person(specialist(volsk))
      const other = await person()
      await call(chief, 'POST', `/users/${other.user_id}/grants`, standIn(absent))
      const { db } = test.database
      if (end === 'disabled') {
        await db.updateTable('app_user').set({ is_disabled: true }).where('user_id', '=', absent.user_id).execute()
      } else {
        const over = end === 'revoked' ? { revoked_at: new Date(), revoked_by: 'test' } : { valid_to: YESTERDAY }
        await db.updateTable('user_grant').set(over).where('user_id', '=', absent.user_id).execute()
      }
      expect(await heldBy(other)).toEqual([])
    },
  )
})

async function eventsOf(subject: string) {
  return test.database.db
    .selectFrom('audit_event')
    .where('subject', '=', subject)
    .select(['action', 'actor', 'org_unit_id', 'before', 'after', 'detail'])
    .orderBy('audit_event_id')
    .execute()
}

describe('an event about a person or a token', () => {
  it('belongs to the lowest unit that holds all of the rights, whose head sees it', async () => {
    const head = await person({ role: 'municipal_head', org_unit_id: volsk.org_unit_id, founder_kinds: ['municipal'] })
    const [own, both] = [await person(specialist(volsk)), await person(specialist(volsk), specialist(engels))]
    for (const { user_id } of [own, both]) await call(chief, 'POST', `/users/${user_id}/link`)
    expect(await eventsOf(`user ${own.user_id}`)).toMatchObject([
      { action: 'user.link', org_unit_id: volsk.org_unit_id },
    ])
    expect(await eventsOf(`user ${both.user_id}`)).toMatchObject([{ org_unit_id: region.org_unit_id }])
    const seen = (await call(head, 'GET', '/audit/events?limit=100')).body['rows'] as { subject: string }[]
    const subjects = seen.map((row) => row.subject)
    expect(subjects).toContain(`user ${own.user_id}`)
    expect(subjects).not.toContain(`user ${both.user_id}`)
  })

  it('names the unit of a token when it is issued, rotated and revoked', async () => {
    const entry = {
      ...{ kind: 'export', label: 'проба', collector: null, org_unit_id: volsk.org_unit_id, founder_kinds: null },
      ...{ valid_from: TODAY, valid_to: null },
    }
    const token_id = (await call(chief, 'POST', '/tokens', entry)).body['token_id'] as number
    await call(chief, 'POST', `/tokens/${token_id}/rotation`, { overlap_days: 1 })
    await call(chief, 'DELETE', `/tokens/${token_id}`)
    const { org_unit_id } = volsk
    expect(await eventsOf(`token ${token_id}`)).toMatchObject(
      ['token.create', 'token.rotate', 'token.revoke'].map((action) => ({ action, org_unit_id })),
    )
  })

  it('says what a setting was before', async () => {
    await call(chief, 'PUT', '/settings/second-factor-roles', { roles: ['school_operator'] })
    await call(chief, 'PUT', '/settings/second-factor-roles', { roles: [] })
    const told = (await eventsOf('setting second_factor_roles')).at(-1)
    expect(told).toMatchObject({ before: { roles: ['school_operator'] }, after: { roles: [] } })
  })
})

describe('what the system itself does', () => {
  it('is told when a program that is started here gets a token and loses the former one', async () => {
    const { db } = test.database
    const own = { name: 'own', vantage: 'local', work_kinds: ['site_check'] } as const
    const before = await issueCollectorToken(db, own, TODAY)
    await issueCollectorToken(db, own, TODAY)
    expect(await findProgram(db, before, TODAY)).toBeNull()
    const tokens = await db
      .selectFrom('api_token')
      .where('collector', '=', 'own')
      .select('token_id')
      .orderBy('token_id')
      .execute()
    const [old, fresh] = tokens.map((row) => row.token_id)
    expect(await eventsOf(`token ${fresh ?? 0}`)).toMatchObject([
      {
        action: 'token.create',
        actor: 'started here',
        detail: { collector: { name: 'own' }, revoked_token_ids: [old] },
      },
    ])
    expect(JSON.stringify(await eventsOf(`token ${fresh ?? 0}`))).not.toContain('secret')
  })
})

describe('a right and its days', () => {
  const ask = async ({ headers }: TestPerson) =>
    (await test.app.inject({ url: '/api/v1/territories', headers })).statusCode

  it('holds on its last day and not on the next one, in a session that goes on', async () => {
    const { db } = test.database
    const own = await person(specialist(volsk))
    const end = async (valid_to: string) =>
      db.updateTable('user_grant').set({ valid_to }).where('user_id', '=', own.user_id).execute()
    await end(regionDay())
    expect(await ask(own)).toBe(200)
    const grants = await db
      .selectFrom('user_grant')
      .where('user_id', '=', own.user_id)
      .select('valid_to')
      .executeTakeFirstOrThrow()
    const last = grants.valid_to ?? ''
    const next = addDays(last, 1)
    const held = (day: string) => listHeldGrants(db, { user_id: own.user_id, means: 'password' }, day)
    expect(await held(last)).toHaveLength(1)
    expect(await held(next)).toEqual([])
    await end(YESTERDAY)
    expect(await ask(own)).toBe(403)
  })

  it('ends at once with a session when the account is disabled; what was done stays told', async () => {
    const own = await person({ role: 'administrator', org_unit_id: volsk.org_unit_id, founder_kinds: ['municipal'] })
    const other = await person(specialist(volsk))
    await call(own, 'POST', `/users/${other.user_id}/link`)
    expect(await ask(own)).toBe(200)
    const change = { display_name: 'Ушедший', position: null, is_disabled: true }
    expect((await call(chief, 'PUT', `/users/${own.user_id}`, change)).status).toBe(200)
    expect(await ask(own)).toBe(401)
    await call(chief, 'PUT', `/users/${own.user_id}`, { ...change, is_disabled: false })
    expect(await ask(own)).toBe(401)
    const deeds = await test.database.db
      .selectFrom('audit_event')
      .where('user_id', '=', own.user_id)
      .select('action')
      .execute()
    expect(deeds).toEqual([{ action: 'user.link' }])
  })
})

describe('the last administrator', () => {
  const change = (is_disabled: boolean) => ({ display_name: 'Администратор', position: null, is_disabled })
  async function withPassword(): Promise<TestPerson & { grant_id: number }> {
    const made = await person({ role: 'administrator', org_unit_id: region.org_unit_id, founder_kinds: null })
    await test.database.db
      .updateTable('app_user')
      .set({ password_hash: 'x' })
      .where('user_id', '=', made.user_id)
      .execute()
    const [held] = await heldBy(made)
    return { ...made, grant_id: held?.grant_id ?? 0 }
  }

  it('can neither disable himself nor lose the right, and two cannot end one another at once', async () => {
    const only = await withPassword()
    const last = { status: 409, body: { code: 'EDU_LAST_ADMINISTRATOR' } }
    expect(await call(only, 'PUT', `/users/${only.user_id}`, change(true))).toMatchObject(last)
    expect(await call(only, 'DELETE', `/users/${only.user_id}/grants/${only.grant_id}`)).toMatchObject(last)
    const second = await withPassword()
    const answers = await Promise.all([
      call(only, 'PUT', `/users/${second.user_id}`, change(true)),
      call(second, 'PUT', `/users/${only.user_id}`, change(true)),
    ])
    expect(answers.map((answer) => answer.status).sort()).not.toEqual([200, 200])
    const { db } = test.database
    const left = db.selectFrom('app_user').where('user_id', 'in', [only.user_id, second.user_id])
    expect(await left.where('is_disabled', '=', false).select('user_id').execute()).toHaveLength(1)
    expect(await ensureFirstAdministrator(db, TODAY)).toBeNull()
  })

  it('is somebody of the whole region whose right holds today: else the start prints a link', async () => {
    const { db } = test.database
    await db.updateTable('app_user').set({ is_disabled: true }).where('password_hash', 'is not', null).execute()
    const partial = await person({ role: 'administrator', org_unit_id: volsk.org_unit_id, founder_kinds: null })
    await db.updateTable('app_user').set({ password_hash: 'x' }).where('user_id', '=', partial.user_id).execute()
    expect(await ensureFirstAdministrator(db, TODAY)).toMatch(/^[\w-]{43}$/)
    const first = await db
      .selectFrom('app_user')
      .where('login', '=', 'administrator')
      .select('user_id')
      .executeTakeFirstOrThrow()
    expect(await eventsOf(`user ${first.user_id}`)).toMatchObject([
      { action: 'user.administrator_link', actor: 'start', before: null, after: { login: 'administrator' } },
    ])
  })

  it('comes back by the command line, also when disabled', async () => {
    const { db } = test.database
    const lost = await person({ role: 'administrator', org_unit_id: volsk.org_unit_id, founder_kinds: null })
    await db.updateTable('app_user').set({ is_disabled: true }).where('user_id', '=', lost.user_id).execute()
    const made = await db
      .transaction()
      .execute((tx) =>
        makeAdministratorLink(tx, { login: lost.login, display_name: 'x' }, TODAY, systemAuthor('command line')),
      )
    const answer = await call(lost, 'POST', '/sign-in/link', { link: made.secret })
    expect(answer).toMatchObject({ status: 200, body: { login: lost.login } })
    expect(await eventsOf(`user ${lost.user_id}`)).toMatchObject([
      {
        ...{ action: 'user.administrator_link', actor: 'command line', org_unit_id: region.org_unit_id },
        ...{ before: { is_disabled: true, grant_id: null }, after: { login: lost.login, is_disabled: false } },
      },
    ])
    const held = await heldBy(lost)
    expect(held.filter(({ is_region, role }) => is_region && role === 'administrator')).toHaveLength(1)
  })
})

describe('a token', () => {
  const entry = (change: object = {}) => ({
    ...{ kind: 'export', label: 'выгрузка', collector: null, org_unit_id: volsk.org_unit_id, founder_kinds: null },
    ...{ valid_from: TODAY, valid_to: null, ...change },
  })
  async function issue(change: object = {}) {
    return (await call(chief, 'POST', '/tokens', entry(change))).body as {
      token: string
      token_id: number
      prefix: string
    }
  }
  const use = async (token: string) =>
    (await test.app.inject({ url: '/api/v1/territories', headers: { authorization: `Bearer ${token}` } })).statusCode

  it('is kept as a hash alone, with a prefix to know it by', async () => {
    const { token, token_id, prefix } = await issue()
    expect(token).toMatch(/^edu_export_[\w-]{43}$/)
    expect(token.startsWith(prefix) && prefix.length < token.length - 30).toBe(true)
    const row = await test.database.db.selectFrom('api_token').where('token_id', '=', token_id).selectAll().execute()
    expect(JSON.stringify(row)).not.toContain(token.slice(prefix.length))
  })

  it('works on its days alone', async () => {
    expect(await use((await issue()).token)).toBe(200)
    expect(await use((await issue({ valid_from: '2999-01-01' })).token)).toBe(401)
    expect(await use((await issue({ valid_from: '2020-01-01', valid_to: '2020-12-31' })).token)).toBe(401)
    expect((await call(chief, 'POST', '/tokens', entry({ valid_to: '2020-01-01' }))).status).toBe(400)
  })

  it('is rotated with an overlap, after which the old one ends', async () => {
    const old = await issue()
    const rotated = await call(chief, 'POST', `/tokens/${old.token_id}/rotation`, { overlap_days: 2 })
    const { token } = rotated.body as { token: string }
    expect([await use(old.token), await use(token)]).toEqual([200, 200])
    const { db } = test.database
    expect(await findProgram(db, old.token, regionDay(1))).not.toBeNull()
    expect(await findProgram(db, old.token, regionDay(4))).toBeNull()
    expect(await findProgram(db, token, regionDay(4))).not.toBeNull()
  })

  it('is revoked at once, and shows its last use', async () => {
    const { token, token_id } = await issue()
    await use(token)
    const find = async () => {
      const rows = (await call(chief, 'GET', '/tokens')).body['rows'] as { token_id: number }[]
      return rows.find((row) => row.token_id === token_id)
    }
    expect(await find()).toMatchObject({ last_used_from: '127.0.0.1', revoked_at: null })
    expect((await call(chief, 'DELETE', `/tokens/${token_id}`)).status).toBe(200)
    expect(await use(token)).toBe(401)
    expect((await call(chief, 'DELETE', `/tokens/${token_id}`)).status).toBe(404)
  })
})

describe('the demo', () => {
  it('tells the audit of its accounts, once', async () => {
    const { db } = test.database
    await ensureDemoAccounts(db, TODAY)
    await ensureDemoAccounts(db, TODAY)
    const { user_id } = await db
      .selectFrom('app_user')
      .where('login', '=', 'ministry')
      .select('user_id')
      .executeTakeFirstOrThrow()
    expect(await eventsOf(`user ${user_id}`)).toMatchObject([
      { action: 'user.make', actor: 'demo', after: { login: 'ministry' } },
    ])
  })
})
