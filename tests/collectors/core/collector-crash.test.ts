import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lease } from '@edumon/server/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SCHOOL_PAGE } from '../zoo/school-page.ts'
import { FakeApi } from './fake-api.ts'

const MAIN = new URL('../../../collectors/src/main.ts', import.meta.url).pathname
const ROUNDS = 3
const SITES = 40

describe('a collector that is killed', () => {
  const api = new FakeApi()
  const folder = mkdtempSync(join(tmpdir(), 'edumon-collector-'))
  const hosts_file = join(folder, 'hosts.json')
  /** Hosts that never answer. */
  const silent = new Set<string>()
  const site = createServer(({ headers }, answer) => {
    if (!silent.has(headers.host ?? '')) answer.setHeader('content-type', 'text/html').end(SCHOOL_PAGE)
  })
  let site_port = 0

  const makeLease = (i: number): Lease => ({
    lease_id: randomUUID(),
    kind: 'site_check',
    org_unit_id: i + 1,
    org_kind: null,
    target_id: randomUUID(),
    url: `http://site-${i}.example:${site_port}/`,
    import_id: null,
    attempt: 1,
    full_handshake: false,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  })

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [MAIN, 'run', 'website', ...args], {
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        EDUMON_API_URL: api.url,
        EDUMON_DATA_DIR: folder,
        EDUMON_COLLECTOR_NAME: 'crash-test',
        EDUMON_ALLOW_ADDRESSES: '127.0.0.0/8',
        EDUMON_HOSTS_FILE: hosts_file,
        EDUMON_HOST_DELAY_MS: '0',
        EDUMON_POLL_MS: '100',
        EDUMON_STOP_GRACE_MS: '2000',
      },
    })

  const spooled = (): number =>
    readdirSync(join(folder, 'collector', 'crash-test')).filter((name) => name.endsWith('.jsonl')).length

  beforeAll(async () => {
    await api.start()
    await new Promise<void>((done) => site.listen(0, '0.0.0.0', done))
    site_port = (site.address() as AddressInfo).port
    const names = Array.from({ length: SITES }, (_, i) => [`site-${i}.example`, `127.79.0.${i + 1}`])
    writeFileSync(hosts_file, JSON.stringify(Object.fromEntries(names)))
  })
  afterAll(() => {
    api.stop()
    site.closeAllConnections()
    site.close()
    rmSync(folder, { recursive: true })
  })

  it('loses no measurement that reached the disk and doubles none', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      // The server keeps the rows, and the way back breaks: the collector cannot know, and is killed there.
      api.answerBatch = () => 'hang_up'
      api.leases.push(...Array.from({ length: SITES }, (_, i) => makeLease(i)))
      const batches_before = api.batches.length
      const child = start()
      await expect.poll(() => api.batches.length, { timeout: 20_000, interval: 10 }).toBeGreaterThan(batches_before)
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(spooled()).toBeGreaterThan(0)

      api.answerBatch = () => 'answer'
      const again = start('--once')
      expect((await once(again, 'exit'))[0]).toBe(0)
      expect(spooled()).toBe(0)
    }
    const sent = new Set(api.batches.flatMap((batch) => batch.measurements.map((row) => (row as { id: string }).id)))
    expect(api.kept.size).toBe(sent.size)
    expect(api.kept.size).toBeGreaterThanOrEqual(SITES)
    expect(api.duplicates).toBeGreaterThan(0)
    expect(api.reused).toBe(0)
  }, 90_000)

  it('ends in good order on SIGTERM, with everything sent', async () => {
    api.leases.push(...Array.from({ length: SITES }, (_, i) => makeLease(i)))
    const before = api.kept.size
    const child = start()
    await expect.poll(() => api.leases.length, { timeout: 20_000, interval: 10 }).toBe(0)
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(0)
    expect(api.kept.size).toBe(before + SITES)
    expect(spooled()).toBe(0)
  }, 60_000)

  it('hands back on SIGTERM what it cannot finish, and sends what is measured', async () => {
    const slow = makeLease(0)
    silent.add(`site-0.example:${site_port}`)
    api.leases.push(slow, makeLease(1))
    const before = api.kept.size
    const child = start()
    await expect.poll(() => api.kept.size, { timeout: 20_000, interval: 10 }).toBe(before + 1)
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(0)
    expect(api.returned).toEqual([slow.lease_id])
    expect(api.kept.size).toBe(before + 1)
    expect(spooled()).toBe(0)
    silent.clear()
  }, 60_000)

  it('keeps everything and stops when the server does not know it', async () => {
    api.leases.push(makeLease(0))
    api.answerBatch = () => 403
    const child = start()
    expect((await once(child, 'exit'))[0]).toBe(1)
    expect(spooled()).toBe(1)
  }, 60_000)
})
