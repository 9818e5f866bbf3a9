import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChangeSetNoAt, findLatestChangeSetNo, openChangeSet } from '../../server/src/db/change-set.ts'
import { createTestDatabase, type TestDatabase } from '../setup/test-database.ts'

const author = { kind: 'edit', actor: 'test', summary: 'a change' } as const
let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

describe('openChangeSet', () => {
  it('numbers concurrent transactions in the order of their commits', async () => {
    const numbers: number[] = []
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        database.db.transaction().execute(async (tx) => {
          await delay((index * 7) % 12)
          const { change_set_no } = await openChangeSet(tx, author)
          await delay((12 - index) % 4)
          numbers.push(change_set_no)
        }),
      ),
    )
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect(new Set(numbers).size).toBe(12)
  })

  it('leaves no gap when a transaction fails', async () => {
    const before = await findLatestChangeSetNo(database.db)
    const failing = database.db.transaction().execute(async (tx) => {
      await openChangeSet(tx, author)
      throw new Error('broken on purpose')
    })
    await expect(failing).rejects.toThrow('broken on purpose')
    const next = await database.db.transaction().execute((tx) => openChangeSet(tx, author))
    expect(next.change_set_no).toBe(before + 1)
  })
})

describe('findChangeSetNoAt', () => {
  it('waits for a writer that has its number but has not committed, so an answer never changes', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    let announce: (recordedAt: Date) => void = () => undefined
    const numbered = new Promise<Date>((resolve) => (announce = resolve))
    let number = 0
    const writer = database.db.transaction().execute(async (tx) => {
      const changeSet = await openChangeSet(tx, author)
      number = changeSet.change_set_no
      announce(changeSet.recorded_at)
      await held
    })
    const instant = await numbered
    let answered = false
    const answer = findChangeSetNoAt(database.db, instant).then((value) => {
      answered = true
      return value
    })
    await delay(100)
    expect(answered).toBe(false)
    release()
    await writer
    expect(await answer).toBe(number)
    expect(await findChangeSetNoAt(database.db, instant)).toBe(number)
  })

  it('knows nothing before the first change set and refuses the future', async () => {
    expect(await findChangeSetNoAt(database.db, new Date('2000-01-01T00:00:00Z'))).toBe(0)
    await expect(findChangeSetNoAt(database.db, new Date(Date.now() + 60_000))).rejects.toThrow('ещё не наступил')
  })
})
