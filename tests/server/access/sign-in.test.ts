import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeLink } from '../../../server/src/access/links.ts'
import { hashPassword } from '../../../server/src/access/passwords.ts'
import type { Role } from '../../../server/src/access/roles.ts'
import { insertPerson, type TestPerson } from '../../factories/people.ts'
import { inChange, insertUnit } from '../../factories/registry.ts'
import { TestBrowser } from '../../factories/test-browser.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const PASSWORD = 'верный конь и скрепка'
const NEW_PASSWORD = 'дождь над степью'

let test: TestApp
let region_id: number
beforeAll(async () => {
  test = await createTestApp()
  region_id = (await inChange(test.database.db, (change) => insertUnit(change, { kind: 'region', name: 'Область' })))
    .org_unit_id
})
afterAll(() => test.close())

interface Account extends TestPerson {
  login: string
}

let password_hash: string | null = null
async function account(role: Role = 'ministry_analyst'): Promise<Account> {
  password_hash ??= await hashPassword(PASSWORD)
  const made = await insertPerson(test.database.db, [{ role, org_unit_id: region_id, founder_kinds: null }])
  await test.database.db.updateTable('app_user').set({ password_hash }).where('user_id', '=', made.user_id).execute()
  return made
}

class Browser extends TestBrowser {
  constructor(address?: string) {
    super(test.app, address)
  }

  signIn(login: string, password = PASSWORD) {
    return this.send('POST', '/sign-in', { login, password })
  }
}

async function fail(browser: Browser, login: string, times: number): Promise<void> {
  for (let attempt = 0; attempt < times; attempt += 1) {
    expect((await browser.signIn(login, 'wrong')).code).toBe('EDU_SIGN_IN_REFUSED')
  }
}

function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 }).generate({
    timestamp: Date.now() + steps * 30_000,
  })
}

/** Signs in and puts a second factor in force. */
async function enrol(browser: Browser, login: string): Promise<{ secret: string; codes: string[] }> {
  await browser.signIn(login)
  const { secret } = (await browser.send('POST', '/account/second-factor')).body as { secret: string }
  const confirmed = await browser.send('PUT', '/account/second-factor', {
    password: PASSWORD,
    code: codeOf(secret, -1),
  })
  return { secret, codes: (confirmed.body as { codes: string[] }).codes }
}

describe('sign-in with a password', () => {
  it('answers a wrong password, an unknown login and a disabled account alike', async () => {
    const [known, disabled] = [await account(), await account()]
    await test.database.db
      .updateTable('app_user')
      .set({ is_disabled: true })
      .where('user_id', '=', disabled.user_id)
      .execute()
    const answers = await Promise.all([
      new Browser().signIn(known.login, 'wrong'),
      new Browser().signIn(`unknown-${randomUUID().slice(0, 8)}`),
      new Browser().signIn(disabled.login),
    ])
    for (const { status, body } of answers) {
      expect([status, { ...body, request_id: '' }]).toEqual([
        401,
        { code: 'EDU_SIGN_IN_REFUSED', message: 'Имя или пароль не подходит', request_id: '' },
      ])
    }
  })

  it('writes as much for an unknown login as for a known one, so that the time tells nothing', async () => {
    const { login } = await account()
    const count = async () => {
      const { rows } = await sql<{ rows: number }>`
        SELECT (SELECT count(*) FROM audit_event WHERE action = 'sign_in_refused')::int
             + (SELECT count(*) FROM sign_in_failure)::int AS rows`.execute(test.database.db)
      return rows[0]?.rows ?? 0
    }
    const before = await count()
    await new Browser().signIn(login, 'wrong')
    const known = (await count()) - before
    await new Browser().signIn(`unknown-${randomUUID().slice(0, 8)}`)
    expect((await count()) - before - known).toBe(known)
  })

  it('gives a fresh session at each sign-in, whatever the browser brings', async () => {
    const { login } = await account()
    const browser = new Browser()
    browser.cookies.set('edumon_session', 'planted')
    browser.cookies.set('edumon_device', 'planted')
    await browser.signIn(login)
    const [session, device] = [browser.cookies.get('edumon_session'), browser.cookies.get('edumon_device')]
    expect(session).toMatch(/^[\w-]{43}$/)
    expect(device).toMatch(/^[\w-]{43}$/)
    await browser.signIn(login)
    expect(browser.cookies.get('edumon_session')).not.toBe(session)
    expect(browser.cookies.get('edumon_device')).toBe(device)
  })

  it.each([
    ['https://edumon.example', true],
    ['http://edumon.example', false],
    [null, false],
  ])(
    'sends cookies that scripts cannot read, and behind https through TLS alone: %s',
    async (public_origin, secure) => {
      const other = await createTestApp({ public_origin })
      const made = await insertPerson(other.database.db, [])
      const own = { password_hash: await hashPassword(PASSWORD) }
      await other.database.db.updateTable('app_user').set(own).where('user_id', '=', made.user_id).execute()
      const payload = { login: made.login, password: PASSWORD }
      const answer = await other.app.inject({
        method: 'POST',
        url: '/api/v1/sign-in',
        payload,
        headers: { cookie: '' },
      })
      const prefix = secure ? '__Host-' : ''
      expect(answer.cookies.map(({ name }) => name)).toEqual([`${prefix}edumon_session`, `${prefix}edumon_device`])
      for (const cookie of answer.cookies) {
        expect(cookie).toMatchObject({ path: '/', httpOnly: true, sameSite: 'Strict' })
        expect(cookie.secure ?? false).toBe(secure)
      }
      expect(answer.cookies[0]?.maxAge).toBeUndefined()
      await other.close()
    },
  )

  it('sends and reads cookies of TLS alone when a trusted proxy says that TLS ends there', async () => {
    const { transport } = test.config
    const other = await createTestApp({ transport: { ...transport, trusted_proxies: ['127.0.0.1'] } })
    const made = await insertPerson(other.database.db, [])
    const own = { password_hash: await hashPassword(PASSWORD) }
    await other.database.db.updateTable('app_user').set(own).where('user_id', '=', made.user_id).execute()
    const payload = { login: made.login, password: PASSWORD }
    const through = (scheme: string) => ({ cookie: '', 'x-forwarded-proto': scheme })
    const signIn = async (scheme: string) =>
      (await other.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload, headers: through(scheme) })).cookies
    const [session] = await signIn('https')
    expect(session).toMatchObject({ name: '__Host-edumon_session', secure: true, path: '/' })
    expect((await signIn('http'))[0]).toMatchObject({ name: 'edumon_session' })
    const read = async (name: string) => {
      const headers = { ...through('https'), cookie: `${name}=${session?.value ?? ''}` }
      const answer = await other.app.inject({ url: '/api/v1/session', headers })
      return answer.json<{ person: object | null }>().person
    }
    expect(await read('__Host-edumon_session')).not.toBeNull()
    expect(await read('edumon_session')).toBeNull()
    await other.close()
  })

  it('lets no foreign page send a command, nor one that does not say where it comes from', async () => {
    const { headers } = await account()
    const ask = async (own: Record<string, string>) => {
      const sent = { cookie: headers.cookie, host: 'edumon.example', ...own }
      const answer = await test.app.inject({ method: 'POST', url: '/api/v1/account/second-factor', headers: sent })
      return answer.statusCode
    }
    expect(await ask({ origin: 'http://edumon.example' })).toBe(200)
    expect(await ask({ 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await ask({})).toBe(401)
    expect(await ask({ 'sec-fetch-site': 'same-site' })).toBe(401)
    expect(await ask({ origin: 'null', 'sec-fetch-site': 'same-origin' })).toBe(401)
    expect(await ask({ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' })).toBe(401)
    expect(await ask({ origin: 'http://edumon.example:81' })).toBe(401)
  })
})

describe('limits of sign-in', () => {
  const anywhere = (login: string) => `login password ${login}`
  async function seedFailures(login: string, failures: number): Promise<void> {
    const rows = Array.from({ length: failures }, () => ({ counter: anywhere(login) }))
    await test.database.db.insertInto('sign_in_failure').values(rows).execute()
  }
  async function countFailures(login: string): Promise<number> {
    const counted = test.database.db.selectFrom('sign_in_failure').where('counter', '=', anywhere(login))
    return (await counted.select('failure_id').execute()).length
  }

  it('refuse guesses of one login from one network, and say for how long', async () => {
    const { login } = await account()
    await fail(new Browser('10.250.0.1'), login, 10)
    const { status, body } = await new Browser('10.250.0.1').signIn(login)
    expect(status).toBe(429)
    const { retry_after_s } = body['details'] as { retry_after_s: number }
    expect(retry_after_s).toBeGreaterThan(850)
    expect(retry_after_s).toBeLessThanOrEqual(900)
  })

  it('never lock a person out who is elsewhere than the guesser, also in a browser that nobody knows', async () => {
    const { login } = await account()
    await fail(new Browser('10.250.0.2'), login, 10)
    expect((await new Browser('10.250.0.2').signIn(login)).status).toBe(429)
    expect((await new Browser('10.250.0.3').signIn(login)).status).toBe(204)
  })

  it('never lock a person out of a browser that is known, though a guesser shares its network', async () => {
    const { login } = await account()
    const own = new Browser('10.250.0.4')
    await own.signIn(login)
    await fail(new Browser('10.250.0.4'), login, 10)
    expect((await new Browser('10.250.0.4').signIn(login)).status).toBe(429)
    expect((await own.signIn(login)).status).toBe(204)
  })

  it('make attempts at a login that is guessed from many networks wait, and refuse none of them', async () => {
    const { login } = await account()
    await seedFailures(login, 12)
    const began = performance.now()
    expect((await new Browser().signIn(login)).status).toBe(204)
    expect(performance.now() - began).toBeGreaterThan(1000)
  })

  it('hold up nobody else and no connection while attempts wait', async () => {
    const { login } = await account()
    await seedFailures(login, 40)
    const answered: string[] = []
    const waiting = Array.from({ length: 25 }, async () => {
      expect((await new Browser().signIn(login, 'wrong')).status).toBe(401)
      answered.push('guess')
    })
    await vi.waitUntil(async () => (await countFailures(login)) === 65, { timeout: 4000, interval: 20 })
    expect(await new Browser().state()).toBeNull()
    expect(answered).toEqual([])
    await Promise.all(waiting)
  })

  it('give the device cookie of another person no counter of its own', async () => {
    const [victim, attacker] = [await account(), await account()]
    const browser = new Browser()
    await browser.signIn(attacker.login)
    await fail(browser, victim.login, 10)
    expect((await browser.signIn(victim.login, 'wrong')).status).toBe(429)
  })

  it('slow down one network that tries many logins, and no other', async () => {
    const addresses = ['2001:db8::1', '2001:db8:0:0:ffff::2']
    for (let attempt = 0; attempt < 60; attempt += 1) {
      await new Browser(addresses[attempt % 2]).signIn(`many-${attempt}`, 'wrong')
    }
    const { login } = await account()
    expect((await new Browser(addresses[0]).signIn(login)).status).toBe(429)
    expect((await new Browser('2001:db8:0:1::1').signIn(login)).status).toBe(204)
  })

  it('cannot be outrun by guesses made at once', async () => {
    const { login } = await account()
    const guesses = Array.from({ length: 40 }, () => new Browser('10.250.0.5').signIn(login, 'wrong'))
    const judged = (await Promise.all(guesses)).filter(({ status }) => status !== 429)
    expect(judged).toHaveLength(10)
  })

  it('count nothing for those who sign in', async () => {
    const { login } = await account()
    for (let time = 0; time < 12; time += 1) expect((await new Browser().signIn(login)).status).toBe(204)
    const rows = await test.database.db
      .selectFrom('sign_in_failure')
      .where('counter', 'like', `%${login}%`)
      .selectAll()
      .execute()
    expect(rows).toEqual([])
  })

  it('hold for the own password that a running session asks for', async () => {
    const { login } = await account()
    const browser = new Browser()
    await browser.signIn(login)
    const change = (current_password: string) =>
      browser.send('PUT', '/account/password', { current_password, password: NEW_PASSWORD })
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await change('wrong')).status).toBe(401)
    expect((await change(PASSWORD)).status).toBe(429)
  })

  it('hold for codes of the second factor', async () => {
    const { login } = await account()
    const { secret } = await enrol(new Browser(), login)
    const browser = new Browser()
    await browser.signIn(login)
    const show = (code: string) => browser.send('POST', '/sign-in/second-factor', { code })
    const guesses = await Promise.all(Array.from({ length: 20 }, () => show('000000')))
    expect(guesses.filter(({ status }) => status !== 429).map(({ code }) => code)).toEqual(
      Array(10).fill('EDU_SECOND_FACTOR_WRONG'),
    )
    expect((await show(codeOf(secret))).status).toBe(429)
  })
})

describe('a one-time link', () => {
  async function link(user_id: number): Promise<string> {
    const wanted = { user_id, purpose: 'invitation', created_by: 'test' } as const
    return (await test.database.db.transaction().execute((tx) => makeLink(tx, wanted))).secret
  }
  const use = (secret: string, password = NEW_PASSWORD) =>
    new Browser().send('POST', '/sign-in/link/password', { link: secret, password })

  it('sets a password once, ends all sessions, and is kept as a hash', async () => {
    const { user_id, login } = await account()
    const before = new Browser()
    await before.signIn(login)
    const secret = await link(user_id)
    const kept = await test.database.db.selectFrom('one_time_link').where('user_id', '=', user_id).selectAll().execute()
    expect(JSON.stringify(kept)).not.toContain(secret)
    expect((await use(secret)).status).toBe(204)
    expect((await use(secret)).code).toBe('EDU_LINK_NOT_FOUND')
    expect(await before.state()).toBeNull()
    expect((await new Browser().signIn(login, NEW_PASSWORD)).status).toBe(204)
    expect((await new Browser().signIn(login)).status).toBe(401)
  })

  it('works for one of two uses at once', async () => {
    const secret = await link((await account()).user_id)
    const answers = await Promise.all([use(secret), use(secret), use(secret)])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404])
  })

  it('still works after a password that was refused', async () => {
    const secret = await link((await account()).user_id)
    expect(await use(secret, 'короткий')).toMatchObject({ status: 422, code: 'EDU_PASSWORD_REFUSED' })
    expect((await use(secret)).status).toBe(204)
  })

  it('works no more when it is old, replaced, of a disabled account, or the password was changed since', async () => {
    const { db } = test.database
    const { user_id, login } = await account()
    const replaced = await link(user_id)
    const old = await link(user_id)
    expect((await use(replaced)).status).toBe(404)
    const past = sql<Date>`clock_timestamp() - interval '1 second'`
    await db.updateTable('one_time_link').set({ expires_at: past }).where('user_id', '=', user_id).execute()
    expect((await use(old)).status).toBe(404)
    const outstanding = await link(user_id)
    const browser = new Browser()
    await browser.signIn(login)
    const change = { current_password: PASSWORD, password: NEW_PASSWORD }
    expect((await browser.send('PUT', '/account/password', change)).status).toBe(204)
    expect((await use(outstanding)).status).toBe(404)
    const ofDisabled = await link(user_id)
    await db.updateTable('app_user').set({ is_disabled: true }).where('user_id', '=', user_id).execute()
    expect((await use(ofDisabled)).status).toBe(404)
  })

  it('does not stand in for the second factor', async () => {
    const { user_id, login } = await account()
    await enrol(new Browser(), login)
    const browser = new Browser()
    await browser.send('POST', '/sign-in/link/password', { link: await link(user_id), password: NEW_PASSWORD })
    expect(await browser.state()).toBe('second_factor')
  })
})

describe('a session', () => {
  async function age(user_id: number, change: Record<string, unknown>): Promise<void> {
    await test.database.db.updateTable('user_session').set(change).where('user_id', '=', user_id).execute()
  }

  it.each([
    ['idle for four hours', { last_seen_at: sql`clock_timestamp() - interval '241 minutes'` }],
    ['twelve hours old', { expires_at: sql`clock_timestamp() - interval '1 second'` }],
    ['ended', { ended_at: sql`clock_timestamp()` }],
  ])('is none when it is %s, and is not listed', async (_how, change) => {
    const { user_id, login } = await account()
    const [old, fresh] = [new Browser(), new Browser()]
    await old.signIn(login)
    await age(user_id, change)
    await fresh.signIn(login)
    expect([await old.state(), await fresh.state()]).toEqual([null, 'complete'])
    expect((await fresh.send('GET', '/account/sessions')).body['rows']).toHaveLength(1)
  })

  it('lasts twelve hours at most', async () => {
    const { user_id, login } = await account()
    await new Browser().signIn(login)
    const { rows } = await sql<{ hours: number }>`
      SELECT extract(epoch FROM max(expires_at - started_at))::float8 / 3600 AS hours
        FROM user_session WHERE user_id = ${user_id}`.execute(test.database.db)
    expect(rows[0]?.hours).toBeCloseTo(12, 2)
  })

  it('is kept as a hash alone', async () => {
    const { user_id, login } = await account()
    const browser = new Browser()
    await browser.signIn(login)
    const rows = await test.database.db.selectFrom('user_session').where('user_id', '=', user_id).selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(browser.cookies.get('edumon_session'))
  })

  it('is listed and ended by its own person alone', async () => {
    const [mine, other] = [await account(), await account()]
    const [first, second, stranger] = [new Browser(), new Browser(), new Browser()]
    await first.signIn(mine.login)
    await second.signIn(mine.login)
    await stranger.signIn(other.login)
    const rows = (await first.send('GET', '/account/sessions')).body['rows'] as {
      session_id: string
      is_current: boolean
      remote_address: string
    }[]
    expect(rows.filter((row) => row.is_current)).toHaveLength(1)
    const elsewhere = rows.find((row) => !row.is_current && row.remote_address.startsWith('10.'))
    const path = `/account/sessions/${elsewhere?.session_id ?? ''}`
    expect((await stranger.send('DELETE', path)).status).toBe(404)
    expect(await second.state()).toBe('complete')
    expect((await first.send('DELETE', path)).status).toBe(204)
    expect([await first.state(), await second.state()]).toEqual(['complete', null])
  })

  it('ends by signing out, and with a changed password everywhere else', async () => {
    const { login } = await account()
    const [here, elsewhere] = [new Browser(), new Browser()]
    await here.signIn(login)
    await elsewhere.signIn(login)
    const change = { current_password: PASSWORD, password: NEW_PASSWORD }
    expect((await here.send('PUT', '/account/password', change)).status).toBe(204)
    expect([await here.state(), await elsewhere.state()]).toEqual(['complete', null])
    const secret = here.cookies.get('edumon_session') ?? ''
    expect((await here.send('DELETE', '/session')).status).toBe(204)
    here.cookies.set('edumon_session', secret)
    expect(await here.state()).toBeNull()
  })
})

describe('the second factor', () => {
  it('is asked for once confirmed, gives a new session secret, and takes no code twice', async () => {
    const { login } = await account()
    const { secret } = await enrol(new Browser(), login)
    const [first, second] = [new Browser(), new Browser()]
    await first.signIn(login)
    expect(await first.state()).toBe('second_factor')
    expect(first.cookies.has('edumon_device')).toBe(false)
    const before = first.cookies.get('edumon_session') ?? ''
    const code = codeOf(secret)
    expect((await first.send('POST', '/sign-in/second-factor', { code })).status).toBe(204)
    expect(await first.state()).toBe('complete')
    const planted = new Browser()
    planted.cookies.set('edumon_session', before)
    expect(await planted.state()).toBeNull()
    await second.signIn(login)
    expect((await second.send('POST', '/sign-in/second-factor', { code })).code).toBe('EDU_SECOND_FACTOR_WRONG')
  })

  it('takes one code for one of several sign-ins at once', async () => {
    const { login } = await account()
    const { secret } = await enrol(new Browser(), login)
    const browsers = [new Browser(), new Browser(), new Browser()]
    for (const browser of browsers) await browser.signIn(login)
    const code = codeOf(secret)
    const answers = await Promise.all(
      browsers.map((browser) => browser.send('POST', '/sign-in/second-factor', { code })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401])
  })

  it('has recovery codes that work once each', async () => {
    const { login, user_id } = await account()
    const { codes } = await enrol(new Browser(), login)
    const kept = await test.database.db.selectFrom('recovery_code').where('user_id', '=', user_id).selectAll().execute()
    expect(kept).toHaveLength(10)
    for (const code of codes) expect(JSON.stringify(kept)).not.toContain(code)
    const show = async (code: string) => {
      const browser = new Browser()
      await browser.signIn(login)
      return (await browser.send('POST', '/sign-in/second-factor', { code })).status
    }
    expect(await show(codes[0] ?? '')).toBe(204)
    expect(await show(codes[0] ?? '')).toBe(401)
    expect(await show((codes[1] ?? '').toUpperCase())).toBe(204)
  })

  it('is required by role: until one is enrolled the session can do nothing else', async () => {
    const { db } = test.database
    const role = JSON.stringify(['auditor'])
    await db.insertInto('setting').values({ name: 'second_factor_roles', value: role }).execute()
    const { login } = await account('auditor')
    const browser = new Browser()
    await browser.signIn(login)
    expect(await browser.state()).toBe('enrol_second_factor')
    expect((await browser.send('GET', '/territories')).code).toBe('EDU_SECOND_FACTOR_REQUIRED')
    // A secret that was offered and never confirmed completes nothing.
    const { secret } = (await browser.send('POST', '/account/second-factor')).body as { secret: string }
    expect((await browser.send('POST', '/sign-in/second-factor', { code: codeOf(secret) })).status).toBe(401)
    expect(await browser.state()).toBe('enrol_second_factor')
    const proof = { password: PASSWORD, code: codeOf(secret) }
    expect((await browser.send('PUT', '/account/second-factor', proof)).status).toBe(200)
    expect(await browser.state()).toBe('complete')
    const free = new Browser()
    await free.signIn((await account('ministry_analyst')).login)
    expect(await free.state()).toBe('complete')
    await db.updateTable('setting').set({ value: '[]' }).where('name', '=', 'second_factor_roles').execute()
  })

  it('is put in force with the password alone, and renews the secret of the session', async () => {
    const { login } = await account()
    const browser = new Browser()
    await browser.signIn(login)
    const before = browser.cookies.get('edumon_session') ?? ''
    const { secret, asks_password } = (await browser.send('POST', '/account/second-factor')).body as {
      secret: string
      asks_password: boolean
    }
    expect(asks_password).toBe(true)
    const confirm = (password: string | null) =>
      browser.send('PUT', '/account/second-factor', { password, code: codeOf(secret) })
    for (const wrong of ['wrong', null]) {
      expect(await confirm(wrong)).toMatchObject({ status: 401, code: 'EDU_SIGN_IN_REFUSED' })
    }
    expect((await new Browser().signIn(login)).status).toBe(204)
    expect((await confirm(PASSWORD)).status).toBe(200)
    expect(await browser.state()).toBe('complete')
    const planted = new Browser()
    planted.cookies.set('edumon_session', before)
    expect(await planted.state()).toBeNull()
  })

  it('when removed, leaves sessions of a role that must have one incomplete at once', async () => {
    const { db } = test.database
    const { login } = await account('auditor')
    const [browser, other] = [new Browser(), new Browser()]
    const { codes } = await enrol(browser, login)
    await other.signIn(login)
    await other.send('POST', '/sign-in/second-factor', { code: codes[0] ?? '' })
    const value = JSON.stringify(['auditor'])
    await db
      .insertInto('setting')
      .values({ name: 'second_factor_roles', value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
    const proof = { password: PASSWORD, code: codes[1] ?? '' }
    expect((await browser.send('POST', '/account/second-factor/removal', proof)).status).toBe(204)
    expect([await browser.state(), await other.state()]).toEqual(['enrol_second_factor', 'enrol_second_factor'])
    await db.updateTable('setting').set({ value: '[]' }).where('name', '=', 'second_factor_roles').execute()
  })

  it('is removed with the password and a code alone', async () => {
    const { login } = await account()
    const browser = new Browser()
    const { codes } = await enrol(browser, login)
    const remove = (password: string, code: string) =>
      browser.send('POST', '/account/second-factor/removal', { password, code })
    expect((await remove('wrong', codes[0] ?? '')).code).toBe('EDU_SIGN_IN_REFUSED')
    expect((await remove(PASSWORD, '000000')).code).toBe('EDU_SECOND_FACTOR_WRONG')
    expect((await browser.send('POST', '/account/second-factor')).status).toBe(403)
    expect((await remove(PASSWORD, codes[0] ?? '')).status).toBe(204)
    await browser.signIn(login)
    expect(await browser.state()).toBe('complete')
  })
})

describe('the audit of refused attempts', () => {
  async function actionsOf(user_id: number): Promise<string[]> {
    const rows = await test.database.db
      .selectFrom('audit_event')
      .where('subject', '=', `user ${user_id}`)
      .select('action')
      .orderBy('audit_event_id')
      .execute()
    return rows.map((row) => row.action)
  }

  it('tells wrong codes of the second factor, also where it is put in force and removed', async () => {
    const { login, user_id } = await account()
    const browser = new Browser()
    await browser.signIn(login)
    const { secret } = (await browser.send('POST', '/account/second-factor')).body as { secret: string }
    const path = '/account/second-factor'
    await browser.send('PUT', path, { password: PASSWORD, code: '000000' })
    await browser.send('PUT', path, { password: PASSWORD, code: codeOf(secret, -1) })
    await browser.send('POST', `${path}/removal`, { password: PASSWORD, code: '000000' })
    const fresh = new Browser()
    await fresh.signIn(login)
    await fresh.send('POST', '/sign-in/second-factor', { code: '000000' })
    const refused = 'second_factor_refused'
    expect(await actionsOf(user_id)).toEqual([
      ...['sign_in', refused, 'second_factor.confirm', refused, 'sign_in', refused],
    ])
  })

  it('tells a wrong own password, and once in a window that a limit stops attempts', async () => {
    const { login, user_id } = await account()
    const browser = new Browser()
    await browser.signIn(login)
    const change = { current_password: 'wrong', password: NEW_PASSWORD }
    for (let attempt = 0; attempt < 13; attempt += 1) await browser.send('PUT', '/account/password', change)
    const expected = ['sign_in', ...Array<string>(10).fill('password_refused'), 'attempts_stopped']
    expect(await actionsOf(user_id)).toEqual(expected)
  })

  it('tells once that a login is stopped in a network, however many go on at once', async () => {
    const { login, user_id } = await account()
    const guesses = Array.from({ length: 30 }, () => new Browser('10.250.0.9').signIn(login, 'wrong'))
    await Promise.all(guesses)
    const told = await actionsOf(user_id)
    expect(told.filter((action) => action === 'attempts_stopped')).toHaveLength(1)
    expect(told.filter((action) => action === 'sign_in_refused')).toHaveLength(10)
  })
})
