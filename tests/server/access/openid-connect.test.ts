import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClaimGrant } from '../../../server/src/access/openid-connect/claim-grants.ts'
import { requireKnownPlaces } from '../../../server/src/access/openid-connect/claimed-places.ts'
import { startSession } from '../../../server/src/access/sessions.ts'
import { ensureFirstAdministrator, makeAdministratorLink } from '../../../server/src/access/users.ts'
import { readConfig } from '../../../server/src/config.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import {
  ProviderBrowser,
  startIdentityProvider,
  TEST_CLIENT,
  type TestIdentityProvider,
} from '../../factories/identity-provider.ts'
import { insertRegionPerson } from '../../factories/people.ts'
import { inChange, insertUnit, type MadeUnit } from '../../factories/registry.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const ORIGIN = 'https://edumon.example'
const PATH = '/api/v1/sign-in/openid-connect'
const nowhere = { oktmo: null, org_unit_id: null, founder_kinds: null }
const grants: ClaimGrant[] = []

let provider: TestIdentityProvider
let test: TestApp
let town: MadeUnit

beforeAll(async () => {
  provider = await startIdentityProvider(`${ORIGIN}${PATH}/callback`)
  const openid_connect = { issuer: provider.issuer, ...TEST_CLIENT, grants }
  test = await createTestApp({ openid_connect, public_origin: ORIGIN })
  town = await inChange(test.database.db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    return insertUnit(change, { kind: 'municipality', name: 'Вольский район', parent: region })
  })
  const { org_unit_id } = town
  grants.push(
    {
      ...nowhere,
      claim: 'groups',
      value: 'volsk',
      role: 'municipal_specialist',
      org_unit_id,
      founder_kinds: ['municipal'],
    },
    { ...nowhere, claim: 'groups', value: 'heads', role: 'municipal_head', org_unit_id },
  )
})
afterAll(async () => {
  await test.close()
  await provider.close()
})

interface Begun {
  address: string
  cookie: string
  attributes: string
}

async function begin(to?: string): Promise<Begun> {
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`
  const answer = await test.app.inject({ url: `${PATH}${query}`, headers: { cookie: '' } })
  expect(answer.statusCode).toBe(302)
  const [line = ''] = [answer.headers['set-cookie'] ?? ''].flat()
  const [cookie = ''] = line.split(';')
  return { address: String(answer.headers.location), cookie, attributes: line.slice(cookie.length) }
}

async function finish(callback: string, cookie: string) {
  const { pathname, search } = new URL(callback)
  const answer = await test.app.inject({ url: `${pathname}${search}`, headers: { cookie } })
  const lines = [answer.headers['set-cookie'] ?? []].flat()
  const session = lines.find((line) => line.startsWith('__Host-edumon_session='))
  return { status: answer.statusCode, location: answer.headers.location, session }
}

async function signIn(login: string, to?: string) {
  const { address, cookie } = await begin(to)
  return finish(await new ProviderBrowser().visit(address, login), cookie)
}

async function whoIs(session: string | undefined) {
  const cookie = (session ?? '').split(';')[0] ?? ''
  return (await test.app.inject({ url: '/api/v1/session', headers: { cookie } })).json<{
    person: { login: string; display_name: string; state: string; grants: { role: string; org_unit_id: number }[] }
  }>().person
}

function refusal(code: string) {
  return { status: 302, location: `/sign-in?refused=${code}`, session: undefined }
}

/** Somebody who manages accounts in all of the region, over TLS. */
async function adminHeaders() {
  const { headers } = await insertRegionPerson(test.database.db)
  return { ...headers, cookie: `__Host-${headers.cookie}` }
}

async function findUserId(login: string): Promise<number> {
  const users = test.database.db.selectFrom('app_user').where('login', '=', login).select('user_id')
  return (await users.executeTakeFirstOrThrow()).user_id
}

async function listAudit(login: string): Promise<string[]> {
  const rows = await test.database.db
    .selectFrom('audit_event')
    .where('subject', '=', `user ${await findUserId(login)}`)
    .select('action')
    .orderBy('audit_event_id')
    .execute()
  return rows.map((row) => row.action)
}

/** Changes one field of the sign-in under way that the browser keeps. */
function alterCookie(cookie: string, change: Record<string, unknown>): string {
  const [name = '', value = ''] = cookie.split('=')
  const kept = JSON.parse(Buffer.from(value, 'base64url').toString()) as Record<string, unknown>
  return `${name}=${Buffer.from(JSON.stringify({ ...kept, ...change })).toString('base64url')}`
}

describe('sign-in through an identity provider', () => {
  it('makes the account at the first sign-in, with the grants of its claims', async () => {
    provider.people.set('anna', { name: 'Анна Седова', preferred_username: 'anna', groups: ['volsk', 'others'] })
    const { status, location, session } = await signIn('anna')
    expect([status, location]).toEqual([302, '/'])
    expect(session).toMatch(/; HttpOnly; Secure; SameSite=Strict/)
    expect(await whoIs(session)).toMatchObject({
      login: 'anna',
      display_name: 'Анна Седова',
      state: 'complete',
      grants: [{ role: 'municipal_specialist', org_unit_id: town.org_unit_id, founder_kinds: ['municipal'] }],
    })
    expect(await listAudit('anna')).toEqual(['user.make', 'grant.give', 'sign_in'])
  })

  it('keeps what is under way in a short-lived cookie that survives the way back alone', async () => {
    const { address, attributes } = await begin()
    expect(attributes).toContain('Max-Age=600')
    expect(attributes).toContain(`Path=${PATH}`)
    expect(attributes).toContain('HttpOnly; Secure; SameSite=Lax')
    const asked = new URL(address).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(40)
  })

  it('brings grants in line at every sign-in, and leaves those that people gave', async () => {
    provider.people.set('boris', { name: 'Борис', preferred_username: 'boris', groups: ['volsk'] })
    await signIn('boris')
    const user_id = await findUserId('boris')
    const own = { user_id, role: 'auditor', org_unit_id: town.org_unit_id, valid_from: '2020-01-01' }
    await test.database.db
      .insertInto('user_grant')
      .values({ ...own, origin: 'person', granted_by: 'test' })
      .execute()
    provider.people.set('boris', { name: 'Борис', preferred_username: 'boris', groups: ['heads'] })
    const person = await whoIs((await signIn('boris')).session)
    expect(person.grants.map((grant) => grant.role).sort()).toEqual(['auditor', 'municipal_head'])
    const audit = await listAudit('boris')
    expect(audit.slice(3)).toEqual(['grant.revoke', 'grant.give', 'sign_in'])
    await signIn('boris')
    expect((await listAudit('boris')).slice(6)).toEqual(['sign_in'])
  })

  it('takes the last right away with its claim, and says so', async () => {
    provider.people.set('vera', { preferred_username: 'vera', groups: ['volsk'] })
    const first = await signIn('vera')
    provider.people.set('vera', { preferred_username: 'vera', groups: [] })
    expect(await signIn('vera')).toEqual(refusal('EDU_OPENID_CONNECT_NO_RIGHTS'))
    expect((await whoIs(first.session)).grants).toEqual([])
  })

  it('makes no account for whoever has no right', async () => {
    provider.people.set('guest', { preferred_username: 'guest' })
    expect(await signIn('guest')).toEqual(refusal('EDU_OPENID_CONNECT_NO_RIGHTS'))
    const users = await test.database.db.selectFrom('app_user').where('login', '=', 'guest').selectAll().execute()
    expect(users).toEqual([])
  })

  it('never takes over an account of the same name', async () => {
    const known = { display_name: 'Другой', is_disabled: false, created_by: 'test' }
    await test.database.db
      .insertInto('app_user')
      .values({ ...known, login: 'gleb' })
      .execute()
    provider.people.set('gleb', { preferred_username: 'gleb', groups: ['volsk'] })
    expect((await whoIs((await signIn('gleb')).session)).login).toMatch(/^gleb-[0-9a-f]{12}$/)
  })

  it('lets a disabled account in no more', async () => {
    provider.people.set('dina', { preferred_username: 'dina', groups: ['volsk'] })
    const { session } = await signIn('dina')
    await test.database.db.updateTable('app_user').set({ is_disabled: true }).where('login', '=', 'dina').execute()
    expect(await signIn('dina')).toEqual(refusal('EDU_OPENID_CONNECT_DISABLED'))
    expect(await whoIs(session)).toBeNull()
  })

  it('asks for the own second factor unless the provider vouches for one', async () => {
    provider.people.set('egor', { preferred_username: 'egor', groups: ['volsk'] })
    await signIn('egor')
    const confirmed = { totp_secret: 'JBSWY3DPEHPK3PXP', totp_confirmed_at: new Date() }
    await test.database.db.updateTable('app_user').set(confirmed).where('login', '=', 'egor').execute()
    expect((await whoIs((await signIn('egor')).session)).state).toBe('second_factor')
    provider.people.set('egor', { preferred_username: 'egor', groups: ['volsk'], amr: ['pwd', 'mfa'] })
    expect((await whoIs((await signIn('egor')).session)).state).toBe('complete')
  })
})

describe('an account of an identity provider', () => {
  it('has the rights of its claims in sessions of the provider alone', async () => {
    provider.people.set('inna', { preferred_username: 'inna', groups: ['heads'] })
    const { session } = await signIn('inna')
    expect((await whoIs(session)).grants).toHaveLength(1)
    const user_id = await findUserId('inna')
    const place = { remote_address: '127.0.0.1', user_agent: 'test' }
    const secret = await test.database.db
      .transaction()
      .execute((tx) => startSession(tx, user_id, place, { means: 'password' }))
    expect((await whoIs(`__Host-edumon_session=${secret}`)).grants).toEqual([])
  })

  it('gets neither a link nor a password, not even by hand', async () => {
    provider.people.set('kira', { preferred_username: 'kira', groups: ['heads'] })
    const { session } = await signIn('kira')
    const { db } = test.database
    const user_id = await findUserId('kira')
    const renewed = await test.app.inject({
      method: 'POST',
      url: `/api/v1/users/${user_id}/link`,
      headers: await adminHeaders(),
    })
    expect([renewed.statusCode, renewed.json<{ code: string }>().code]).toEqual([409, 'EDU_SIGNS_IN_ELSEWHERE'])
    const cookie = (session ?? '').split(';')[0] ?? ''
    const changed = await test.app.inject({
      method: 'PUT',
      url: '/api/v1/account/password',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      payload: { current_password: 'любой', password: 'дождь над степью' },
    })
    expect(changed.json<{ code: string }>().code).toBe('EDU_SIGNS_IN_ELSEWHERE')
    const person = { login: 'kira', display_name: 'x' }
    const linked = db
      .transaction()
      .execute((tx) => makeAdministratorLink(tx, person, '2026-01-01', systemAuthor('command line')))
    await expect(linked).rejects.toMatchObject({ code: 'EDU_SIGNS_IN_ELSEWHERE' })
    const set = db.updateTable('app_user').set({ password_hash: 'x' }).where('user_id', '=', user_id).execute()
    await expect(set).rejects.toThrow('app_user_external_password_check')
  })

  it('changes its second factor without a password, which it does not have', async () => {
    provider.people.set('lena', { preferred_username: 'lena', groups: ['heads'] })
    const { session } = await signIn('lena')
    const cookie = (session ?? '').split(';')[0] ?? ''
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const url = '/api/v1/account/second-factor'
    const offer = (await test.app.inject({ method: 'POST', url, headers })).json<{
      secret: string
      asks_password: boolean
    }>()
    expect(offer.asks_password).toBe(false)
    const code = new TOTP({ secret: offer.secret, algorithm: 'SHA1', digits: 6, period: 30 }).generate()
    const payload = { password: null, code }
    expect((await test.app.inject({ method: 'PUT', url, headers, payload })).statusCode).toBe(200)
  })

  it('is never the last administrator: its right may end at the provider unseen', async () => {
    const { db } = test.database
    const region = await db
      .selectFrom('org_unit')
      .where('kind', '=', 'region')
      .select('org_unit_id')
      .executeTakeFirstOrThrow()
    grants.push({
      ...nowhere,
      claim: 'groups',
      value: 'admins',
      role: 'administrator',
      org_unit_id: region.org_unit_id,
    })
    provider.people.set('mila', { preferred_username: 'mila', groups: ['admins'] })
    expect((await whoIs((await signIn('mila')).session)).grants).toMatchObject([{ role: 'administrator' }])
    expect(await ensureFirstAdministrator(db, '2999-01-01')).toMatch(/^[\w-]{43}$/)
    provider.people.set('mila', { preferred_username: 'mila', groups: [] })
    expect(await signIn('mila')).toEqual(refusal('EDU_OPENID_CONNECT_NO_RIGHTS'))
    grants.pop()
  })
})

describe('a sign-in that was tampered with', () => {
  const interrupted = refusal('EDU_OPENID_CONNECT_INTERRUPTED')
  let begun: Begun
  let callback: string
  async function reachCallback(): Promise<void> {
    provider.people.set('zoya', { preferred_username: 'zoya', groups: ['volsk'] })
    begun = await begin()
    callback = await new ProviderBrowser().visit(begun.address, 'zoya')
  }

  it('is refused with another state', async () => {
    await reachCallback()
    const altered = callback.replace(/state=[^&]+/, 'state=another')
    expect(await finish(altered, begun.cookie)).toEqual(interrupted)
  })

  it('is refused with another nonce', async () => {
    await reachCallback()
    expect(await finish(callback, alterCookie(begun.cookie, { nonce: 'another' }))).toEqual(interrupted)
  })

  it('is refused with another code verifier', async () => {
    await reachCallback()
    const altered = alterCookie(begun.cookie, { code_verifier: 'x'.repeat(43) })
    expect(await finish(callback, altered)).toEqual(interrupted)
  })

  it('is refused in a browser that did not begin it', async () => {
    await reachCallback()
    expect(await finish(callback, '')).toEqual(interrupted)
    expect(await finish(callback, 'edumon_openid_connect=bm90IGpzb24')).toEqual(interrupted)
  })

  it('is refused when the code was used before', async () => {
    await reachCallback()
    expect((await finish(callback, begun.cookie)).location).toBe('/')
    expect(await finish(callback, begun.cookie)).toEqual(interrupted)
  })

  it('is refused when the person cancels at the provider', async () => {
    const { address, cookie } = await begin()
    const back = await new ProviderBrowser().visit(address, 'zoya', true)
    expect(await finish(back, cookie)).toEqual(refusal('EDU_OPENID_CONNECT_REFUSED'))
  })

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', '/..//evil.example', 'x'])(
    'never leads to %j',
    async (to) => {
      provider.people.set('zoya', { preferred_username: 'zoya', groups: ['volsk'] })
      expect((await signIn('zoya', to)).location).toBe('/')
      await reachCallback()
      expect((await finish(callback, alterCookie(begun.cookie, { to }))).location).toBe('/')
    },
  )

  it('leads to the page that was asked for', async () => {
    expect((await signIn('zoya', '/sites?day=2026-01-01#top')).location).toBe('/sites?day=2026-01-01#top')
  })
})

describe('a provider that is not there', () => {
  it('is told of in plain words, and asked again at the next sign-in', async () => {
    const openid_connect = { ...TEST_CLIENT, issuer: 'http://127.0.0.1:9', grants: [] }
    const other = await createTestApp({ openid_connect, public_origin: ORIGIN })
    const answer = await other.app.inject({ url: PATH, headers: { cookie: '' } })
    expect(answer.headers.location).toBe('/sign-in?refused=EDU_OPENID_CONNECT_UNAVAILABLE')
    await other.close()
  })

  it('leaves its routes unknown', async () => {
    const other = await createTestApp()
    for (const url of [PATH, `${PATH}/callback`]) {
      expect((await other.app.inject({ url, headers: { cookie: '' } })).statusCode).toBe(404)
    }
    await other.close()
  })
})

describe('settings of the identity provider', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-oidc-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })
  const file = join(folder, 'grants.json')
  const env = {
    EDUMON_PUBLIC_URL: ORIGIN,
    EDUMON_OIDC_ISSUER: 'https://id.example',
    EDUMON_OIDC_CLIENT_ID: 'edumon',
    EDUMON_OIDC_GRANTS_FILE: file,
  }
  const entry = { claim: 'groups', value: 'volsk', role: 'municipal_head', oktmo: '63611000' }

  it('are read with the mapping', () => {
    writeFileSync(file, JSON.stringify([entry]))
    expect(readConfig(env).openid_connect).toEqual({
      issuer: 'https://id.example',
      client_id: 'edumon',
      client_secret: null,
      grants: [{ ...entry, org_unit_id: null, founder_kinds: null }],
    })
    expect(readConfig({}).openid_connect).toBeNull()
  })

  it.each([
    [{ ...entry, role: 'boss' }, 'entry 1.role: found ""boss""'],
    [{ ...entry, org_unit_id: 5 }, 'entry 1: found "2 places", expected either oktmo or org_unit_id'],
    [{ ...entry, oktmo: null }, 'entry 1: found "0 places"'],
    [{ ...entry, founder_kinds: ['city'] }, 'entry 1.founder_kinds'],
    [{ ...entry, claim: '' }, 'entry 1.claim'],
    [{ ...entry, valid_to: '2026-01-01' }, 'entry 1: found "valid_to"'],
    ['municipal_head', 'entry 1: found'],
  ])('name the place of a fault in the mapping: %j', (bad, message) => {
    writeFileSync(file, JSON.stringify([bad]))
    expect(() => readConfig(env)).toThrow(message)
  })

  it.each([
    [{ EDUMON_OIDC_CLIENT_ID: '' }, 'EDUMON_OIDC_CLIENT_ID'],
    [{ EDUMON_PUBLIC_URL: '' }, 'EDUMON_PUBLIC_URL'],
    [{ EDUMON_OIDC_ISSUER: 'http://id.example' }, 'EDUMON_OIDC_ISSUER'],
    [{ EDUMON_OIDC_GRANTS_FILE: join(folder, 'none.json') }, 'EDUMON_OIDC_GRANTS_FILE'],
  ])('are refused when one is missing or unsafe: %j', (change, message) => {
    writeFileSync(file, JSON.stringify([entry]))
    expect(() => readConfig({ ...env, ...change })).toThrow(message)
  })

  it('name a mapping of an unknown place', async () => {
    const mapping: ClaimGrant[] = [...grants, { ...nowhere, ...entry, role: 'auditor', oktmo: '99999999' }]
    await expect(requireKnownPlaces(test.database.db, mapping)).rejects.toThrow('entry 3')
    const local: ClaimGrant[] = [
      { ...nowhere, ...entry, oktmo: null, org_unit_id: town.org_unit_id, role: 'institute_staff' },
    ]
    await expect(requireKnownPlaces(test.database.db, local)).rejects.toThrow('entry 1: the role institute_staff')
    await expect(requireKnownPlaces(test.database.db, grants)).resolves.toBeUndefined()
  })
})
