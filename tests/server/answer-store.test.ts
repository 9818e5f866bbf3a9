import { describe, expect, it, vi } from 'vitest'
import { AnswerStore } from '../../server/src/answer-store.ts'

const question = { key: 'person /sites', etag: '"1"', former_since: null }
const later = { ...question, etag: '"2"' }
const body = (text: string) => () => Promise.resolve(text)
const unasked = () => Promise.reject(new Error('This answer was not to be made'))

function deferred() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  return { make: vi.fn(() => promise), resolve, reject }
}

describe('AnswerStore', () => {
  it('hands what is being made to all who wait for it, and keeps it', async () => {
    const store = new AnswerStore()
    const first = deferred()
    const waiting = [store.find(question, first.make), store.find(question, unasked), store.find(question, unasked)]
    first.resolve('body')
    expect((await Promise.all(waiting)).map((answer) => answer.body)).toEqual(['body', 'body', 'body'])
    expect(await store.find(question, unasked)).toMatchObject({ etag: '"1"', body: 'body' })
  })

  it('tells all who wait why it cannot be made, and the next asker makes it', async () => {
    const store = new AnswerStore()
    const first = deferred()
    const waiting = [store.find(question, first.make), store.find(question, unasked)]
    first.reject(new Error('no database'))
    const outcomes = await Promise.allSettled(waiting)
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && `${outcome.reason}`)).toEqual([
      'Error: no database',
      'Error: no database',
    ])
    expect(await store.find(question, body('second'))).toMatchObject({ body: 'second' })
  })

  it('never gives the answer of one moment for another, made or being made', async () => {
    const store = new AnswerStore()
    const [first, second] = [deferred(), deferred()]
    const earlier = store.find(question, first.make)
    const newer = store.find(later, second.make)
    second.resolve('later')
    expect(await newer).toMatchObject({ etag: '"2"', body: 'later' })
    first.resolve('earlier')
    expect(await earlier).toMatchObject({ etag: '"1"', body: 'earlier' })
    expect(await store.find({ ...question, etag: '"3"' }, body('third'))).toMatchObject({ body: 'third' })
  })

  it('drops the oldest when bodies take too much room', async () => {
    const store = new AnswerStore()
    const questions = ['a', 'b', 'c'].map((key) => ({ ...question, key }))
    for (const one of questions) await store.find(one, body('x'.repeat(30_000_000)))
    const made = vi.fn(body('again'))
    for (const one of questions.toReversed()) await store.find(one, made)
    expect(made).toHaveBeenCalledOnce()
  })

  it('counts the addresses too: many small answers take no more room than few large ones', async () => {
    const store = new AnswerStore()
    const address = 'x'.repeat(8000)
    for (let n = 0; n < 20_000; n += 1) await store.find({ ...question, key: `${n} ${address}` }, body('{}'))
    expect(await store.find({ ...question, key: `19999 ${address}` }, unasked)).toMatchObject({ body: '{}' })
    expect(await store.find({ ...question, key: `0 ${address}` }, body('again'))).toMatchObject({ body: 'again' })
  })
})

describe('AnswerStore, where an answer of a former moment will do', () => {
  const lenient = { ...later, former_since: 0 }

  it("gives it while the new one is made, which is the next asker's", async () => {
    const store = new AnswerStore()
    await store.find(question, body('former'))
    const renewal = deferred()
    expect(await store.find(lenient, renewal.make)).toMatchObject({ etag: '"1"', body: 'former' })
    expect(await store.find(lenient, unasked)).toMatchObject({ body: 'former' })
    renewal.resolve('new')
    await expect.poll(() => store.find(lenient, unasked)).toMatchObject({ etag: '"2"', body: 'new' })
  })

  it('does not give one that was begun too early', async () => {
    const store = new AnswerStore()
    await store.find(question, body('former'))
    const strict = { ...later, former_since: Date.now() + 1 }
    expect(await store.find(strict, body('new'))).toMatchObject({ body: 'new' })
  })

  it('renews one at a time, and who has to have the newest does not wait for renewals of others', async () => {
    const store = new AnswerStore()
    const other = { ...question, key: 'person /org-units' }
    await store.find(question, body('former'))
    await store.find(other, body('former'))
    const renewal = deferred()
    await store.find(lenient, renewal.make)
    expect(await store.find({ ...lenient, key: other.key }, unasked)).toMatchObject({ body: 'former' })
    expect(await store.find({ ...later, key: other.key }, body('new'))).toMatchObject({ body: 'new' })
    renewal.reject(new Error('no database'))
    const second = deferred()
    await expect.poll(() => (void store.find(lenient, second.make), second.make.mock.calls.length)).toBe(1)
    second.resolve('new')
  })
})
