import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { demoPassword, signInToDemo } from '../factories/demo-session.ts'
import { codeOf, STEP_MS } from './authenticator.ts'
import { commandApi, demoUrl } from './demo-reads.ts'
import { invite, PASSWORD } from './invited-person.ts'
import {
  expectFocused,
  listAxeFindings,
  listOverflowing,
  openPageAs,
  pressOn,
  takeScreenshot,
  THEMES,
  WIDTHS,
} from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

async function enter(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('Логин').fill(login)
  await page.getByLabel('Пароль').fill(password)
  await page.keyboard.press('Enter')
}

describe('signing in', () => {
  const variants = WIDTHS.flatMap((width) => THEMES.map((theme) => [width, theme] as const))
  it.each(variants)('is whole at %i px, %s, and says at the field what is wrong', async (width, theme) => {
    const { page, complaints, close } = await openPageAs(browser, null, `${demoUrl}/sites`, { width, theme })
    await takeScreenshot(page, `sign-in-${width}-${theme}`)
    await page.keyboard.press('Enter')
    await page.getByText('Введите логин').waitFor()
    await expectFocused(page.getByLabel('Логин'))
    expect(await listAxeFindings(page)).toEqual([])
    expect(await listOverflowing(page)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('refuses a wrong password at its field and leads a right one to the address asked for', async () => {
    const { page, close } = await openPageAs(browser, null, `${demoUrl}/schools?verdict=works#top`)
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    await enter(page, 'ministry', 'not the password')
    await page.getByText('Логин или пароль не подходит').waitFor()
    const field = page.getByLabel('Пароль')
    await expectFocused(field)
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.getAttribute('aria-describedby')).toMatch(/-fault$/)
    await enter(page, 'ministry', demoPassword('ministry'))
    await page.getByRole('heading', { level: 1, name: 'Организации' }).waitFor()
    expect(page.url()).toBe(`${demoUrl}/schools?verdict=works#top`)
    await expectFocused(page.locator('main'))
    await page.goBack()
    expect(new URL(page.url()).pathname).not.toBe('/sign-in')
    await close()
  })

  it('never leads to a foreign site', async () => {
    const { page, close } = await openPageAs(browser, null, `${demoUrl}/sign-in?to=//example.org/`)
    await pressOn(page.getByRole('button', { name: 'Войти: Анна Седова' }))
    await page.getByRole('heading', { level: 1, name: 'Сайты' }).waitFor()
    expect(page.url()).toBe(`${demoUrl}/sites`)
    await close()
  })
})

describe('a one-time link and the second factor', () => {
  it('sets a password once, enrols an authenticator and asks for its code from then on', async () => {
    const admin = await signInToDemo(demoUrl, 'admin')
    await commandApi(admin, 'PUT', '/settings/second-factor-roles', { roles: ['auditor'] })
    const link = await invite('vera', 'auditor')
    const { page, complaints, close } = await openPageAs(browser, null, link)
    expect(page.url()).toBe(`${demoUrl}/sign-in/link`)
    await page.getByText('Вера Полякова, вас пригласили').waitFor()
    await takeScreenshot(page, 'sign-in-link')
    await page.getByLabel('Новый пароль', { exact: true }).fill('short')
    await page.keyboard.press('Enter')
    await page.getByText('Пароль короче 12 знаков').waitFor()
    await page.getByLabel('Новый пароль', { exact: true }).fill('вера полякова вера')
    await page.getByLabel('Новый пароль ещё раз').fill('вера полякова вера')
    await page.keyboard.press('Enter')
    await page.getByText('В пароле есть имя или логин').waitFor()
    expect(await listAxeFindings(page)).toEqual([])
    await page.getByLabel('Новый пароль', { exact: true }).fill(PASSWORD)
    await page.getByLabel('Новый пароль ещё раз').fill(PASSWORD)
    await page.keyboard.press('Enter')

    await page.getByRole('img', { name: /QR-код/ }).waitFor()
    await takeScreenshot(page, 'second-factor-enrolment')
    expect(await listAxeFindings(page)).toEqual([])
    await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD)
    const secret = (await page.locator('code').textContent())?.replaceAll(' ', '') ?? ''
    const first = Date.now()
    await page.getByLabel('Код, который показывает приложение').fill(codeOf(secret, first))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Резервные коды' }).waitFor()
    await takeScreenshot(page, 'recovery-codes')
    expect(await page.locator('ol li').count()).toBe(10)
    const recovery = (await page.locator('ol li').first().textContent()) ?? ''
    await pressOn(page.getByRole('button', { name: 'Коды сохранены, продолжить' }))
    await page.getByRole('heading', { level: 1, name: 'Сайты' }).waitFor()

    await pressOn(page.getByRole('button', { name: /Вера Полякова/ }))
    await pressOn(page.getByRole('button', { name: 'Выйти' }))
    await enter(page, 'vera', PASSWORD)
    const code = page.getByLabel('Код подтверждения')
    await code.waitFor()
    await takeScreenshot(page, 'second-factor-code')
    await code.fill('000000')
    await page.keyboard.press('Enter')
    await page.getByText('Код не подходит').waitFor()
    await expectFocused(code)
    // A code counts once: the one of the next half minute is new, and taken already now.
    await code.fill(codeOf(secret, first + STEP_MS))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Сайты' }).waitFor()

    await pressOn(page.getByRole('button', { name: /Вера Полякова/ }))
    await pressOn(page.getByRole('button', { name: 'Выйти' }))
    await enter(page, 'vera', PASSWORD)
    await code.fill(recovery.toUpperCase())
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Сайты' }).waitFor()
    expect(complaints.filter((complaint) => !/\b(401|422)\b/.test(complaint))).toEqual([])
    await close()

    const again = await openPageAs(browser, null, link)
    await again.page.getByText('Ссылка уже использована').waitFor()
    await takeScreenshot(again.page, 'sign-in-link-used')
    await again.close()
    await commandApi(admin, 'PUT', '/settings/second-factor-roles', { roles: [] })
  })
})
