import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

function listFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(join(ROOT, path)).isFile())
}

describe('import directions', () => {
  it('hold between the workspaces and their folders', () => {
    const folders = ['server/src', 'collectors/src', 'web/src']
    const { status, stdout } = spawnSync(
      join(ROOT, 'node_modules/.bin/depcruise'),
      [...folders, '--output-type', 'err'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    )
    expect(stdout).toContain('no dependency violations found')
    expect(status).toBe(0)
  })
})

describe('names', () => {
  it('say what is inside: no utils, helpers, common, misc, manager', () => {
    const sources = ['server/src', 'collectors/src', 'web/src', 'tests'].flatMap(listFiles)
    const empty = sources.filter((path) => /(^|\/)(utils?|helpers?|common|misc|managers?|shared)([./]|$)/i.test(path))
    expect(empty).toEqual([])
    expect(sources.length).toBeGreaterThan(50)
  })
})
