import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl, findFaultySchool } from './demo-reads.ts'
import { expectFocused, expectQuery, listAxeFindings, listOverflowing, openPage, pressOn } from './page-checks.ts'
import { listForeignTexts, watchData } from './page-texts.ts'
import { regionDay } from '../setup/region-day.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

async function choose(page: Page, group: string, choice: string): Promise<void> {
  await pressOn(page.getByRole('group', { name: group }).getByRole('button', { name: choice }))
}

describe('as known on', () => {
  it('shows what was known on a day, says so, keeps it from page to page and returns', async () => {
    const { page, complaints, close } = await openPage(browser, `${demoUrl}/schools`, 1280, 'light')
    const rowsNow = await page.locator('main table').getAttribute('aria-rowcount')
    const day = regionDay(-1)
    await pressOn(page.getByRole('button', { name: 'Дата…' }))
    await page.getByLabel('День, на конец которого').fill(day)
    expect(await listAxeFindings(page, '.popup')).toEqual([])
    const asked = page.waitForRequest((request) => request.url().includes('/org-units?'))
    await page.keyboard.press('Enter')
    await expectQuery(page, 'known_on', day)
    expect(new URL((await asked).url()).searchParams.get('known_at')).toBe(`${day}T19:59:59.999Z`)
    await page.getByText(/^Показано по данным на/).waitFor()
    // The demo's registry was loaded today: the day before nothing of it was known.
    await page.getByText('Реестр организаций пуст').waitFor()

    await pressOn(page.getByRole('link', { name: 'Сайты', exact: true }))
    await page.getByRole('heading', { level: 1, name: 'Сайты' }).waitFor()
    await expectQuery(page, 'known_on', day)
    await page.getByText('На этот день территория ещё не была известна системе').waitFor()
    await page.goBack()
    await pressOn(page.getByRole('button', { name: 'Вернуться к текущим' }))
    await expectQuery(page, 'known_on', null)
    await expect.poll(() => page.locator('main table').getAttribute('aria-rowcount')).toBe(rowsNow)
    // A territory that was not known yet is the API's 404, which the page explains.
    expect(complaints.filter((complaint) => !/\b404\b/.test(complaint))).toEqual([])
    await close()
  })

  it('does not offer a day that has not ended', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/schools`, 1280, 'light')
    await pressOn(page.getByRole('button', { name: 'Дата…' }))
    const field = page.getByLabel('День, на конец которого')
    expect(await field.inputValue()).toBe(regionDay(-1))
    expect(await field.getAttribute('max')).toBe(regionDay(-1))
    await field.fill(regionDay())
    await page.keyboard.press('Enter')
    expect(await field.isVisible()).toBe(true)
    await expectQuery(page, 'known_on', null)
    await page.keyboard.press('Escape')
    await expectFocused(page.getByRole('button', { name: 'Дата…' }))
    await close()
  })
})

describe('appearance', () => {
  it.each(['light', 'dark'] as const)('has no serious findings in high contrast, %s', async (system) => {
    const { page, close } = await openPage(browser, `${demoUrl}/sites`, 1280, system)
    const root = page.locator('html')
    await pressOn(page.getByRole('button', { name: 'Вид и язык' }))
    await choose(page, 'Тема', system === 'light' ? 'тёмная' : 'светлая')
    await choose(page, 'Контраст', 'повышенный')
    expect(await root.getAttribute('data-theme')).toBe(system === 'light' ? 'dark' : 'light')
    expect(await root.getAttribute('data-contrast')).toBe('more')
    expect(await listAxeFindings(page, '.popup')).toEqual([])
    await page.reload({ waitUntil: 'networkidle' })
    expect(await root.getAttribute('data-theme')).toBe(system === 'light' ? 'dark' : 'light')
    expect(await root.getAttribute('data-contrast')).toBe('more')
    expect(await listAxeFindings(page)).toEqual([])
    await close()
  })

  it('opens the sections of a narrow screen in a panel that Esc closes', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/collectors`, 360, 'light')
    const opener = page.getByRole('button', { name: 'Открыть разделы' })
    await pressOn(opener)
    await page.getByRole('dialog').getByRole('link', { name: 'Организации' }).waitFor()
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    await page.keyboard.press('Escape')
    await expectFocused(opener)
    await close()
  })

  it('speaks English throughout when asked to: only data keep their Russian', async () => {
    const { page, complaints, close } = await openPage(browser, `${demoUrl}/sites`, 1280, 'light')
    await pressOn(page.getByRole('button', { name: 'Вид и язык' }))
    await choose(page, 'Язык', 'English')
    await page.getByRole('heading', { level: 1, name: 'Sites of organisations' }).waitFor()
    const data = watchData(page)
    const card = await findFaultySchool()
    for (const path of ['/sites?lineage=working_sites.1', '/schools', '/collectors', card.path, '/no-such-page']) {
      await page.goto(demoUrl + path, { waitUntil: 'networkidle' })
      expect(await page.locator('html').getAttribute('lang')).toBe('en')
      expect(await listForeignTexts(page, await data.read()), path).toEqual([])
      expect(await listOverflowing(page)).toEqual([])
    }
    expect(complaints).toEqual([])
    await close()
  })
})
