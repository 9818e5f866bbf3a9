import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium } from '../setup/chromium.ts'
import { demoUrl, readApi } from './demo-reads.ts'
import { openPage } from './page-checks.ts'

let browser: Browser
beforeAll(async () => (browser = await launchChromium()))
afterAll(() => browser.close())

interface Overview {
  rows: { name: string; expected: number; received: number }[]
}

it('sets what was expected of each collector beside what came, and says when it last reported', async () => {
  const before = await readApi<Overview>('/collectors')
  const { page, close } = await openPage(browser, `${demoUrl}/collectors`, 1280, 'light')
  const after = await readApi<Overview>('/collectors')
  const table = page.getByRole('table', { name: 'Коллекторы' })
  const heads = await table.getByRole('columnheader').allTextContents()
  const columnOf = (label: string): number => heads.findIndex((head) => head.trim() === label)
  expect(columnOf('Последняя пачка')).toBeGreaterThan(0)
  expect(before.rows.length).toBeGreaterThan(0)
  for (const collector of before.rows) {
    const cells = await table.getByRole('row', { name: collector.name }).locator('th, td').allTextContents()
    const numberIn = (label: string): number => Number((cells[columnOf(label)] ?? '').replaceAll(/\D/g, ''))
    const later = after.rows.find((row) => row.name === collector.name)
    // Measurements go on coming while the page loads: its number lies between the two readings.
    for (const [label, key] of [
      ['Ожидалось', 'expected'],
      ['Получено', 'received'],
    ] as const) {
      const [low = 0, high = 0] = [collector[key], later?.[key] ?? 0].toSorted((left, right) => left - right)
      expect(numberIn(label), label).toBeGreaterThanOrEqual(low)
      expect(numberIn(label), label).toBeLessThanOrEqual(high)
    }
    expect(cells[columnOf('Последняя пачка')]).toMatch(/\d{2}:\d{2}/)
  }
  await close()
})
