import { describe, expect, it } from 'vitest'
import { AnswerStore } from '../../server/src/answer-store.ts'

const place = { key: 'person /sites', etag: '"1"' }
const later = { key: 'person /sites', etag: '"2"' }

describe('AnswerStore', () => {
  it('hands what is being made to all who wait for it, and keeps it', async () => {
    const store = new AnswerStore()
    expect(await store.take(place)).toBeNull()
    const waiting = [store.take(place), store.take(place)]
    store.finish(place, 'body')
    expect(await Promise.all(waiting)).toEqual(['body', 'body'])
    expect(await store.take(place)).toBe('body')
  })

  it('lets those who waited make their own when it came to nothing', async () => {
    const store = new AnswerStore()
    expect(await store.take(place)).toBeNull()
    const waiting = store.take(place)
    store.finish(place, null)
    expect(await waiting).toBeNull()
    expect(await store.take(place)).toBeNull()
  })

  it('never gives the answer of one moment for another, made or being made', async () => {
    const store = new AnswerStore()
    expect(await store.take(place)).toBeNull()
    const earlier = store.take(place)
    expect(await store.take(later)).toBeNull()
    store.finish(later, 'later')
    store.finish(place, 'earlier')
    expect(await earlier).toBe('earlier')
    expect(await store.take({ ...place, etag: '"3"' })).toBeNull()
  })

  it('drops the oldest when bodies take too much room', async () => {
    const store = new AnswerStore()
    const places = ['a', 'b', 'c'].map((key) => ({ key, etag: '"1"' }))
    for (const one of places) store.finish(one, 'x'.repeat(30_000_000))
    const kept = await Promise.all(places.map((one) => store.take(one)))
    expect(kept.map((body) => body !== null)).toEqual([false, true, true])
  })

  it('counts the addresses too: many small answers take no more room than few large ones', async () => {
    const store = new AnswerStore()
    const address = 'x'.repeat(8000)
    for (let n = 0; n < 20_000; n += 1) store.finish({ key: `${n} ${address}`, etag: '"1"' }, '{}')
    const oldest = await store.take({ key: `0 ${address}`, etag: '"1"' })
    const newest = await store.take({ key: `19999 ${address}`, etag: '"1"' })
    expect([oldest, newest]).toEqual([null, '{}'])
  })
})
