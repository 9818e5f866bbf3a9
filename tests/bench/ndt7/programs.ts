import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../../..')
export type Direction = 'download' | 'upload'

/** Starts a program of ours behind some words such as `ip netns exec`, and waits for its first line. */
export async function startServer(
  before: readonly string[],
  host: string,
): Promise<{ url: string; child: ChildProcess }> {
  const words = [...before, process.execPath, 'tests/bench/ndt7/serve.ts', host]
  const [command = '', ...args] = words
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve((JSON.parse(line) as { port: number }).port),
    )
    child.once('exit', () => reject(new Error('The measurement server ended before it was ready')))
  })
  return { url: `ws://${host}:${port}`, child }
}

/** Sum of the speeds of some streams at once, Mbit/s. */
export async function runClient(
  before: readonly string[],
  url: string,
  { direction, streams }: { direction: Direction; streams: number },
): Promise<number> {
  const words = [...before, process.execPath, 'tests/bench/ndt7/client.ts', url, direction, `${streams}`]
  const [command = '', ...args] = words
  const { stdout } = await promisify(execFile)(command, args, { cwd: ROOT })
  return (JSON.parse(stdout) as { mbps: number }).mbps
}

/** What official clients that run at once move together, Mbit/s, and how many of them completed both directions. */
export async function runOfficialClients(
  before: readonly string[],
  url: string,
  clients: number,
): Promise<Record<Direction, number> & { completed: number }> {
  const words = [...before, process.execPath, 'tests/bench/ndt7/official.ts', new URL(url).host, `${clients}`]
  const [command = '', ...args] = words
  const { stdout } = await promisify(execFile)(command, args, { cwd: ROOT })
  return JSON.parse(stdout) as Record<Direction, number> & { completed: number }
}

function hasIperf(): boolean {
  return spawnSync('iperf3', ['--version'], { stdio: 'ignore' }).status === 0
}

/** Makes sure that the peer is there, from Debian's packages when we are root. @returns whether it is */
export function ensureIperf(): boolean {
  if (hasIperf()) return true
  if (process.getuid?.() !== 0) return false
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'iperf3'], { stdio: 'ignore', env })
  return hasIperf()
}

const IPERF_PORT = 5299

/** Where the two ends of a comparison run: words before either program, and the address that the server has. */
export interface Ends {
  server: readonly string[]
  client: readonly string[]
  address: string
}

/** The same by iperf3, for as long. */
export async function runIperf(
  { server: serverWords, client: clientWords, address }: Ends,
  { direction, streams }: { direction: Direction; streams: number },
): Promise<number> {
  const serverLine: string[] = [
    ...serverWords,
    'iperf3',
    '--server',
    '--one-off',
    '--forceflush',
    '--port',
    `${IPERF_PORT}`,
  ]
  const server = spawn(serverLine[0] ?? '', serverLine.slice(1), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      if (line.includes('listening')) resolve()
    })
  })
  const clientLine: string[] = [...clientWords, 'iperf3', '--client', address, '--port', `${IPERF_PORT}`]
  clientLine.push('--time', '10', '--parallel', `${streams}`, '--json')
  if (direction === 'download') clientLine.push('--reverse')
  const { stdout } = await promisify(execFile)(clientLine[0] ?? '', clientLine.slice(1), { maxBuffer: 2 ** 26 })
  const { end } = JSON.parse(stdout) as { end: { sum_received: { bits_per_second: number } } }
  return end.sum_received.bits_per_second / 1e6
}
