import { describe, expect, it, vi } from 'vitest'
import { account, Browser, codeOf, enrol, fail, NEW_PASSWORD, PASSWORD, test, useSignInScene } from './sign-in-scene.ts'

useSignInScene()

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
