import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendQueue, type SendParts } from '../../../collectors/src/school-agent/send-queue.ts'
import { apiTo, makeTest, openTestSpool, SILENT } from './agent-scene.ts'
import { SchoolServer } from './school-server.ts'

const PAGE = { 'content-type': 'text/html' }
const JSON_TYPE = { 'content-type': 'application/json' }

describe('sendQueue', () => {
  let server: SchoolServer
  let folder = ''
  let parts: SendParts

  beforeEach(async () => {
    server = new SchoolServer()
    await server.start()
    folder = mkdtempSync(join(tmpdir(), 'edumon-queue-'))
    const agent_id = crypto.randomUUID()
    parts = { agent_id, api: apiTo(server), spool: await openTestSpool(folder), log: SILENT }
  })
  afterEach(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  const add = async (...ids: string[]): Promise<void> => {
    for (const id of ids) await parts.spool.add({ list: 'tests', row: makeTest({ id }) })
  }
  const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  const aside = (): unknown[] =>
    readdirSync(join(folder, 'set-aside')).flatMap((name) =>
      readFileSync(join(folder, 'set-aside', name), 'utf8')
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    )

  it('deletes what was taken, and sends in the order of the queue', async () => {
    await add(uuid(3), uuid(1), uuid(2))
    expect(await sendQueue(parts)).toEqual({ kind: 'empty', sent: 3, set_aside: 0 })
    expect(server.tests.map(({ id }) => id)).toEqual([uuid(3), uuid(1), uuid(2)])
    expect(parts.spool.size().measurements).toBe(0)
  })

  it('sets a rejected row aside with its reason, whichever list it is in, and never sends it again', async () => {
    await add(uuid(1))
    const hour = { id: uuid(2), org_unit_id: 7, hour_at: '2026-10-14T06:00:00Z', sent: 2, answered: 1 }
    await parts.spool.add({ list: 'pings', row: hour })
    await parts.spool.add({ list: 'pings', row: { ...hour, id: uuid(3) } })
    server.rejectRow = (row) => (row.id === uuid(3) ? 'EDU_UNIT_FOREIGN' : null)
    expect(await sendQueue(parts)).toEqual({ kind: 'empty', sent: 2, set_aside: 1 })
    expect(aside()).toEqual([{ measurement: { ...hour, id: uuid(3) }, reason: 'EDU_UNIT_FOREIGN: for the test' }])
    expect([...server.kept.keys()]).toEqual([uuid(1), uuid(2)])
  })

  it('keeps all and stops when the server does not know the school', async () => {
    await add(uuid(1), uuid(2))
    const outcome = await sendQueue({ ...parts, api: apiTo(server, undefined, 'edu_school_revoked') })
    expect(outcome).toMatchObject({ kind: 'refused', sent: 0 })
    expect(parts.spool.size().measurements).toBe(2)
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['a busy server', { status: 429, headers: { ...JSON_TYPE, 'retry-after': '90' }, body: '{"code":"EDU_RATE"}' }, 90],
    ['a failing server', { status: 500, headers: JSON_TYPE, body: '{"code":"EDU_INTERNAL"}' }, null],
    ["a filter's page that forbids", { status: 403, headers: PAGE, body: '<html>Запрещено</html>' }, null],
    ["a filter's page that says all is well", { status: 200, headers: PAGE, body: '<html>Войдите</html>' }, null],
  ])('keeps all for later when it meets %s', async (_name, spoiled, retry_after_s) => {
    await add(uuid(1))
    server.spoil = () => spoiled
    expect(await sendQueue(parts)).toMatchObject({ kind: 'later', sent: 0, retry_after_s })
    server.spoil = () => null
    expect(await sendQueue(parts)).toMatchObject({ kind: 'empty', sent: 1 })
  })

  it('sets aside the one row that makes a batch unreadable, and delivers the others in order', async () => {
    await add(uuid(1), uuid(2), uuid(3))
    const bodies: string[] = []
    const real = parts.api.submit
    parts.api.submit = (batch) => {
      const text = JSON.stringify(batch.tests)
      bodies.push(text)
      server.spoil = () =>
        text.includes(uuid(2)) ? { status: 400, headers: JSON_TYPE, body: '{"code":"EDU_REQUEST_INVALID"}' } : null
      return real(batch)
    }
    expect(await sendQueue(parts)).toEqual({ kind: 'empty', sent: 2, set_aside: 1 })
    expect(server.tests.map(({ id }) => id)).toEqual([uuid(1), uuid(3)])
    expect(aside()).toMatchObject([{ measurement: { id: uuid(2) } }])
  })

  it('doubles nothing when the answer is lost on the way back', async () => {
    await add(uuid(1), uuid(2))
    server.spoil = () => 'hang_up'
    expect(await sendQueue(parts)).toMatchObject({ kind: 'later' })
    server.spoil = () => null
    expect(await sendQueue(parts)).toMatchObject({ kind: 'empty' })
    expect([server.tests.length, server.reused]).toEqual([2, 0])
  })

  it('keeps the order of the queue when the clock is put back', async () => {
    let now = Date.parse('2026-10-14T06:00:00Z') + 0.25
    parts.spool = await openTestSpool(folder, () => now)
    await add(uuid(1))
    now -= 365 * 86_400_000
    await add(uuid(2))
    parts.spool = await openTestSpool(folder, () => now)
    await add(uuid(3))
    await sendQueue(parts)
    expect(server.tests.map(({ id }) => id)).toEqual([uuid(1), uuid(2), uuid(3)])
  })
})
