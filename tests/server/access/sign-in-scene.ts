import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect } from 'vitest'
import { hashPassword } from '../../../server/src/access/passwords.ts'
import type { Role } from '../../../server/src/access/roles.ts'
import { insertPerson, type TestPerson } from '../../factories/people.ts'
import { inChange, insertUnit } from '../../factories/registry.ts'
import { TestBrowser } from '../../factories/test-browser.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

/** Password of all accounts of the scene. */
export const PASSWORD = 'верный конь и скрепка'
export const NEW_PASSWORD = 'дождь над степью'

/** The application of the file that uses the scene. */
export let test: TestApp
export let region_id: number

/** An application with one region, for the tests of one file. */
export function useSignInScene(): void {
  beforeAll(async () => {
    test = await createTestApp()
    const region = await inChange(test.database.db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
    region_id = region.org_unit_id
  })
  afterAll(() => test.close())
}

let password_hash: string | null = null
/** Makes an account with a password and a role in the region. */
export async function account(role: Role = 'ministry_analyst'): Promise<TestPerson> {
  password_hash ??= await hashPassword(PASSWORD)
  const made = await insertPerson(test.database.db, [{ role, org_unit_id: region_id, founder_kinds: null }])
  await test.database.db.updateTable('app_user').set({ password_hash }).where('user_id', '=', made.user_id).execute()
  return made
}

/** A browser that signs in with the password of the scene's accounts. */
export class Browser extends TestBrowser {
  constructor(address?: string) {
    super(test.app, address)
  }

  signIn(login: string, password = PASSWORD) {
    return this.send('POST', '/sign-in', { login, password })
  }
}

/** Signs in with a wrong password, which is refused each time. */
export async function fail(browser: Browser, login: string, times: number): Promise<void> {
  for (let attempt = 0; attempt < times; attempt += 1) {
    expect((await browser.signIn(login, 'wrong')).code).toBe('EDU_SIGN_IN_REFUSED')
  }
}

/** The code that an authenticator shows, or will show or has shown by steps of half a minute. */
export function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 }).generate({
    timestamp: Date.now() + steps * 30_000,
  })
}

/** Signs in and puts a second factor in force. */
export async function enrol(browser: Browser, login: string): Promise<{ secret: string; codes: string[] }> {
  await browser.signIn(login)
  const { secret } = (await browser.send('POST', '/account/second-factor')).body as { secret: string }
  const confirmed = await browser.send('PUT', '/account/second-factor', {
    password: PASSWORD,
    code: codeOf(secret, -1),
  })
  return { secret, codes: (confirmed.body as { codes: string[] }).codes }
}
