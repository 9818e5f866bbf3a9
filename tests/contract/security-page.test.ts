import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const page = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
/** Rows of the table of threats: their last cell says what shows the sentence before it. */
const threats = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:Attacker|---)/.test(line))
const shownBy = (row: string): string[] => (row.split(' | ').at(-1) ?? '').replace(/ \|$/, '').split(', ')

describe('the security page', () => {
  it.each(threats.map((row) => [row.split(' | ').slice(0, 2).join(': '), row]))(
    'names tests that are there, each by its file: %s',
    (_name, row) => {
      const named = shownBy(row)
      expect(named.length).toBeGreaterThan(0)
      for (const name of named) {
        expect(name).toMatch(/^`tests\/[\w/.-]+\.test\.ts`$/)
        expect(existsSync(join(ROOT, name.replaceAll('`', '')))).toBe(true)
      }
    },
  )

  it('names no test outside the table, where nobody would look for it', () => {
    expect(threats.length).toBeGreaterThan(15)
    expect([...page.matchAll(/tests\/[^`]+/g)]).toHaveLength(threats.flatMap(shownBy).length)
  })
})
