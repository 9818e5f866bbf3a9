import { sql, type KyselyPlugin } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sealEvents } from '../../../server/src/audit/seal-events.ts'
import { verifyChain } from '../../../server/src/audit/verify-chain.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { insertAuditEvent } from '../../../server/src/db/insert-audit-event.ts'
import { kyselyOver, poolConfig } from '../../../server/src/db/pool.ts'
import { listJobs } from '../../../server/src/jobs/list-jobs.ts'
import { runTimedJob } from '../../../server/src/jobs/timed-jobs.ts'
import { insertEvents } from '../../factories/audit.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

let database: TestDatabase
beforeEach(async () => (database = await createTestDatabase()))
afterEach(() => database.drop())

function listSealed(): Promise<{ seal_no: number; event_ids: number[] }[]> {
  return database.db.selectFrom('audit_seal').select(['seal_no', 'event_ids']).orderBy('seal_no').execute()
}

async function listEventIds(): Promise<number[]> {
  const rows = await database.db.selectFrom('audit_event').select('audit_event_id').orderBy('audit_event_id').execute()
  return rows.map((row) => row.audit_event_id)
}

const entry = { by: systemAuthor('test'), category: 'operation', action: 'retention.delete', subject: 'x' } as const

/** A command that has written its event and is not committed before `end` is called. */
async function beginCommand(): Promise<{ end: () => Promise<void> }> {
  let end = (): void => undefined
  const held = new Promise<void>((resolve) => (end = resolve))
  let written = (): void => undefined
  const isWritten = new Promise<void>((resolve) => (written = resolve))
  const command = database.db.transaction().execute(async (tx) => {
    await insertAuditEvent(tx, entry)
    written()
    await held
  })
  await isWritten
  return {
    end: async () => {
      end()
      await command
    },
  }
}

describe('sealEvents', () => {
  it('seals nothing past a command that took its number and is not committed yet, and skips nothing', async () => {
    await insertEvents(database.db, 1)
    const slow = await beginCommand()
    await insertEvents(database.db, 1)
    expect(await sealEvents(database.db)).toMatchObject({ events: 0, is_postponed: true })
    expect(await listSealed()).toEqual([])
    await slow.end()
    expect(await sealEvents(database.db)).toMatchObject({ events: 3, is_postponed: false })
    expect(await listSealed()).toEqual([{ seal_no: 1, event_ids: await listEventIds() }])
  })

  it('leaves out a command that was undone, for good', async () => {
    await insertEvents(database.db, 1)
    const undone = database.db.transaction().execute(async (tx) => {
      await insertAuditEvent(tx, entry)
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    await insertEvents(database.db, 1)
    expect(await sealEvents(database.db)).toMatchObject({ events: 2 })
    expect((await verifyChain(database.db, null)).findings).toEqual([])
  })

  it('seals every event once while commands go on in several processes and several sealers run', async () => {
    const pools = [1, 2, 3].map(() => new pg.Pool(poolConfig(database.application_url, 5)))
    // Dropping the database by force may cut a connection that is still closing.
    for (const pool of pools) pool.on('error', () => undefined)
    const processes = pools.map(kyselyOver)
    let isOver = false
    const sealers = processes.map(async (db) => {
      let events = 0
      while (!isOver) events += (await sealEvents(db)).events
      return events
    })
    const commands = processes.flatMap((db) => [1, 2, 3].map(() => insertEvents(db, 40)))
    await Promise.all(commands)
    isOver = true
    const sealed = await Promise.all(sealers)
    await Promise.all(pools.map((pool) => pool.end()))
    const rest = await sealEvents(database.db)
    expect(rest.events + sealed.reduce((sum, events) => sum + events, 0)).toBe(360)
    expect((await listSealed()).flatMap((seal) => seal.event_ids)).toEqual(await listEventIds())
    const verdict = await verifyChain(database.db, null)
    expect(verdict).toMatchObject({ sealed_events: 360, unsealed_events: 0, findings: [] })
    expect(verdict.seals).toBeGreaterThan(1)
  })

  it('seals a long backlog in several seals', async () => {
    await sql`INSERT INTO audit_event (actor, category, action, subject, detail)
      SELECT 'test', 'data', 'test', 'x', '{}' FROM generate_series(1, 2500)`.execute(database.db)
    expect(await sealEvents(database.db)).toMatchObject({ events: 2500 })
    expect((await listSealed()).map((seal) => seal.event_ids.length)).toEqual([1000, 1000, 500])
    expect((await verifyChain(database.db, null)).findings).toEqual([])
  })

  it('is a timed job whose log line carries the head', async () => {
    const job = listJobs({ time_zone: 'Europe/Saratov', accept_days: 14, speed_accept_days: 14 }).find(
      ({ name }) => name === 'audit seals',
    )
    if (job === undefined) throw new Error('There is no such job')
    await insertEvents(database.db, 1)
    const [id] = await listEventIds()
    const counts = await runTimedJob(database.db, job)
    expect(counts).toMatchObject({
      events: 1,
      head: expect.stringMatching(new RegExp(`^1:${id}:[0-9a-f]{64}$`)) as string,
    })
  })
})

describe('verifyChain on a running system', () => {
  it('takes an event that is committed and sealed while it reads for no removed one', async () => {
    await insertEvents(database.db, 1)
    await sealEvents(database.db)
    const slow = await beginCommand()
    await insertEvents(database.db, 1)
    let hasSealed = false
    const betweenReads: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        // The events have been read past the held number; its event is committed and sealed before the next read.
        if (!hasSealed && result.rows.some((row) => 'detail' in row)) {
          hasSealed = true
          await slow.end()
          expect(await sealEvents(database.db)).toMatchObject({ events: 2 })
        }
        return result
      },
    }
    const verdict = await verifyChain(database.db.withPlugin(betweenReads), null)
    expect(hasSealed).toBe(true)
    expect(verdict).toEqual({ seals: 1, sealed_events: 1, unsealed_events: 1, findings: [] })
  })
})

describe('the application role', () => {
  it('can neither change nor take away events and seals', async () => {
    await insertEvents(database.db, 1)
    await sealEvents(database.db)
    for (const table of ['audit_event', 'audit_seal'] as const) {
      await expect(database.db.deleteFrom(table).execute()).rejects.toThrow(/permission denied/)
      await expect(sql`TRUNCATE ${sql.table(table)}`.execute(database.db)).rejects.toThrow(/permission denied/)
    }
    const { db } = database
    await expect(db.updateTable('audit_event').set({ actor: 'another' }).execute()).rejects.toThrow(/permission denied/)
    await expect(db.updateTable('audit_seal').set({ event_count: 2 }).execute()).rejects.toThrow(/permission denied/)
  })
})
