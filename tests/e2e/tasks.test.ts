import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInToDemo } from '../factories/demo-session.ts'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl } from './demo-reads.ts'
import { listAxeFindings, listOverflowing, openPageAs, pressOn, takeScreenshot, THEMES, WIDTHS } from './page-checks.ts'

const LOGINS = ['school', 'specialist', 'institute', 'auditor', 'admin'] as const
type Login = (typeof LOGINS)[number]

let browser: Browser
const sessions = new Map<Login, string>()
beforeAll(async () => {
  browser = await launchChromium()
  for (const login of LOGINS) sessions.set(login, await signInToDemo(demoUrl, login))
})
afterAll(() => browser.close())

function open(login: Login, path: string, width = 1280, theme: 'light' | 'dark' = 'light') {
  return openPageAs(browser, sessions.get(login) ?? '', demoUrl + path, { width, theme })
}

describe('the first screen', () => {
  it.each([
    ['school', '/tasks'],
    ['specialist', '/tasks'],
    ['institute', '/tasks'],
    ['auditor', '/sites'],
    ['admin', '/collectors'],
  ] as const)('of %s is %s', async (login, path) => {
    const { page, complaints, close } = await open(login, '/')
    expect(new URL(page.url()).pathname).toBe(path)
    expect(complaints).toEqual([])
    await close()
  })

  it('lets a village director, by phone and untaught, find three findings and print the list', async () => {
    const { page, complaints, close } = await open('school', '/', 360)
    await page.getByRole('heading', { level: 1, name: 'Задачи' }).waitFor()
    await page.getByText(/^На сайте нужно исправить \d+/).waitFor()
    const points = page.locator('.print-part > ol > li')
    expect(await points.count()).toBe(3)
    for (const point of await points.all()) {
      expect(await point.textContent()).toMatch(/Исправить до \d|Срок прошёл \d/)
      expect(await point.isVisible()).toBe(true)
    }
    // A headless browser has no print dialogue: the page stays as it is handed to it.
    await page.evaluate(() => (window.print = () => document.body.setAttribute('data-printed', '')))
    await page.getByRole('button', { name: 'Напечатать список' }).click()
    await page.locator('body[data-printed]').waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await points.first().isVisible()).toBe(true)
    expect(await page.locator('h1').isVisible()).toBe(false)
    expect(await page.getByRole('navigation').filter({ visible: true }).count()).toBe(0)
    await page.emulateMedia({ media: 'screen' })
    expect(await listOverflowing(page)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })
})

describe('a dispute', () => {
  it('is opened by a school beside its finding, rechecked, and decided by the institute', async () => {
    const director = await open('school', '/tasks')
    await director.page.locator('.print-part').getByRole('link').first().click()
    const opener = director.page.getByRole('button', { name: /^Что найдено: / }).filter({ visible: true })
    const row = director.page.locator('tr', { hasText: 'Исправить: ' }).first()
    await opener.first().waitFor()
    await pressOn(row.getByRole('button', { name: /^Что найдено: / }))
    await pressOn(director.page.getByRole('button', { name: /^Оспорить: / }).last())
    const dialog = director.page.getByRole('dialog', { name: 'Оспорить замечание' })
    await pressOn(dialog.getByRole('button', { name: 'Подать' }))
    await dialog.getByText('Напишите причину').waitFor()
    expect(await listAxeFindings(director.page, '[role=dialog]')).toEqual([])
    await dialog.getByLabel('Почему').fill('Страница есть: раздел открывается из главного меню')
    await dialog.getByLabel('Файл, если есть').setInputFiles({
      ...{ name: 'Снимок.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 test') },
    })
    await dialog.getByText('Выбран: Снимок.pdf').waitFor()
    await pressOn(dialog.getByRole('button', { name: 'Подать' }))
    await dialog.waitFor({ state: 'detached' })
    await director.page.getByText('На рассмотрении').first().waitFor()
    await takeScreenshot(director.page, 'dispute-school')

    const institute = await open('institute', '/')
    const decider = institute.page
    await decider.getByRole('heading', { name: 'Решить: 1' }).waitFor()
    await decider.getByRole('table').getByRole('link').first().click()
    await decider.getByRole('heading', { name: 'Решение', exact: true }).waitFor()
    await decider.getByText(/^перепроверено /).waitFor({ timeout: 90_000 })
    expect(await listAxeFindings(decider)).toEqual([])
    await decider.getByLabel('удовлетворить').check()
    await decider.getByLabel('Причина решения').fill('Раздел есть, робот его не увидел')
    await takeScreenshot(decider, 'decision-institute')
    await pressOn(decider.getByRole('button', { name: 'Принять решение' }))
    await decider.getByText('Раздел есть, робот его не увидел').waitFor()
    await decider.getByRole('heading', { name: 'Решение', exact: true }).waitFor({ state: 'detached' })

    await director.page.goto(`${demoUrl}/tasks`)
    await director.page.getByText('Удовлетворено').first().waitFor()
    expect([...director.complaints, ...institute.complaints]).toEqual([])
    await director.close()
    await institute.close()
  })
})

describe('pages of tasks and objections', () => {
  const variants = WIDTHS.flatMap((width) => THEMES.map((theme) => [width, theme] as const))

  it.each(variants)('are whole at %i px, %s', async (width, theme) => {
    for (const [login, path, name] of [
      ['school', '/tasks', 'tasks-school'],
      ['specialist', '/tasks', 'tasks-municipality'],
      ['institute', '/objections', 'objections'],
    ] as const) {
      const { page, complaints, close } = await open(login, path, width, theme)
      await page.locator('main h2').first().waitFor()
      await takeScreenshot(page, `${name}-${width}-${theme}`)
      expect(await listOverflowing(page)).toEqual([])
      expect(await listAxeFindings(page)).toEqual([])
      if (login === 'institute') {
        await page.getByRole('table').getByRole('link').first().click()
        await page.getByRole('heading', { name: 'Ход рассмотрения' }).waitFor()
        await takeScreenshot(page, `objection-${width}-${theme}`)
        expect(await listOverflowing(page)).toEqual([])
        expect(await listAxeFindings(page)).toEqual([])
      }
      expect(complaints).toEqual([])
      await close()
    }
  })
})
