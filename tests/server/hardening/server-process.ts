import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { vi } from 'vitest'

const MAIN = join(import.meta.dirname, '../../../server/src/main.ts')

/** The API as a process of its own. */
export interface ServerProcess {
  url: string
  child: ChildProcess
  /** All that it has printed. */
  output: () => string
  /** Lines of its log so far. */
  lines: () => Record<string, unknown>[]
  /** Code that it ended with. */
  ended: Promise<number | null>
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts the API; whoever starts it ends it. */
export async function startServer(settings: Record<string, string>): Promise<ServerProcess> {
  const port = await findFreePort()
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], EDUMON_PORT: `${port}`, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (printed += part.toString()))
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    output: () => printed,
    lines: () =>
      printed
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    ended: once(child, 'close').then(([code]) => code as number | null),
  }
}

/** @throws when the API cannot serve within a minute */
export async function waitUntilReady({ url, output }: ServerProcess): Promise<void> {
  const ask = () =>
    fetch(`${url}/api/v1/ready`).then(
      (answer) => answer.status,
      () => 0,
    )
  await vi
    .waitUntil(async () => (await ask()) === 200, { timeout: 60_000, interval: 100 })
    .catch((cause: unknown) => {
      throw new Error(`the API is not ready: ${output()}`, { cause })
    })
}
