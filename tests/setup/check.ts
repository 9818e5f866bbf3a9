import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The static checks, each by its own tool; all run, so that one call shows everything that is wrong. */
const ROOT = join(import.meta.dirname, '../..')
const CHECKS: readonly (readonly [title: string, command: string, ...args: string[]])[] = [
  ['dependencies', 'node', 'tests/setup/check-dependencies.ts'],
  ['format', 'oxfmt', '--check', '.'],
  ['types: server', 'tsc', '-p', 'server'],
  ['types: collectors', 'tsc', '-p', 'collectors'],
  ['types: tests', 'tsc', '-p', 'tests'],
  ['types: web and templates', 'vue-tsc', '-p', 'web'],
  ['lint', 'eslint', '.', '--max-warnings', '0'],
  ['import directions', 'depcruise', 'server/src', 'collectors/src', 'web/src', '--output-type', 'err'],
  ['dead code', 'knip'],
  ['generated files', 'node', 'server/scripts/generate.ts', '--check'],
  ['bundle sizes', 'node', 'web/scripts/check-bundle.ts'],
]

const only = process.argv.slice(2)
const failed: string[] = []
for (const [title, command, ...args] of CHECKS) {
  if (only.length > 0 && !only.some((word) => title.includes(word))) continue
  const started = performance.now()
  const { status } = spawnSync(join(ROOT, 'node_modules/.bin', command), args, { cwd: ROOT, stdio: 'inherit' })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)`)
  if (status !== 0) failed.push(title)
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`)
  process.exitCode = 1
}
