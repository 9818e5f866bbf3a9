import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl, findFaultySchool } from './demo-reads.ts'
import { expectFocused, expectQuery, listAxeFindings, listOverflowing, openPage, pressOn } from './page-checks.ts'

let browser: Browser
let faulty: { path: string; subsection: string }
beforeAll(async () => {
  browser = await launchChromium()
  faulty = await findFaultySchool()
})
afterAll(() => browser.close())

describe('card of an organisation', () => {
  it('changes its part by the arrow keys and keeps it in the URL', async () => {
    const { page, close } = await openPage(browser, demoUrl + faulty.path, 1280, 'light')
    await page.getByRole('tab', { name: /^Сайты/ }).focus()
    await page.keyboard.press('ArrowRight')
    await expectFocused(page.getByRole('tab', { name: /^Интернет/ }))
    await page.keyboard.press('ArrowRight')
    await expectFocused(page.getByRole('tab', { name: /^Структура/ }))
    await page.keyboard.press('Enter')
    await expectQuery(page, 'tab', 'structure')
    await page.getByRole('heading', { name: /^Филиалы и здания/ }).waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await expectQuery(page, 'tab', null)
    await page.getByRole('heading', { name: /^Сведения есть в/ }).waitFor()
    await close()
  })

  it.each([
    [1280, 'light'],
    [360, 'dark'],
  ] as const)('opens a finding and its evidence by keyboard at %i px, %s', async (width, theme) => {
    const { page, complaints, close } = await openPage(browser, demoUrl + faulty.path, width, theme)
    const opener = page.getByRole('button', { name: `Что найдено: ${faulty.subsection}`, exact: true })
    await pressOn(opener)
    expect(await opener.getAttribute('aria-expanded')).toBe('true')
    const finding = page.locator('article.finding').first()
    await pressOn(finding.locator('summary'))
    const evidence = finding.getByRole('button', { name: 'Открыть доказательство' })
    expect(await listAxeFindings(page)).toEqual([])
    await pressOn(evidence)
    const dialog = page.getByRole('dialog', { name: 'Доказательство' })
    await dialog.getByText('GET http').waitFor()
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    expect(await listOverflowing(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expectFocused(evidence)
    expect(complaints).toEqual([])
    await close()
  })

  it.each([
    [1280, 'light'],
    [360, 'dark'],
  ] as const)('opens the checklist of a human check at %i px, %s, without serious findings', async (width, theme) => {
    const { page, complaints, close } = await openPage(browser, demoUrl + faulty.path, width, theme)
    const opener = page.getByRole('button', { name: 'Проверить вручную' })
    await pressOn(opener)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Сохранить' }).waitFor()
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    await pressOn(dialog.getByRole('button', { name: 'Сохранить' }))
    await dialog.locator('[aria-invalid=true]').first().waitFor()
    expect(await listAxeFindings(page, '[role=dialog]')).toEqual([])
    expect(await listOverflowing(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expectFocused(opener)
    expect(complaints).toEqual([])
    await close()
  })

  it('asks for a check once and says in place what became of it', async () => {
    const { page, close } = await openPage(browser, demoUrl + faulty.path, 1280, 'light')
    const asked: string[] = []
    page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()))
    await pressOn(page.getByRole('button', { name: 'Проверить сейчас' }))
    const waiting = page.getByRole('button', { name: /^(Ставится в очередь|В очереди|Проверяется)$/ })
    await waiting.waitFor()
    await expectFocused(waiting)
    expect(await waiting.getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.getByText(/^Проверено .+: /).waitFor({ timeout: 90_000 })
    await page.getByRole('button', { name: 'Проверить сейчас' }).waitFor()
    expect(asked).toHaveLength(1)
    await close()
  })

  it("prints the director's list alone, without the navigation", async () => {
    const { page, close } = await openPage(browser, demoUrl + faulty.path, 1280, 'dark')
    // A headless browser has no print dialogue: the page stays as it is handed to it.
    await page.evaluate(() => (window.print = () => document.body.setAttribute('data-printed', '')))
    await pressOn(page.getByRole('button', { name: 'Напечатать список' }))
    await page.locator('body[data-printed]').waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.print-part li').first().isVisible()).toBe(true)
    expect(await page.getByRole('navigation').filter({ visible: true }).count()).toBe(0)
    const headings = page.locator('h1, h2').filter({ visible: true })
    expect(await headings.allTextContents()).toEqual(['Список для руководителя: что исправить на сайте'])
    const name = (await page.locator('h1').textContent())?.trim() ?? ''
    expect(await page.locator('.print-part').textContent()).toContain(name)
    await close()
  })
})
