import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readProgress } from '../../collectors/src/demo-region/history/progress.ts'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'
import { SESSION_COOKIE } from '../../server/src/plugins/own-cookies.ts'
import { signInToDemo } from '../factories/demo-session.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A demo in a process and a folder of its own, filled by real probes. */
export interface DemoProcess {
  url: string
  /** Secret of a session of the ministry's analyst. */
  session: string
  stop: () => Promise<void>
}

/** Ports of loopback that are free now. */
export async function findPorts(count: number): Promise<number[]> {
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

/** The modelled past is there too, and nothing works on it any more. */
function isHistoryDone(dataDir: string): boolean {
  return readProgress(join(dataDir, 'region'), Date.now()).is_done
}

/**
 * Starts a demo and waits until it is filled.
 * @throws when it ends, or is not filled within the time
 */
export async function startDemoProcess(options: {
  schools: number
  fill_timeout_ms: number
  /** Wait for the modelled past as well. */
  history?: boolean
  settings?: Record<string, string>
  /** Where it listens; absent: any free port. */
  port?: number
}): Promise<DemoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-demo-'))
  chmodSync(folder, 0o755)
  const dataDir = join(folder, 'data')
  const [freePort = 0, httpPort = 0, httpsPort = 0] = await findPorts(3)
  const port = options.port ?? freePort
  const args = ['--schools', `${options.schools}`, '--http-port', `${httpPort}`, '--https-port', `${httpsPort}`]
  const child = spawn(process.execPath, ['server/src/cli.ts', 'demo', ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...options.settings,
      EDUMON_DATA_DIR: dataDir,
      EDUMON_PORT: `${port}`,
      EDUMON_MEASUREMENT_PORT: '0',
    },
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
  const deadline = Date.now() + options.fill_timeout_ms
  let session: string | null = null
  const isReady = async (by: string): Promise<boolean> =>
    (await isFilled(url, by)) && (options.history !== true || isHistoryDone(dataDir))
  while (session === null || !(await isReady(session))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop()
      throw new Error('The demo was not filled in time')
    }
    await delay(1000)
    session ??= await signInToDemo(url, 'ministry').catch(() => null)
  }
  return { url, session, stop }
}
