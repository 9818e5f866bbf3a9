import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInToDemo } from '../factories/demo-session.ts'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl } from './demo-reads.ts'
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
let session: string
beforeAll(async () => {
  browser = await launchChromium()
  session = await signInToDemo(demoUrl, 'admin')
})
afterAll(() => browser.close())

const variants = WIDTHS.flatMap((width) => THEMES.map((theme) => [width, theme] as const))
describe.each(['/admin/users', '/admin/tokens', '/account'])('page %s', (path) => {
  it.each(variants)('is whole at %i px, %s', async (width, theme) => {
    const { page, complaints, close } = await openPageAs(browser, session, demoUrl + path, { width, theme })
    await page.locator('main table').first().waitFor()
    await takeScreenshot(page, `${path.slice(1).replace('/', '-')}-${width}-${theme}`)
    expect(await listOverflowing(page)).toEqual([])
    expect(await listAxeFindings(page)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })
})

describe('users', () => {
  it.each([
    [1280, 'light'],
    [360, 'dark'],
  ] as const)('invites a person by keyboard at %i px, %s, and takes the right back', async (width, theme) => {
    const { page, complaints, close } = await openPageAs(browser, session, `${demoUrl}/admin/users`, { width, theme })
    await pressOn(page.getByRole('button', { name: 'Пригласить' }))
    const dialog = page.getByRole('dialog', { name: 'Пригласить' })
    await pressOn(dialog.getByRole('button', { name: 'Создать приглашение' }))
    await dialog.getByText('Выберите территорию или организацию').waitFor()
    await takeScreenshot(page, `invite-${width}-${theme}`)
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    const mark = crypto.randomUUID().slice(0, 8)
    const name = `Пётр ${mark}`
    await dialog.getByLabel('Имя и фамилия').fill(name)
    await dialog.getByLabel('Логин').fill(`petr-${mark}`)
    await pressOn(dialog.getByRole('combobox', { name: /^Роль/ }))
    await page.getByRole('option', { name: 'Специалист муниципалитета' }).press('Enter')
    await dialog.getByPlaceholder('Часть названия').fill('вольск')
    await pressOn(dialog.getByRole('button', { name: /^Вольский/ }).first())
    await pressOn(dialog.getByRole('button', { name: 'Создать приглашение' }))
    const link = dialog.getByLabel('Показано один раз')
    expect(await link.inputValue()).toMatch(/\/sign-in\/link#[\w-]{20,}$/)
    await pressOn(dialog.getByRole('button', { name: 'Готово' }))

    await pressOn(page.getByRole('button', { name: `Изменить: ${name}` }))
    await takeScreenshot(page, `user-${width}-${theme}`)
    expect(await listAxeFindings(page)).toEqual([])
    expect(await listOverflowing(page)).toEqual([])
    const revoke = page.getByRole('button', { name: /^Отозвать право: Специалист/ })
    await pressOn(revoke)
    const question = page.getByRole('dialog')
    await expectFocused(question.getByRole('button', { name: 'Не менять' }))
    await takeScreenshot(page, `user-confirm-${width}-${theme}`)
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    await page.keyboard.press('Enter')
    await expectFocused(revoke)
    await pressOn(revoke)
    await pressOn(question.getByRole('button', { name: 'Отозвать', exact: true }))
    await page.getByText(/^отозвано /).waitFor()
    await pressOn(page.getByRole('button', { name: 'Отключить', exact: true }))
    await pressOn(question.getByRole('button', { name: 'Отключить', exact: true }))
    await page.getByRole('button', { name: 'Включить', exact: true }).waitFor()
    await question.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
    await close()
  })
})

describe('tokens', () => {
  it('issues a token that works, replaces it, and revokes it at once', async () => {
    const { page, complaints, close } = await openPageAs(browser, session, `${demoUrl}/admin/tokens`)
    const statusOf = async (token: string): Promise<number> =>
      (await fetch(`${demoUrl}/api/v1/org-units`, { headers: { authorization: `Bearer ${token}` } })).status
    await pressOn(page.getByRole('button', { name: 'Выпустить токен' }))
    const dialog = page.getByRole('dialog', { name: 'Выпустить токен' })
    await pressOn(dialog.getByRole('combobox', { name: /^Вид/ }))
    // By a click: a list behind its dialog would hear keys, but not be seen.
    await page.getByRole('option', { name: 'выгрузка, только чтение' }).click()
    await dialog.getByLabel('Назначение').fill('Проба выгрузки')
    await dialog.getByPlaceholder('Часть названия').fill('вольск')
    await pressOn(dialog.getByRole('button', { name: /^Вольский/ }).first())
    await takeScreenshot(page, 'token-issue')
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    await pressOn(dialog.getByRole('button', { name: 'Выпустить токен' }))
    const first = await dialog.getByLabel('Показано один раз').inputValue()
    expect(await statusOf(first)).toBe(200)
    await pressOn(dialog.getByRole('button', { name: 'Готово' }))

    await pressOn(page.getByRole('button', { name: 'Заменить токен: Проба выгрузки' }))
    const rotation = page.getByRole('dialog', { name: 'Заменить токен: Проба выгрузки' })
    await pressOn(rotation.getByRole('button', { name: 'Заменить', exact: true }))
    const second = await rotation.getByLabel('Показано один раз').inputValue()
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200])
    await pressOn(rotation.getByRole('button', { name: 'Готово' }))

    const revoke = page.getByRole('button', { name: `Отозвать токен: Проба выгрузки, ${second.slice(0, 6)}` })
    await expect.poll(() => page.getByRole('button', { name: /^Отозвать токен: Проба выгрузки/ }).count()).toBe(2)
    await pressOn(revoke.or(page.getByRole('button', { name: /^Отозвать токен: Проба выгрузки/ })).first())
    await pressOn(page.getByRole('dialog').getByRole('button', { name: 'Отозвать', exact: true }))
    await expect.poll(() => page.getByRole('button', { name: /^Отозвать токен: Проба выгрузки/ }).count()).toBe(1)
    expect([await statusOf(first), await statusOf(second)].toSorted()).toEqual([200, 401])
    expect(complaints).toEqual([])
    await close()
  })
})
