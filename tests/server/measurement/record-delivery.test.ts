import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { MeasurementRecord } from '../../../server/src/contract/index.ts'
import { RecordDelivery, type Delivery } from '../../../server/src/measurement-server/record-delivery.ts'

const PAUSES = { first_pause_ms: 1, longest_pause_ms: 4 }

function makeRecord(): MeasurementRecord {
  const started_at = '2026-10-01T05:00:00.000Z'
  return { ticket_id: randomUUID(), started_at, download: null, upload: null, client_address: '10.0.0.1' }
}

/** Sends to an API that is silent for a while; `turns` ends when all was taken. */
function sendAfter(silences: number, taken: MeasurementRecord[]) {
  let left = silences
  return (records: readonly MeasurementRecord[]): Promise<Delivery> => {
    left -= 1
    if (left >= 0) return Promise.resolve('again')
    taken.push(...records)
    return Promise.resolve('taken')
  }
}

const nothingLost = (): never => {
  throw new Error('a record was lost')
}

describe('RecordDelivery', () => {
  it('goes on until the API takes the records, in their order and once each', async () => {
    const taken: MeasurementRecord[] = []
    const records = Array.from({ length: 1200 }, makeRecord)
    const delivery = new RecordDelivery({ ...PAUSES, send: sendAfter(5, taken), onLost: nothingLost })
    for (const record of records) delivery.add(record)
    await expect.poll(() => delivery.waiting).toBe(0)
    expect(taken).toEqual(records)
  })

  it('lets the oldest go when too many wait', async () => {
    const taken: MeasurementRecord[] = []
    const lost: [string, number][] = []
    const records = Array.from({ length: 5 }, makeRecord)
    const onLost = (why: string, count: number): number => lost.push([why, count])
    const delivery = new RecordDelivery({ ...PAUSES, most: 3, send: sendAfter(2, taken), onLost })
    for (const record of records) delivery.add(record)
    await expect.poll(() => delivery.waiting).toBe(0)
    expect(taken).toEqual(records.slice(2))
    expect(lost).toEqual([
      ['full', 1],
      ['full', 1],
    ])
  })

  it('drops and tells what the API will never take', async () => {
    const lost: [string, number][] = []
    const onLost = (why: string, count: number): number => lost.push([why, count])
    const delivery = new RecordDelivery({ send: () => Promise.resolve('refused'), onLost })
    delivery.add(makeRecord())
    await expect.poll(() => delivery.waiting).toBe(0)
    expect(lost).toEqual([['refused', 1]])
  })

  it('tries once more when it is stopped, and says what is left', async () => {
    const taken: MeasurementRecord[] = []
    const patient = { first_pause_ms: 60_000, longest_pause_ms: 60_000 }
    const willing = new RecordDelivery({ ...patient, send: sendAfter(1, taken), onLost: nothingLost })
    const record = makeRecord()
    willing.add(record)
    expect(await willing.stop()).toBe(0)
    expect(taken).toEqual([record])
    const silent = new RecordDelivery({ ...patient, send: () => Promise.resolve('again'), onLost: nothingLost })
    silent.add(makeRecord())
    expect(await silent.stop()).toBe(1)
  })
})
