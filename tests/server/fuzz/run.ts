import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** Fuzzes every route for some minutes, by the same test that runs for 20 seconds with all the others. */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } } })
const ROOT = join(import.meta.dirname, '../../..')
const { status } = spawnSync(
  join(ROOT, 'node_modules/.bin/vitest'),
  ['run', '--project', 'node', 'tests/server/fuzz/fuzz.test.ts'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      EDUMON_FUZZ_MINUTES: values.minutes,
      ...(values.seed === undefined ? {} : { EDUMON_FUZZ_SEED: values.seed }),
    },
  },
)
process.exitCode = status ?? 1
