import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'

const ROOT = join(import.meta.dirname, '../..')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-interrupted-'))
  chmodSync(folder, 0o755)
})
afterAll(() => {
  removePostgresPlace(join(folder, 'data'))
  rmSync(folder, { recursive: true, force: true })
})

/** Programs that name the folder in their command line or their environment. */
function listPrograms(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const told = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8')
        return told.includes(folder) ? [`${pid} ${told.slice(0, 200)}`] : []
      } catch {
        return []
      }
    })
}

interface Started {
  output: () => string
  interrupt: () => void
  ended: Promise<number | null>
}

/** `edumon start` in a process group of its own, so that Ctrl+C can be played as a terminal does it. */
function startProgram(): Started {
  const child = spawn(process.execPath, ['server/src/cli.ts', 'start'], {
    cwd: ROOT,
    env: { ...process.env, EDUMON_DATA_DIR: join(folder, 'data'), EDUMON_PORT: '0', EDUMON_MEASUREMENT_PORT: '0' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  return {
    output: () => output,
    interrupt: () => child.pid !== undefined && process.kill(-child.pid, 'SIGINT'),
    ended: new Promise((resolve) => child.once('exit', resolve)),
  }
}

const MOMENTS: readonly (readonly [string, (started: Started) => boolean])[] = [
  ['while the cluster is being made', () => existsSync(join(folder, 'data/postgres.making/base'))],
  ['while the server starts', () => existsSync(join(folder, 'data/postgres/postmaster.pid'))],
  ['when all of it runs', (started) => started.output().includes('Open http')],
]

describe.runIf(existsSync('/proc/self/environ'))('Ctrl+C during a start', () => {
  it.each(MOMENTS)(
    '%s ends everything, and the next start works',
    async (_name, isReached) => {
      const started = startProgram()
      await expect.poll(() => isReached(started), { timeout: 90_000, interval: 5 }).toBe(true)
      started.interrupt()
      // npm passes the terminal's signal on, so that it comes twice.
      started.interrupt()
      expect(await started.ended, started.output()).toBe(0)
      await expect.poll(listPrograms, { timeout: 10_000 }).toEqual([])
    },
    120_000,
  )
})
