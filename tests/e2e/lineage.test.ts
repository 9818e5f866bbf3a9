import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl, findProvenPlace } from './demo-reads.ts'
import { expectFocused, expectQuery, listAxeFindings, listOverflowing, openPage, pressOn } from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

const findFigure = (page: Page): Locator => page.locator('button[data-lineage^="working_sites."]').first()
const findDrawer = (page: Page, role: 'complementary' | 'dialog' = 'complementary'): Locator =>
  page.getByRole(role, { name: 'Откуда число' })

async function openDrawer(page: Page): Promise<string> {
  const figure = findFigure(page)
  const word = (await figure.getAttribute('data-lineage')) ?? ''
  await pressOn(figure)
  await expectQuery(page, 'lineage', word)
  return word
}

describe('where a figure comes from', () => {
  it('leads by keyboard from the figure to its schools, their facts and the evidence, and back', async () => {
    const { page, complaints, close } = await openPage(browser, `${demoUrl}/sites`, 1280, 'light')
    await openDrawer(page)
    const drawer = findDrawer(page)
    await expectFocused(drawer.getByRole('button', { name: 'Закрыть' }))

    const failed = drawer.locator('details', { hasText: 'Не засчитаны' })
    await failed.locator('summary').waitFor()
    if ((await failed.getAttribute('open')) === null) await pressOn(failed.locator('summary'))
    await pressOn(failed.getByRole('button', { name: 'Факты' }).nth(await findProvenPlace('working_sites')))
    const evidence = failed.getByRole('button', { name: /Доказательство/ }).first()
    await evidence.waitFor()
    expect(await listAxeFindings(page, '.drawer')).toEqual([])

    await pressOn(evidence)
    const dialog = page.getByRole('dialog', { name: 'Доказательство' })
    await dialog.getByText('GET http').waitFor()
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expectFocused(evidence)

    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await expectFocused(findFigure(page))
    await expectQuery(page, 'lineage', null)
    expect(complaints).toEqual([])
    await close()
  })

  it('is a step of the history: a link opens it, Back closes it', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/sites`, 1280, 'light')
    const word = await openDrawer(page)
    await page.reload({ waitUntil: 'networkidle' })
    await findDrawer(page).waitFor()
    await expectQuery(page, 'lineage', word)
    await page.goBack()
    await findDrawer(page).waitFor({ state: 'detached' })
    await expectFocused(findFigure(page))
    await close()
  })

  it('leads on to the card of a school that stands behind the figure', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/sites`, 1280, 'light')
    await openDrawer(page)
    const part = findDrawer(page).locator('details', { hasText: 'Не засчитаны' })
    await part.locator('summary').waitFor()
    if ((await part.getAttribute('open')) === null) await pressOn(part.locator('summary'))
    const school = part.getByRole('link').first()
    const name = (await school.textContent())?.trim() ?? ''
    await pressOn(school)
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/schools\/\d+$/)
    expect(await findDrawer(page).count()).toBe(0)
    await expectFocused(page.locator('main'))
    await close()
  })

  it('stands beside the page at 1920 px and hides nothing of it', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/sites`, 1920, 'dark')
    await openDrawer(page)
    await findDrawer(page).locator('details').first().waitFor()
    const main = await page.locator('main').boundingBox()
    const drawer = await findDrawer(page).boundingBox()
    expect((main?.x ?? 0) + (main?.width ?? 0)).toBeLessThanOrEqual((drawer?.x ?? 0) + 1)
    expect(await listOverflowing(page)).toEqual([])
    expect(await listAxeFindings(page)).toEqual([])
    await close()
  })

  it('takes the whole screen at 360 px and keeps the focus until it is closed', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/sites`, 360, 'light')
    await openDrawer(page)
    const drawer = findDrawer(page, 'dialog')
    await drawer.locator('details').first().waitFor()
    expect(await drawer.boundingBox()).toMatchObject({ x: 0, y: 0, width: 360 })
    expect(await listOverflowing(page)).toEqual([])
    expect(await listAxeFindings(page, '.drawer')).toEqual([])
    for (let step = 0; step < 25; step += 1) {
      await page.keyboard.press('Tab')
      expect(await drawer.evaluate((node) => node.contains(document.activeElement))).toBe(true)
    }
    await page.keyboard.press('Escape')
    await expectFocused(findFigure(page))
    await close()
  })
})
