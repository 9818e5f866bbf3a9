import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl, readApi } from './demo-reads.ts'
import { expectFocused, expectQuery, listAxeFindings, openPage, pressOn } from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

const SEARCH = 'лицей'

interface OrgUnits {
  total: number
  rows: { short_name: string }[]
}

/** Rows of the table as a screen reader hears them, without the head. */
async function countRows(page: Page): Promise<number> {
  return Number(await page.locator('main table').getAttribute('aria-rowcount')) - 1
}

/** The lines of the file that the page offers, split into cells, the head first. */
async function downloadCsv(page: Page): Promise<string[][]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    pressOn(page.getByRole('button', { name: 'Скачать CSV' })),
  ])
  const text = readFileSync(await download.path(), 'utf8')
  const lines = text.replace(/^\ufeff/, '').split('\r\n')
  return lines.filter((line) => line !== '').map((line) => line.split(';'))
}

describe('list of organisations', () => {
  it('filters by a typed word, keeps it in the URL, and saves exactly what it shows', async () => {
    const { page, complaints, close } = await openPage(browser, `${demoUrl}/schools`, 1280, 'light')
    const { total, rows } = await readApi<OrgUnits>(`/org-units?text=${encodeURIComponent(SEARCH)}`)
    expect(total).toBeGreaterThan(0)
    await page.getByRole('searchbox', { name: 'Поиск' }).focus()
    await page.keyboard.type(SEARCH)
    await expectQuery(page, 'text', SEARCH)
    await expect.poll(() => countRows(page)).toBe(total)

    await page.reload({ waitUntil: 'networkidle' })
    expect(await page.getByRole('searchbox', { name: 'Поиск' }).inputValue()).toBe(SEARCH)
    expect(await countRows(page)).toBe(total)
    expect(await page.locator('main').textContent()).toMatch(new RegExp(`(^|\\D)${total} строк`))
    const [head, ...saved] = await downloadCsv(page)
    expect(head?.[0]).toBe('Организация')
    expect(saved).toHaveLength(total)
    expect(rows).toHaveLength(total)

    await pressOn(page.getByRole('button', { name: 'Сбросить условия' }))
    await expectQuery(page, 'text', null)
    await expect.poll(() => countRows(page)).toBeGreaterThan(total)
    expect(complaints).toEqual([])
    await close()
  })

  it('is filtered from a list by arrow keys, and an open list has no serious findings', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/schools`, 1280, 'dark')
    await pressOn(page.getByRole('combobox', { name: /^Сайт/ }))
    await page.getByRole('listbox').waitFor()
    // An open list hides the page from a screen reader and holds the Tab key, so the list alone is judged.
    expect(await listAxeFindings(page, '[role=listbox]')).toEqual([])
    await page.keyboard.press('Tab')
    await expectFocused(page.getByRole('option', { name: 'Все' }))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expectQuery(page, 'verdict', 'does_not_work')
    const verdicts = (await downloadCsv(page)).slice(1).map((cells) => cells[5])
    expect(verdicts).toHaveLength(await countRows(page))
    expect(new Set(verdicts)).toEqual(new Set(['Не работает']))
    await page.goBack()
    await expectQuery(page, 'verdict', null)
    await close()
  })

  it('is sorted from the head of a column by keyboard, back and forth', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/schools`, 1280, 'light')
    const head = page.getByRole('columnheader', { name: 'Организация' })
    await pressOn(head.getByRole('button'))
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending')
    await expectQuery(page, 'sort', 'name')
    const first = await page.locator('tr[aria-rowindex="2"] th').textContent()
    await pressOn(head.getByRole('button'), ' ')
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('descending')
    await expectQuery(page, 'sort', '-name')
    const names = (await downloadCsv(page)).slice(1).map((cells) => cells[0] ?? '')
    expect(first).toContain(names.at(-1)?.replaceAll('""', '"').replace(/^"|"$/g, ''))
    await close()
  })

  it('holds few rows in the page, tells the true count, and End leads to the last row', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/schools`, 1280, 'light')
    const { total } = await readApi<OrgUnits>('/org-units')
    expect(await countRows(page)).toBe(total)
    expect(await page.locator('tr.row').count()).toBeLessThan(total)
    await pressOn(page.getByRole('group', { name: 'Организации' }), 'End')
    const last = page.locator(`tr[aria-rowindex="${total + 1}"]`)
    await last.waitFor()
    await expectFocused(last)
    await page.keyboard.press('Home')
    await expectFocused(page.locator('tr[aria-rowindex="2"]'))
    await close()
  })

  it('hides a column from a small panel that Esc closes', async () => {
    const { page, close } = await openPage(browser, `${demoUrl}/schools`, 1280, 'light')
    const opener = page.getByRole('button', { name: /^Столбцы/ })
    await pressOn(opener)
    await pressOn(page.getByRole('checkbox', { name: 'ИНН' }), ' ')
    expect(await listAxeFindings(page, '.popup')).toEqual([])
    await page.keyboard.press('Escape')
    await expectFocused(opener)
    const [shown = 0, all = 0] = ((await opener.textContent()) ?? '').match(/\d+/g)?.map(Number) ?? []
    expect(shown).toBe(all - 1)
    expect((await downloadCsv(page))[0]).not.toContain('ИНН')
    await close()
  })
})
