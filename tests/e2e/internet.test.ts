import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SESSION_COOKIE } from '../../server/src/plugins/own-cookies.ts'
import { createInternetScene, SCENE_PERIOD, type InternetScene } from '../factories/internet-scene.ts'
import { launchChromium } from '../setup/chromium.ts'
import {
  expectFocused,
  expectQuery,
  listAxeFindings,
  listOverflowing,
  openPageAs,
  pressOn,
  takeScreenshot,
  THEMES,
  walkByTab,
  WIDTHS,
  type OpenPage,
  type Theme,
} from './page-checks.ts'

let browser: Browser
let scene: InternetScene
beforeAll(async () => {
  browser = await launchChromium()
  scene = await createInternetScene()
})
afterAll(async () => {
  await browser.close()
  await scene.test.close()
})

function open(path: string, width: number = 1280, theme: Theme = 'light'): Promise<OpenPage> {
  const session = scene.person.headers.cookie.slice(SESSION_COOKIE.length + 1)
  return openPageAs(browser, session, scene.url + path, { width, theme })
}
const page = (query = ''): string => `/internet?period=${SCENE_PERIOD}${query}`
const card = (): string =>
  `/schools/${scene.schools.get('Школа № 3')?.org_unit_id ?? 0}?tab=internet&period=${SCENE_PERIOD}`
const variants = WIDTHS.flatMap((width) => THEMES.map((theme) => [width, theme] as const))

describe('page of the Internet', () => {
  it.each(variants)('is whole at %i px, %s, with every chart drawn', async (width, theme) => {
    const { page: view, complaints, close } = await open(page(), width, theme)
    const figures = view.locator('figure')
    expect(await figures.count()).toBe(4)
    for (const figure of await figures.all()) {
      await figure.scrollIntoViewIfNeeded()
      await figure.locator('svg path').first().waitFor({ state: 'attached' })
    }
    await takeScreenshot(view, `internet-${width}-${theme}`)
    expect(await listOverflowing(view)).toEqual([])
    expect(await listAxeFindings(view)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('says what was found, and opens the lineage of an indicator by keyboard', async () => {
    const { page: view, close } = await open(page())
    await view.getByText(/^Вывод о норме есть для 7 из 8 зданий: ниже нормы – 4/).waitFor()
    await view
      .getByRole('heading', { name: 'Норму не выполняют 4 из 7 зданий с выводом; у 1 данных не хватает' })
      .waitFor()
    const figure = view.locator('[data-lineage^="internet_norm."]')
    await pressOn(figure)
    await expect.poll(() => new URL(view.url()).searchParams.get('lineage')).toMatch(/^internet_norm\./)
    await view.keyboard.press('Escape')
    await expectFocused(figure)
    await close()
  })

  it('keeps its filters in the URL, and Back undoes a choice', async () => {
    const { page: view, close } = await open(page('&settlement=village'))
    await view.getByRole('heading', { name: /^Норму не выполняют 3 из 3/ }).waitFor()
    await pressOn(view.getByRole('button', { name: 'Сбросить условия' }))
    await expectQuery(view, 'settlement', null)
    await view.getByRole('heading', { name: /^Норму не выполняют 4 из 7/ }).waitFor()
    await view.goBack()
    await expectQuery(view, 'settlement', 'village')
    await close()
  })

  it('leads from a figure to the buildings behind it, and takes the focus there', async () => {
    const { page: view, close } = await open(page())
    const row = view.getByRole('row', { name: /^Договор не соблюдается/ }).first()
    await pressOn(row.getByRole('link'))
    await expectQuery(view, 'contract', 'not_kept')
    const table = view.locator('#buildings [role="group"]')
    await expectFocused(table)
    expect(await table.getByRole('rowheader').count()).toBe(Number(await row.getByRole('link').textContent()))
    await close()
  })

  it('walks a chart by arrow keys and shows it as a table', async () => {
    const { page: view, close } = await open(page())
    const figure = view.locator('figure').nth(2)
    await figure.scrollIntoViewIfNeeded()
    await figure.locator('.plot').press('ArrowRight')
    await expect
      .poll(() => figure.locator('[aria-live]').textContent())
      .toMatch(/^Школа № 3, Здание в Терсе: по договору 50/)
    await pressOn(figure.getByRole('button', { name: 'Таблица' }))
    expect(await figure.getByRole('rowheader').count()).toBe(6)
    await close()
  })

  it('names whom to look for, why and what to do', async () => {
    const { page: view, close } = await open(page('&silence=silent'))
    const row = view.getByRole('row', { name: /СОШ с. Заречное/ }).first()
    await row.getByText('компьютер выключен').waitFor()
    await row.getByText(/^Включите компьютер/).waitFor()
    await close()
  })

  it('can be walked by keyboard, the first step leads past the navigation', async () => {
    const { page: view, close } = await open(page())
    const walked = await walkByTab(view, 16)
    expect(walked[0]).toMatch(/К содержанию/)
    expect(new Set(walked).size).toBeGreaterThan(8)
    await close()
  })
})

describe('Internet of a school', () => {
  it.each(variants)('is whole at %i px, %s', async (width, theme) => {
    const { page: view, complaints, close } = await open(card(), width, theme)
    await view.getByText(/по худшему зданию: Здание в Терсе – 7,/).waitFor()
    await view.getByText('Здание в Терсе: с 1 дек. 2025 по 31 дек. 2025 договора не было.').waitFor()
    await takeScreenshot(view, `school-internet-full-${width}-${theme}`)
    expect(await listOverflowing(view)).toEqual([])
    expect(await listAxeFindings(view)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  it('says that it could not measure, why, and what to do; and where no program is, what to do', async () => {
    const { page: view, close } = await open(card())
    await view
      .getByText(/^Здание в Терсе: не смогли измерить – фильтр не пропускает WebSocket\. Разрешите WebSocket/)
      .waitFor()
    await view.getByText('Программа измерений ещё не установлена: Спортивный корпус.').waitFor()
    await view.getByRole('link', { name: 'открыть страницу измерения' }).waitFor()
    await close()
  })

  it('opens a test that does not count, and says why', async () => {
    const { page: view, close } = await open(`${card()}&validity=off_hours`)
    const opener = view.getByRole('button', { name: /^Обстоятельства: 29 сент/ })
    await pressOn(opener)
    await view.getByText('Выводы строятся по учебным часам рабочих дней.').waitFor()
    expect(await opener.getAttribute('aria-expanded')).toBe('true')
    expect(await listAxeFindings(view)).toEqual([])
    await close()
  })

  it('takes in an appeal and its answer by keyboard', async () => {
    const { page: view, complaints, close } = await open(card())
    await pressOn(view.getByRole('button', { name: 'Внести обращение' }))
    const dialog = view.getByRole('dialog', { name: 'Обращение к оператору' })
    await pressOn(dialog.getByRole('button', { name: 'Сохранить' }))
    await expectFocused(dialog.getByLabel('Номер'))
    expect(await listAxeFindings(view, '[role=dialog]')).toEqual([])
    await dialog.getByLabel('Номер').fill('01-15/7')
    await dialog.getByLabel('Оператор').fill('Ростелеком')
    await dialog.getByLabel('О чём просим').fill('Скорость ниже договора')
    await pressOn(dialog.getByRole('button', { name: 'Сохранить' }))
    await view.getByRole('heading', { name: 'Обращения к оператору: 1, без ответа – 1' }).waitFor()
    await pressOn(view.getByRole('button', { name: 'Внести ответ' }))
    await dialog.getByLabel('Ответ', { exact: true }).fill('Линия починена')
    await dialog.getByLabel('Дата ответа').fill(await dialog.getByLabel('Дата', { exact: true }).inputValue())
    await pressOn(dialog.getByRole('button', { name: 'Сохранить' }))
    await view.getByRole('heading', { name: 'Обращения к оператору: 1, без ответа – 0' }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
