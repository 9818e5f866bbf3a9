import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SOURCES = join(import.meta.dirname, '../../server/src')

/** Reads of local tables and of the catalogue alone, which stay on one machine. */
const LOCAL_READS: readonly string[] = [
  'routes/collectors/queries.ts',
  'db/known-collectors.ts',
  'db/migrate.ts',
  'db/operation-figures.ts',
]

/** What a distributed store cannot do, or does row by row: LATERAL, EXISTS, and sub-selects tied to the outer row's unit. */
const REFUSED = [
  /lateral/i,
  /\b(not\s+)?exists\s*\(\s*select/i,
  /\bexists\s*\(\s*\(?\s*(eb|db|query|tx)\b/,
  /\(\s*select\b(?:[^()]|\([^()]*\))*?\bwhere\b(?:[^()]|\([^()]*\))*?\borg_unit_id\s*=\s*\w+\.org_unit_id/i,
]

/** Comments may speak of what queries may not do. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*(\/\/|--).*$/gm, '')
}

function isRefused(text: string): boolean {
  return REFUSED.some((pattern) => pattern.test(withoutComments(text)))
}

describe('queries', () => {
  it('join and aggregate instead of running sub-selects for each unit', () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.gen.ts') && !LOCAL_READS.includes(path),
    )
    expect(files.filter((path) => isRefused(readFileSync(join(SOURCES, path), 'utf8')))).toEqual([])
    expect(files.length).toBeGreaterThan(50)
  })

  it.each([
    'query.leftJoinLateral((eb) => eb.selectFrom("site_check"))',
    'SELECT 1 FROM org_unit u WHERE EXISTS (SELECT FROM site_check c)',
    '.where((eb) => eb.exists(eb.selectFrom("site_check")))',
    'SELECT (SELECT max(checked_at) FROM site_check c WHERE c.org_unit_id = u.org_unit_id) FROM org_unit u',
  ])('are refused when they do: %s', (text) => {
    expect(isRefused(text)).toBe(true)
  })
})
