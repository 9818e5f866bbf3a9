import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl } from './demo-reads.ts'
import { listAxeFindings, listOverflowing, openPageAs, pressOn, takeScreenshot } from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

const BUTTON = 'Войти через корпоративную учётную запись'

/** Goes to the provider, which is another site to the browser, and waits for its own sign-in page. */
async function goToProvider(page: Page): Promise<void> {
  await pressOn(page.getByRole('link', { name: BUTTON }))
  await page.locator('input[name=login]').waitFor()
  expect(new URL(page.url()).hostname).toBe('localhost')
}

/** Signs in there and lets the provider tell who one is. */
async function confirmAtProvider(page: Page, login: string): Promise<void> {
  await page.locator('input[name=login]').fill(login)
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit]').click()
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' })
  await page.locator('button[type=submit]').click()
}

describe('signing in at an identity provider', () => {
  it('leads there and back to the address that was asked for', async () => {
    const { page, close } = await openPageAs(browser, null, `${demoUrl}/schools?verdict=works`)
    await goToProvider(page)
    await confirmAtProvider(page, 'nina')
    await page.getByRole('heading', { level: 1, name: 'Организации' }).waitFor()
    expect(page.url()).toBe(`${demoUrl}/schools?verdict=works`)
    await pressOn(page.getByRole('button', { name: /Нина Зорина/ }))
    await page.getByText('Специалист муниципалитета').waitFor()
    await close()
  })

  it('says why it came to nothing, in words, and offers the password', async () => {
    const { page, close } = await openPageAs(browser, null, `${demoUrl}/sign-in`)
    await goToProvider(page)
    await confirmAtProvider(page, 'stranger')
    await page.getByRole('alert').getByText('прав в этой системе у неё нет').waitFor()
    expect(new URL(page.url()).search).toBe('?refused=EDU_OPENID_CONNECT_NO_RIGHTS')
    expect(await page.getByLabel('Пароль').count()).toBe(1)
    await takeScreenshot(page, 'sign-in-refused')
    expect(await listAxeFindings(page)).toEqual([])
    await close()
  })

  it('says so when the person cancels at the provider', async () => {
    const { page, close } = await openPageAs(browser, null, `${demoUrl}/sign-in`)
    await goToProvider(page)
    await page.getByRole('link', { name: /cancel/i }).click()
    await page.getByRole('alert').getByText('не подтвердила вход').waitFor()
    await close()
  })

  it.each([360, 1280])(
    'shows a refusal whole at %i px, and no word that anybody put into the address',
    async (width) => {
      const size = { width, theme: 'dark' } as const
      const path = `${demoUrl}/sign-in?refused=`
      const refused = await openPageAs(browser, null, `${path}EDU_OPENID_CONNECT_INTERRUPTED`, size)
      await refused.page.getByRole('alert').getByText('прервался').waitFor()
      expect(await listOverflowing(refused.page)).toEqual([])
      expect(await listAxeFindings(refused.page)).toEqual([])
      await refused.close()
      const invented = await openPageAs(browser, null, `${path}Позвоните+по+номеру`, size)
      expect(await invented.page.getByRole('alert').count()).toBe(0)
      await invented.close()
    },
  )
})
