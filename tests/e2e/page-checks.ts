import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright-core'
import { expect, inject } from 'vitest'
import { SESSION_COOKIE } from '../../server/src/plugins/own-cookies.ts'

export const WIDTHS = [360, 1280, 1920] as const
export const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const SCREENSHOTS = join(import.meta.dirname, 'screenshots')
const HEIGHT = 900

/** An open page with everything that it complained about. */
export interface OpenPage {
  page: Page
  complaints: string[]
  close: () => Promise<void>
}

/** Opens a page as the ministry's analyst. */
export function openPage(browser: Browser, url: string, width: number, theme: Theme): Promise<OpenPage> {
  return openPageAs(browser, inject('demoSession'), url, { width, theme })
}

/** Opens a page in a browser of its own. @param session secret of a session; null: nobody is signed in */
export async function openPageAs(
  browser: Browser,
  session: string | null,
  url: string,
  { width, theme }: { width: number; theme: Theme } = { width: 1280, theme: 'light' },
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width, height: HEIGHT },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'ru-RU',
    timezoneId: 'Europe/Saratov',
  })
  if (session !== null) {
    // Of the whole server: with the page's own address it would count for the addresses beside the page alone.
    const { origin } = new URL(url)
    await context.addCookies([
      { name: SESSION_COOKIE, value: session, url: origin, httpOnly: true, sameSite: 'Strict' },
    ])
  }
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('response', (answer) => {
    if (answer.status() >= 400) complaints.push(`${answer.status()} ${answer.url()}`)
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  await page.locator('h1').first().waitFor()
  return { page, complaints, close: () => context.close() }
}

/** Keeps a picture of the whole page for people to look at. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
}

/** Elements that push the page wider than the window; empty when nothing scrolls sideways. */
export async function listOverflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
      .slice(0, 5)
  })
}

/** Serious and critical findings of axe in the page, or in what a selector names, as rule and element. */
export async function listAxeFindings(page: Page, within = 'html'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(within).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 120)}`))
}

/** Walks the page with Tab and tells what had the focus, in order. */
export async function walkByTab(page: Page, steps: number): Promise<string[]> {
  const walked: string[] = []
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab')
    walked.push(
      await page.evaluate(() => {
        const element = document.activeElement
        return element === null ? '' : `${element.tagName.toLowerCase()} ${element.textContent.trim().slice(0, 40)}`
      }),
    )
  }
  return walked
}

/** Waits until the element itself has the focus. */
export async function expectFocused(element: Locator): Promise<void> {
  await expect.poll(() => element.evaluate((node) => node === document.activeElement)).toBe(true)
}

/** Presses a control as a person without a mouse does: focus on it, then a key. */
export async function pressOn(control: Locator, key = 'Enter'): Promise<void> {
  await control.focus()
  await control.press(key)
}

/** Waits until a word of the URL has a value; null: until it is gone. */
export async function expectQuery(page: Page, key: string, value: string | null): Promise<void> {
  await expect.poll(() => new URL(page.url()).searchParams.get(key)).toBe(value)
}
