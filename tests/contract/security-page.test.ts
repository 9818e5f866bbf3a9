import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

it('the security page names tests that are there', () => {
  const page = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
  const paths = [...page.matchAll(/`(tests\/[\w/.-]+\.test\.ts)`/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})
