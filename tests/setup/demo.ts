import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { TestProject } from 'vitest/node'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'
import { SESSION_COOKIE } from '../../server/src/plugins/access.ts'
import { signInToDemo } from '../factories/demo-session.ts'
import { findChromium } from './chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a running demo, filled by real probes. */
    demoUrl: string
    /** Secret of a session of the ministry's analyst. */
    demoSession: string
  }
}

const ROOT = join(import.meta.dirname, '../..')
const SCHOOLS = 150
const FILL_TIMEOUT_MS = 180_000

async function findPorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

async function read<Row>(url: string, session: string): Promise<Row[]> {
  const answer = await fetch(url, { headers: { cookie: `${SESSION_COOKIE}=${session}` } })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return ((await answer.json()) as { rows: Row[] }).rows
}

/** Filled: every site has a verdict and nearly every one an audit. */
async function isFilled(url: string, session: string): Promise<boolean> {
  try {
    const states = await read<{ verdict: string | null }>(`${url}/api/v1/sites/states`, session)
    const audits = await read<{ outcome: string | null }>(`${url}/api/v1/sites/rule-matrix`, session)
    const audited = audits.filter((site) => site.outcome !== null).length
    return (
      states.length > 0 && states.every((site) => site.verdict !== null) && audited >= Math.max(1, audits.length * 0.9)
    )
  } catch {
    return false
  }
}

/** Starts a small demo in a folder of its own for the browser tests and waits until real probes have filled it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  findChromium()
  const folder = mkdtempSync(join(tmpdir(), 'edumon-browser-'))
  chmodSync(folder, 0o755)
  const dataDir = join(folder, 'data')
  const [port = 0, httpPort = 0, httpsPort = 0] = await findPorts(3)
  const args = ['demo', '--schools', `${SCHOOLS}`, '--http-port', `${httpPort}`, '--https-port', `${httpsPort}`]
  const child = spawn(process.execPath, ['server/src/cli.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, EDUMON_DATA_DIR: dataDir, EDUMON_PORT: `${port}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await ended
    }
    removePostgresPlace(dataDir)
    rmSync(folder, { recursive: true, force: true })
  }
  const deadline = Date.now() + FILL_TIMEOUT_MS
  let session: string | null = null
  while (session === null || !(await isFilled(url, session))) {
    session ??= await signInToDemo(url, 'ministry').catch(() => null)
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop()
      throw new Error('The demo was not filled in time for the browser tests')
    }
    await delay(1000)
  }
  project.provide('demoUrl', url)
  project.provide('demoSession', session)
  return stop
}
