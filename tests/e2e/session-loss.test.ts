import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword, signInToDemo } from '../factories/demo-session.ts'
import { launchChromium } from '../setup/chromium.ts'
import { commandApi, demoUrl, findFaultySchool } from './demo-reads.ts'
import { expectFocused, listAxeFindings, listOverflowing, openPageAs, pressOn, takeScreenshot } from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

const colourOf = (button: Locator): Promise<string> =>
  button.evaluate((element) => getComputedStyle(element).backgroundColor)

describe('a session that ends behind an open page', () => {
  it.each([
    [1280, 'light'],
    [360, 'dark'],
  ] as const)('loses nothing of a half-filled form at %i px, %s', async (width, theme) => {
    const session = await signInToDemo(demoUrl, 'ministry')
    const url = demoUrl + (await findFaultySchool()).path
    const { page, complaints, close } = await openPageAs(browser, session, url, { width, theme })
    await pressOn(page.getByRole('button', { name: 'Проверить вручную' }).first())
    const form = page.getByRole('dialog', { name: /^Проверить вручную/ })
    await form.getByLabel('Кто проверил').fill('Седова А. А.')
    await form.getByLabel('Примечание').fill('Меню за сегодня есть')
    await form.getByRole('radio', { name: 'есть', exact: true }).first().check()
    await commandApi(session, 'DELETE', '/session')

    const save = form.getByRole('button', { name: 'Сохранить проверку' })
    await pressOn(save)
    const dialog = page.getByRole('dialog', { name: 'Сеанс закончился' })
    const password = dialog.getByLabel('Пароль')
    await expectFocused(password)
    // It lies on top of the form that has lost its session, whose own button asks for no attention meanwhile.
    await password.click({ trial: true })
    const behind = page.getByRole('button', { name: 'Сохранить проверку', includeHidden: true })
    expect(await colourOf(behind)).not.toBe(await colourOf(dialog.getByRole('button', { name: 'Войти', exact: true })))
    await takeScreenshot(page, `session-loss-${width}-${theme}`)
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    expect(await listOverflowing(page)).toEqual([])
    await password.fill(demoPassword('ministry'))
    await password.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await expectFocused(save)

    const sent = page.waitForRequest((request) => request.method() === 'POST' && /human-checks$/.test(request.url()))
    await page.keyboard.press('Enter')
    await page.getByText('Проверка сохранена').waitFor()
    expect((await sent).postDataJSON()).toMatchObject({ person: 'Седова А. А.', note: 'Меню за сегодня есть' })
    expect(complaints.filter((complaint) => !/\b401\b/.test(complaint))).toEqual([])
    await close()
  })

  it('begins anew for whoever signs in as somebody else', async () => {
    const session = await signInToDemo(demoUrl, 'ministry')
    const { page, close } = await openPageAs(browser, session, `${demoUrl}/collectors`)
    await commandApi(session, 'DELETE', '/session')
    await pressOn(page.getByRole('link', { name: 'Организации' }))
    const dialog = page.getByRole('dialog', { name: 'Сеанс закончился' })
    await dialog.getByLabel('Логин').fill('specialist')
    await dialog.getByLabel('Пароль').fill(demoPassword('specialist'))
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Игорь Лапин/ }).waitFor()
    await page.getByRole('heading', { level: 1, name: 'Организации' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await close()
  })

  it('ends where another browser of the same person ends it', async () => {
    const other = await openPageAs(browser, await signInToDemo(demoUrl, 'institute'), `${demoUrl}/sites`)
    const own = await openPageAs(browser, await signInToDemo(demoUrl, 'institute'), `${demoUrl}/account`)
    const ends = own.page.getByRole('button', { name: /^Завершить сеанс/ })
    await ends.first().waitFor()
    // Sessions of earlier tests may still run, too.
    for (let left = await ends.count(); left > 0; left -= 1) {
      await pressOn(ends.first())
      await expect.poll(() => ends.count()).toBe(left - 1)
    }
    await own.page.getByText('этот', { exact: true }).waitFor()
    await pressOn(other.page.getByRole('link', { name: 'Организации' }))
    await other.page.getByRole('dialog', { name: 'Сеанс закончился' }).waitFor()
    await other.close()
    await own.close()
  })
})
