import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl, findFaultySchool } from './demo-reads.ts'
import { listAxeFindings, listOverflowing, openPage, takeScreenshot, THEMES, walkByTab, WIDTHS } from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

const PAGES: readonly (readonly [name: string, path: () => Promise<string>])[] = [
  ['sites', () => Promise.resolve('/sites')],
  ['internet', () => Promise.resolve('/internet')],
  ['school-internet', async () => `${(await findFaultySchool()).path}?tab=internet`],
  ['schools', () => Promise.resolve('/schools')],
  ['school', async () => (await findFaultySchool()).path],
  ['collectors', () => Promise.resolve('/collectors')],
  ['audit', () => Promise.resolve('/admin/audit')],
  ['not-found', () => Promise.resolve('/there-is-no-such-page')],
]

describe.each(PAGES)('page %s', (name, findPath) => {
  const variants = WIDTHS.flatMap((width) => THEMES.map((theme) => [width, theme] as const))

  it.each(variants)('is whole at %i px, %s', async (width, theme) => {
    const { page, complaints, close } = await openPage(browser, demoUrl + (await findPath()), width, theme)
    await takeScreenshot(page, `${name}-${width}-${theme}`)
    expect(await page.locator('html').getAttribute('data-theme')).toBe(theme)
    expect(await page.locator('h1').count()).toBe(1)
    expect(await listOverflowing(page)).toEqual([])
    expect(await listAxeFindings(page)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('can be walked by keyboard, the first step leads past the navigation', async () => {
    const { page, close } = await openPage(browser, demoUrl + (await findPath()), 1280, 'light')
    const walked = await walkByTab(page, 12)
    expect(walked[0]).toMatch(/К содержанию/)
    expect(new Set(walked).size).toBeGreaterThan(6)
    await close()
  })
})
