import { describe, expect, it } from 'vitest'
import { account, Browser, codeOf, enrol, PASSWORD, test, useSignInScene } from './sign-in-scene.ts'

useSignInScene()

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
