import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInToDemo } from '../factories/demo-session.ts'
import { headersOf } from '../factories/people.ts'
import { launchChromium } from '../setup/chromium.ts'
import { commandApi, demoUrl } from './demo-reads.ts'
import { expectQuery, listAxeFindings, listOverflowing, openPageAs, pressOn, takeScreenshot } from './page-checks.ts'

let browser: Browser
let session: string
const position = `Аудитор ${crypto.randomUUID().slice(0, 8)}`
beforeAll(async () => {
  browser = await launchChromium()
  session = await signInToDemo(demoUrl, 'admin')
  const { rows } = await commandApi<{ rows: { user_id: number; login: string; display_name: string }[] }>(
    session,
    'GET',
    '/users',
  )
  const auditor = rows.find((user) => user.login === 'auditor')
  const change = { display_name: auditor?.display_name, position, is_disabled: false }
  await commandApi(session, 'PUT', `/users/${auditor?.user_id ?? 0}`, change)
})
afterAll(() => browser.close())

const PATH = '/admin/audit'

describe('the audit', () => {
  it.each([
    [360, 'dark'],
    [1280, 'light'],
    [1920, 'dark'],
  ] as const)('is filtered by keyboard, and shows what changed, at %i px, %s', async (width, theme) => {
    const { page, complaints, close } = await openPageAs(browser, session, demoUrl + PATH, { width, theme })
    await pressOn(page.getByRole('combobox', { name: /^Действие/ }))
    await page.getByRole('option', { name: 'Изменена учётная запись' }).press('Enter')
    await expectQuery(page, 'action', 'user.change')
    await pressOn(page.getByRole('button', { name: /^Открыть запись/ }).first())
    const changes = page.getByRole('table', { name: 'Что изменилось' })
    const [changed, same] = await changes.locator('tbody tr').allTextContents()
    expect(changed).toContain(position)
    expect(changed).toContain('Должность')
    expect(same).toContain('без изменений')
    await takeScreenshot(page, `audit-event-${width}-${theme}`)
    expect(await listAxeFindings(page)).toEqual([])
    expect(await listOverflowing(page)).toEqual([])
    await pressOn(page.getByRole('button', { name: 'Все действия: Мария Орлова' }))
    await expectQuery(page, 'actor', 'Мария Орлова')
    await pressOn(page.getByRole('button', { name: 'Сбросить условия' }))
    await expectQuery(page, 'action', null)
    expect(complaints).toEqual([])
    await close()
  })

  it('downloads exactly what is filtered', async () => {
    const { page, close } = await openPageAs(browser, session, `${demoUrl}${PATH}?action=user.change&from=2026-01-01`)
    const href = (await page.getByRole('link', { name: 'Скачать CSV' }).getAttribute('href')) ?? ''
    const file = await (await fetch(demoUrl + href, { headers: headersOf(session) })).text()
    const listed = await page.getByRole('button', { name: /^Открыть запись/ }).count()
    expect(listed).toBeGreaterThan(0)
    expect(file.match(/Изменена учётная запись/g)).toHaveLength(listed)
    await close()
  })

  it('is fetched page by page', async () => {
    const { page, close } = await openPageAs(browser, session, `${demoUrl}${PATH}?intake=shown`)
    const table = page.getByRole('table', { name: 'Журнал' })
    expect(await table.getAttribute('aria-rowcount')).toBe('101')
    await pressOn(page.getByRole('button', { name: 'Показать ещё' }))
    await expect.poll(async () => Number(await table.getAttribute('aria-rowcount'))).toBeGreaterThan(101)
    await close()
  })

  it('says when nothing is found, and when it cannot be fetched', async () => {
    const empty = await openPageAs(browser, session, `${demoUrl}${PATH}?actor=nobody-of-this-name`)
    await empty.page.getByText('По этим условиям ничего не найдено').waitFor()
    await takeScreenshot(empty.page, 'audit-empty')
    await empty.close()
    const wrong = await openPageAs(browser, session, `${demoUrl}${PATH}?from=2026-03-02&to=2026-03-01`)
    await wrong.page.getByText('Первый день позже последнего').waitFor()
    await wrong.close()

    const { page, close } = await openPageAs(browser, session, `${demoUrl}/account`)
    await page.route('**/api/v1/audit/events?**', (route) => route.fulfill({ status: 503, body: '{}' }))
    await pressOn(page.getByRole('link', { name: 'Журнал' }))
    const failure = page.getByRole('alert').filter({ hasText: 'Не удалось получить данные' })
    await failure.waitFor()
    await page.unroute('**/api/v1/audit/events?**')
    await pressOn(failure.getByRole('button', { name: 'Повторить' }))
    await page.getByRole('table', { name: 'Журнал' }).waitFor()
    await close()
  })
})
