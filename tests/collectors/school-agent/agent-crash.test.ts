import { execFileSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { killAgent, startAgent, writeAgentConfig } from './agent-process.ts'
import { makePlan, SchoolServer } from './school-server.ts'

const ROUNDS = 12
const BETWEEN_TESTS_MS = 150

/** Whether this machine lets us mount a file system of our own, as root can. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("a school agent's process", () => {
  const server = new SchoolServer()
  let folder = ''
  let data_dir = ''
  let failing: Server
  let agent: ChildProcess | null = null

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edumon-agent-'))
    data_dir = join(folder, 'data')
    mkdirSync(data_dir)
    for (const list of [server.tests, server.pings, server.tickets, server.requests]) list.length = 0
    server.kept.clear()
    server.spoil = () => null
    await server.start()
    // Tests that end at once: what counts here is what becomes of their results.
    failing = createServer((_request, answer) => answer.writeHead(500).end())
    await new Promise<void>((done) => failing.listen(0, '127.0.0.1', done))
    server.measurement_url = `ws://127.0.0.1:${(failing.address() as AddressInfo).port}`
    const begin = Date.now()
    const times = Array.from({ length: 2_000 }, (_, i) => new Date(begin + i * BETWEEN_TESTS_MS).toISOString())
    server.plan = makePlan(times, { late_limit_s: 5 })
  })
  afterEach(async () => {
    if (agent !== null) await killAgent(agent, 'SIGKILL')
    failing.closeAllConnections()
    failing.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  /** Ids of tests that lie in the queue. */
  const queued = (): string[] =>
    readdirSync(join(data_dir, 'queue'))
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) =>
        readFileSync(join(data_dir, 'queue', name), 'utf8')
          .trim()
          .split('\n'),
      )
      .map((line) => (JSON.parse(line) as { row: { id: string } }).row.id)
  const start = () => (agent = startAgent(writeAgentConfig(folder, server.url, data_dir)))
  const settled = { timeout: 20_000, interval: 50 }

  it('loses nothing that reached the disk, doubles nothing and keeps the order when it is killed at any moment', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      // In turn: all is well, the way back breaks after the work, and the server cannot.
      const way = round % 3
      server.spoil = (path) =>
        path !== '/api/v1/speed-tests' || way === 0 ? null : way === 1 ? 'hang_up' : { status: 503 }
      const tickets_before = server.tickets.length
      const running = start()
      await vi.waitUntil(() => server.tickets.length > tickets_before + 1, settled)
      await new Promise((done) => setTimeout(done, Math.random() * 400))
      await killAgent(running, 'SIGKILL')
      for (const id of queued()) seen.add(id)
    }
    server.spoil = () => null
    server.plan = makePlan([])
    const running = start()
    await vi.waitUntil(
      () => queued().length === 0 && seen.size > 0 && server.requests.at(-1) === '/api/v1/speed-tests',
      settled,
    )
    await killAgent(running, 'SIGTERM')
    expect([...seen].filter((id) => !server.kept.has(id))).toEqual([])
    expect(server.reused).toBe(0)
    // At most the one test that was under way is lost with each kill; none is there twice.
    const ticket_ids = server.tests.map(({ ticket_id }) => ticket_id)
    expect(new Set(ticket_ids).size).toBe(ticket_ids.length)
    expect(server.tickets.length - ticket_ids.length).toBeLessThanOrEqual(ROUNDS + 1)
    const times = server.tests.map(({ started_at }) => started_at)
    expect(times).toEqual(times.toSorted())
    expect(times.length).toBeGreaterThanOrEqual(ROUNDS)
  }, 120_000)

  it('leaves in order when told to stop', async () => {
    const running = start()
    await vi.waitUntil(() => server.tests.length > 0, settled)
    await killAgent(running, 'SIGTERM')
    expect(running.exitCode).toBe(0)
  })

  it('lets no second one onto its folder', async () => {
    const first = start()
    await vi.waitUntil(() => server.tickets.length > 0, settled)
    const second = startAgent(writeAgentConfig(folder, server.url, data_dir))
    await vi.waitUntil(() => second.exitCode !== null, settled)
    expect(second.exitCode).toBe(2)
    await killAgent(first, 'SIGKILL')
  })

  it.runIf(canMount())(
    'begins no test while the disk is full, and loses none of those before',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', data_dir])
      try {
        server.spoil = (path) => (path === '/api/v1/speed-tests' ? { status: 503 } : null)
        const running = start()
        await vi.waitUntil(() => server.tickets.length >= 5, settled)
        const filler = join(data_dir, 'somebody-else')
        for (let kib = 256; kib >= 4; kib /= 2) fill(filler, kib)
        const gone = server.tickets.length
        await vi.waitUntil(() => server.requests.length > 0 && isQuiet(), settled)
        expect(server.tickets.length - gone).toBeLessThanOrEqual(2)
        const made = server.tickets.length
        rmSync(filler)
        server.spoil = () => null
        await killAgent(running, 'SIGTERM')
        const again = start()
        await vi.waitUntil(() => server.tests.length >= made + 2, settled)
        await killAgent(again, 'SIGTERM')
        const kept = new Set(server.tests.map(({ ticket_id }) => ticket_id))
        expect(server.tickets.slice(0, made).filter((id) => !kept.has(id))).toEqual([])
      } finally {
        if (agent !== null) await killAgent(agent, 'SIGKILL')
        execFileSync('umount', [data_dir])
      }
    },
    60_000,
  )

  /** Adds to a file as much as still goes. */
  function fill(path: string, kib: number): void {
    for (;;) {
      try {
        writeFileSync(path, Buffer.alloc(kib * 1024), { flag: 'a' })
      } catch {
        return
      }
    }
  }

  let last = { tickets: -1, at: 0 }
  /** No test was begun for a time in which a dozen are planned. */
  function isQuiet(): boolean {
    if (last.tickets !== server.tickets.length) last = { tickets: server.tickets.length, at: Date.now() }
    return Date.now() - last.at > 12 * BETWEEN_TESTS_MS
  }
})
