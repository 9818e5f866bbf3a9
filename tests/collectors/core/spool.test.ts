import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../collectors/src/core/api-client.ts'
import { openSpool } from '../../../collectors/src/core/spool.ts'
import { drainSpool } from '../../../collectors/src/core/submitter.ts'
import type { SubmitterParts } from '../../../collectors/src/core/submitter.ts'
import { FakeApi } from './fake-api.ts'

const LOG = pino({ level: 'silent' })

describe('the spool', () => {
  let folder = ''
  let api: FakeApi
  const aside = (): string[] => readdirSync(join(folder, 'set-aside'))

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edumon-spool-'))
    api = new FakeApi()
    await api.start()
  })
  afterEach(() => {
    api.stop()
    rmSync(folder, { recursive: true })
  })

  async function makeParts(): Promise<SubmitterParts> {
    return {
      identity: { name: 'test', version: '1', vantage: 'test' },
      api: createApiClient(new URL(api.url), null),
      spool: await openSpool(folder, LOG),
      log: LOG,
      witness: () => null,
      health: () => ({ event_loop_p999_ms: 0, spooled: 0, memory_mb: 1 }),
    }
  }

  it('cuts what it holds into batches of at most a thousand rows and eight megabytes', async () => {
    const parts = await makeParts()
    const small = Array.from({ length: 1500 }, (_, i) => parts.spool.add({ id: `small-${i}` }))
    const large = Array.from({ length: 10 }, (_, i) =>
      parts.spool.add({ id: `large-${i}`, body: 'x'.repeat(1_000_000) }),
    )
    await Promise.all([...small, ...large])
    expect(await drainSpool(parts)).toBe('empty')
    expect(api.kept.size).toBe(1510)
    for (const batch of api.batches) {
      expect(batch.measurements.length).toBeLessThanOrEqual(1000)
      expect(JSON.stringify(batch).length).toBeLessThan(8_000_000)
    }
  })

  it('keeps its rows while the server fails, and sends the same bytes later', async () => {
    const parts = await makeParts()
    await parts.spool.add({ id: 'a', value: null })
    api.answerBatch = () => 503
    expect(await drainSpool(parts)).toBe('retry')
    const reopened = { ...parts, spool: await openSpool(folder, LOG) }
    expect(reopened.spool.size().measurements).toBe(1)
    api.answerBatch = () => 'answer'
    expect(await drainSpool(reopened)).toBe('empty')
    expect(api.kept.get('a')).toBe('{"id":"a","value":null}')
  })

  it('sets rejected rows aside with the reason, and never sends them again', async () => {
    const parts = await makeParts()
    await Promise.all([parts.spool.add({ id: 'good' }), parts.spool.add({ id: 'bad' })])
    api.rejectRow = (id) => (id === 'bad' ? 'EDU_ROW_INVALID' : null)
    expect(await drainSpool(parts)).toBe('empty')
    expect([...api.kept.keys()]).toEqual(['good'])
    const kept = readFileSync(join(folder, 'set-aside', aside()[0] ?? ''), 'utf8')
    expect(JSON.parse(kept)).toEqual({ measurement: { id: 'bad' }, reason: 'EDU_ROW_INVALID: for the test' })
    expect(parts.spool.size().measurements).toBe(0)
  })

  it('sets a batch aside that the server cannot read at all, so that the next ones get through', async () => {
    const parts = await makeParts()
    await parts.spool.add({ id: 'poison' })
    api.answerBatch = (batch) => (JSON.stringify(batch).includes('poison') ? 400 : 'answer')
    expect(await drainSpool(parts)).toBe('empty')
    expect(aside()).toHaveLength(1)
    await parts.spool.add({ id: 'next' })
    expect(await drainSpool(parts)).toBe('empty')
    expect([...api.kept.keys()]).toEqual(['next'])
  })

  it('sends small files together, and sets aside only the one of them that cannot be read', async () => {
    const parts = await makeParts()
    for (const id of ['first', 'poison', 'third', 'fourth']) await parts.spool.add({ id })
    expect((await parts.spool.findOldest(1000))?.measurements).toHaveLength(4)
    api.answerBatch = (batch) => (JSON.stringify(batch).includes('poison') ? 400 : 'answer')
    expect(await drainSpool(parts)).toBe('empty')
    expect([...api.kept.keys()].sort()).toEqual(['first', 'fourth', 'third'])
    expect(readFileSync(join(folder, 'set-aside', aside()[0] ?? ''), 'utf8')).toContain('poison')
    expect(aside()).toHaveLength(1)
  })

  it('sets aside what is too old to be taken', async () => {
    const parts = await makeParts()
    await parts.spool.add({ id: 'old' })
    expect(await parts.spool.expire(3_600_000)).toBe(0)
    expect(await parts.spool.expire(-1)).toBe(1)
    expect(await parts.spool.findOldest(1)).toBeNull()
    expect(aside()).toHaveLength(1)
  })

  it('sets aside a file that the disk has damaged, says so, and sends the others', async () => {
    await openSpool(folder, LOG)
    const damaged = {
      torn: '000001700000001-2-00000000-0000-4000-8000-000000000001.jsonl',
      zeroed: '000001700000002-1-00000000-0000-4000-8000-000000000002.jsonl',
    }
    writeFileSync(join(folder, damaged.torn), '{"id":"a"}\n')
    writeFileSync(join(folder, damaged.zeroed), '\0'.repeat(64))
    const lines: string[] = []
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })
    const parts = { ...(await makeParts()), spool: await openSpool(folder, log) }
    await parts.spool.add({ id: 'whole' })
    expect(await drainSpool(parts)).toBe('empty')
    expect([...api.kept.keys()]).toEqual(['whole'])
    expect(aside().sort()).toEqual([damaged.torn, damaged.zeroed])
    expect(lines.map((line) => (JSON.parse(line) as { segment: string }).segment)).toEqual(aside().sort())
    expect(parts.spool.size().measurements).toBe(0)
  })

  it('forgets a file that was being written when the process died', async () => {
    await openSpool(folder, LOG)
    writeFileSync(join(folder, '000001700000000-1-half.jsonl.draft'), '{"id":')
    const spool = await openSpool(folder, LOG)
    expect(await spool.findOldest(1)).toBeNull()
    expect(readdirSync(folder)).toEqual(['set-aside'])
  })
})
