import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInToDemo } from '../factories/demo-session.ts'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl, readApi } from './demo-reads.ts'
import { openPageAs } from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

const READING = ['Задачи', 'Обращения', 'Сайты', 'Интернет', 'Организации']
const RAILS: readonly (readonly [login: string, sections: readonly string[], territory: RegExp])[] = [
  ['ministry', [...READING, 'Коллекторы', 'Журнал'], /^Саратовская область$/],
  ['institute', [...READING, 'Коллекторы'], /^Саратовская область$/],
  ['head', [...READING, 'Журнал'], /^Вольский/],
  ['specialist', READING, /^Вольский/],
  ['school', READING, /«/],
  ['auditor', [...READING, 'Коллекторы', 'Журнал'], /^Саратовская область$/],
  ['admin', [...READING, 'Коллекторы', 'Пользователи', 'Токены', 'Журнал'], /^Саратовская область$/],
]

describe('pages of a role', () => {
  it.each(RAILS)('%s finds its own sections and starts with its own territory', async (login, sections, territory) => {
    const session = await signInToDemo(demoUrl, login)
    const { page, complaints, close } = await openPageAs(browser, session, `${demoUrl}/sites`)
    expect(await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link').allTextContents()).toEqual(
      sections,
    )
    const control = page.getByRole('combobox', { name: /^Территория/ })
    expect((await control.textContent())?.trim()).toMatch(territory)
    expect(complaints).toEqual([])
    await close()
  })

  it('does not offer a check to whoever may not ask for one', async () => {
    const { rows } = await readApi<{ rows: { org_unit_id: number }[] }>('/sites/states')
    const session = await signInToDemo(demoUrl, 'auditor')
    const { page, close } = await openPageAs(browser, session, `${demoUrl}/schools/${rows[0]?.org_unit_id}`)
    await page
      .getByText('Сайт сейчас')
      .or(page.getByRole('tab', { name: /^Сайты/ }))
      .first()
      .waitFor()
    expect(await page.getByRole('button', { name: 'Проверить сейчас' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Проверить вручную' }).count()).toBe(0)
    await close()
  })

  it("does not know another municipality's school, whatever the address", async () => {
    const { rows } = await readApi<{ rows: { org_unit_id: number; municipality_name: string | null }[] }>('/org-units')
    const foreign = rows.find((unit) => unit.municipality_name?.startsWith('Вольск') === false)
    const session = await signInToDemo(demoUrl, 'specialist')
    const { page, close } = await openPageAs(browser, session, `${demoUrl}/schools/${foreign?.org_unit_id}`)
    await page.getByRole('heading', { level: 1, name: 'Такой организации нет' }).waitFor()
    await close()
  })

  it('says so where a page is for others', async () => {
    const session = await signInToDemo(demoUrl, 'specialist')
    const { page, complaints, close } = await openPageAs(browser, session, `${demoUrl}/admin/users`)
    await page.getByRole('heading', { level: 1, name: 'Для этой страницы нет прав' }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
