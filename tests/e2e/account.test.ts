import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { codeOf, STEP_MS } from './authenticator.ts'
import { commandApi, demoUrl } from './demo-reads.ts'
import { admit, PASSWORD } from './invited-person.ts'
import { expectFocused, listAxeFindings, openPageAs, pressOn, takeScreenshot } from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

const NEXT_PASSWORD = 'four quiet hills listen'
/** So many wrong passwords within a quarter of an hour are heard. */
const ATTEMPTS = 10

async function open(login: string) {
  const session = await admit(`${login}-${crypto.randomUUID().slice(0, 8)}`)
  return { session, ...(await openPageAs(browser, session, `${demoUrl}/account`)) }
}
async function changePassword(page: Page, current: string): Promise<void> {
  await page.getByLabel('Нынешний пароль').fill(current)
  await page.getByLabel('Новый пароль', { exact: true }).fill(NEXT_PASSWORD)
  await page.getByLabel('Новый пароль ещё раз').fill(NEXT_PASSWORD)
  await page.keyboard.press('Enter')
}

describe('the own password', () => {
  it('is changed once the present one is right, and says at its field when it is not', async () => {
    const { page, complaints, close } = await open('rita')
    const current = page.getByLabel('Нынешний пароль')
    await changePassword(page, 'not the password')
    await expect.poll(() => current.getAttribute('aria-invalid')).toBe('true')
    await expectFocused(current)
    expect(await listAxeFindings(page)).toEqual([])
    await changePassword(page, PASSWORD)
    await page.getByText('Пароль изменён, остальные сеансы завершены').waitFor()
    expect(await current.inputValue()).toBe('')
    await changePassword(page, PASSWORD)
    await expect.poll(() => current.getAttribute('aria-invalid')).toBe('true')
    expect(complaints.filter((complaint) => !/\b401\b/.test(complaint))).toEqual([])
    await close()
  })

  it('is asked for again only after a while when it was guessed at too often', async () => {
    const { session, page, close } = await open('nina')
    const guess = { current_password: 'a guess', password: NEXT_PASSWORD }
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await expect(commandApi(session, 'PUT', '/account/password', guess)).rejects.toThrow('EDU_SIGN_IN_REFUSED')
    }
    await changePassword(page, PASSWORD)
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toMatch(/^Слишком много попыток\. Повторите после \d\d:\d\d\.$/)
    await takeScreenshot(page, 'too-many-attempts')
    await close()
  })
})

describe('the second factor of an account', () => {
  it('is connected and taken off again, with the password and a code', async () => {
    const { page, complaints, close } = await open('zoya')
    await pressOn(page.getByRole('button', { name: 'Подключить второй фактор' }))
    const dialog = page.getByRole('dialog')
    const secret = (await dialog.locator('code').textContent()) ?? ''
    const first = Date.now()
    await dialog.getByLabel('Пароль').fill(PASSWORD)
    await dialog.getByLabel('Код, который показывает приложение').fill(codeOf(secret, first))
    await page.keyboard.press('Enter')
    await pressOn(dialog.getByRole('button', { name: 'Коды сохранены, продолжить' }))
    await page.getByText('осталось 10 резервных кодов').waitFor()

    await pressOn(page.getByRole('button', { name: 'Отключить второй фактор' }))
    const password = dialog.getByLabel('Пароль')
    const code = dialog.getByLabel('Код подтверждения')
    await takeScreenshot(page, 'second-factor-removal')
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    await password.fill('not the password')
    // A code counts once: the one of the next half minute is new, and taken already now.
    await code.fill(codeOf(secret, first + STEP_MS))
    await page.keyboard.press('Enter')
    await expect.poll(() => password.getAttribute('aria-invalid')).toBe('true')
    await expectFocused(password)
    await password.fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('Не подключён').waitFor()
    expect(complaints.filter((complaint) => !/\b401\b/.test(complaint))).toEqual([])
    await close()
  })
})
