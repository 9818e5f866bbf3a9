import { Compile } from 'typebox/compile'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SpeedTest } from '../../server/src/contract/index.ts'
import { signInToDemo } from '../factories/demo-session.ts'
import { launchChromium } from '../setup/chromium.ts'
import { commandApi, demoUrl, readApi } from './demo-reads.ts'
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

/** Both directions of a test, and the time around them. */
const TEST_MS = 60_000
const SUBMIT = '**/api/v1/speed-tests/browser'

let browser: Browser
let code: string

/** The code of a school that stands in one building: nothing is to be chosen before a test. */
async function issueCodeOfOneBuilding(): Promise<string> {
  const admin = await signInToDemo(demoUrl, 'admin')
  const { rows } = await readApi<{ rows: { org_unit_id: number }[] }>('/sites/states')
  for (const { org_unit_id } of rows) {
    const issued = await commandApi<{ code: string }>(admin, 'POST', `/org-units/${org_unit_id}/school-code`)
    const places = '/speed-tickets/browser/places'
    const school = await commandApi<{ places: unknown[] }>(admin, 'POST', places, { code: issued.code })
    if (school.places.length === 1) return issued.code
  }
  throw new Error('The demo has no school in one building')
}

beforeAll(async () => {
  browser = await launchChromium()
  code = await issueCodeOfOneBuilding()
})
afterAll(() => browser.close())

async function enterCode(page: Page): Promise<void> {
  await page.getByLabel('Код школы').fill(`${code.slice(0, 4).toUpperCase()} ${code.slice(4)}`)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Измерить' }).waitFor()
}

/** Starts the test; where programs of schools hold the building or the network just now, once they are done. */
async function startTest(page: Page, started: string): Promise<void> {
  const button = page.getByRole('button', { name: 'Измерить' })
  await pressOn(button)
  const isStarted = async (): Promise<boolean> => {
    if (await page.getByText('уже идёт измерение').isVisible()) await pressOn(button)
    return page.getByText(started).isVisible()
  }
  await expect.poll(isStarted, { timeout: TEST_MS, interval: 3_000 }).toBe(true)
}

/** Keeps what the page hands in on its way to the API, which is not reached while it is `silent`. */
async function answerSubmits(page: Page): Promise<{ bodies: { test: unknown }[]; silent: boolean }> {
  const submits = { bodies: [] as { test: unknown }[], silent: true }
  await page.route(SUBMIT, async (route) => {
    if (submits.silent) return route.abort('internetdisconnected')
    submits.bodies.push(route.request().postDataJSON() as { test: unknown })
    return route.continue()
  })
  return submits
}

describe('the speed test in the browser', () => {
  const variants = WIDTHS.flatMap((width) => THEMES.map((theme) => [width, theme] as const))
  it.each(variants)('asks for the code at %i px, %s, and says at the field what is wrong', async (width, theme) => {
    const { page, complaints, close } = await openPageAs(browser, null, `${demoUrl}/speedtest`, { width, theme })
    await page.getByRole('button', { name: 'Продолжить' }).click()
    await page.getByText('Введите код школы').waitFor()
    await expectFocused(page.getByLabel('Код школы'))
    await takeScreenshot(page, `speedtest-code-${width}-${theme}`)
    expect(await listAxeFindings(page)).toEqual([])
    expect(await listOverflowing(page)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('refuses a wrong code at its field', async () => {
    const { page, close } = await openPageAs(browser, null, `${demoUrl}/speedtest`)
    await page.getByLabel('Код школы').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('Такого кода нет').waitFor()
    await expectFocused(page.getByLabel('Код школы'))
    await close()
  })

  it('measures both directions on a phone, says what that is worth, and keeps the result until it can be sent', async () => {
    const { page, close } = await openPageAs(browser, null, `${demoUrl}/speedtest`, { width: 360, theme: 'light' })
    const submits = await answerSubmits(page)
    await enterCode(page)
    await takeScreenshot(page, 'speedtest-place-360')
    expect(await listAxeFindings(page)).toEqual([])
    await startTest(page, 'Измеряется приём')
    expect(await listAxeFindings(page)).toEqual([])
    await takeScreenshot(page, 'speedtest-running-360')
    await page.getByText('Измеряется передача').waitFor({ timeout: TEST_MS })
    await page.getByText('нижняя граница').waitFor({ timeout: TEST_MS })
    await page.getByText('учитываются только измерения программы').waitFor()
    await page.getByText('1 результат ждёт').waitFor()
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme })
      await takeScreenshot(page, `speedtest-result-360-${theme}`)
      expect(await listAxeFindings(page)).toEqual([])
      expect(await listOverflowing(page)).toEqual([])
    }
    // The page is closed and opened again: what waited is there, and goes when the way is free.
    submits.silent = false
    await page.reload()
    await expect.poll(() => submits.bodies.length).toBe(1)
    const test = submits.bodies[0]?.test
    expect(Compile(SpeedTest).Errors(test)).toEqual([])
    expect(test).toMatchObject({ method: 'browser', cause: null })
    await expect.poll(() => page.getByText('результат ждёт').count()).toBe(0)
    await close()
  }, 180_000)

  it('says that a cut WebSocket is no low speed', async () => {
    const { page, close } = await openPageAs(browser, null, `${demoUrl}/speedtest`)
    await page.addInitScript(() => {
      // A worker of a page is not routed: it is the filter that is made here, which lets plain requests through.
      const Plain = Worker
      class FilteredWorker extends Plain {
        override postMessage(order: { url: string }): void {
          super.postMessage({ ...order, url: order.url.replace('/ndt/v7/', '/cut/') })
        }
      }
      globalThis.Worker = FilteredWorker
    })
    await page.reload()
    await answerSubmits(page)
    await enterCode(page)
    await startTest(page, 'Не смогли измерить')
    await page.getByText('Это не низкая скорость').waitFor()
    await close()
  }, 120_000)
})
