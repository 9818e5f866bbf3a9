import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { makeLink } from '../../../server/src/access/links.ts'
import { hashPassword } from '../../../server/src/access/passwords.ts'
import { insertPerson } from '../../factories/people.ts'
import { createTestApp } from '../../setup/test-app.ts'
import { account, Browser, enrol, NEW_PASSWORD, PASSWORD, test, useSignInScene } from './sign-in-scene.ts'

useSignInScene()

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
