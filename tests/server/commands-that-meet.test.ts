import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChangeSet } from '../../server/src/db/change-set.ts'
import { lockWork } from '../../server/src/ingest/advance-work.ts'
import { createObjectionClient } from '../factories/objection-client.ts'
import { breakSite, createObjectionScene, type ObjectionScene } from '../factories/objection-scene.ts'

let scene: ObjectionScene
beforeAll(async () => (scene = await createObjectionScene()))
afterAll(() => scene.close())

/** Waits until so many others of this database wait for a lock. */
async function waitForWaiting(count: number): Promise<void> {
  const countWaiting = async (): Promise<number> => {
    const { rows } = await sql<{ waiting: number }>`
      SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(scene.db)
    return rows[0]?.waiting ?? 0
  }
  while ((await countWaiting()) < count) await delay(10)
}

describe('a dispute that is opened while a batch is taken in', () => {
  it('waits for the batch and holds nothing that the batch still needs', async () => {
    await breakSite(scene.db, scene.school, new Date(Date.now() - 3_600_000))
    const { opening } = await scene.db.transaction().execute(async (tx) => {
      await openChangeSet(tx, { kind: 'batch', actor: 'test', summary: 'a batch' })
      const begun = createObjectionClient(scene).open(scene.people.director, scene.school)
      await waitForWaiting(1)
      await lockWork(tx, [scene.school.target_id])
      return { opening: begun }
    })
    expect((await opening).status).toBe(201)
  })
})

describe('two sign-outs of one session', () => {
  it('end it once, with one event', async () => {
    const { user_id, headers } = scene.people.sister
    const { leaving } = await scene.db.transaction().execute(async (tx) => {
      await tx.selectFrom('user_session').where('user_id', '=', user_id).select('session_id').forUpdate().execute()
      const leave = () => scene.test.app.inject({ method: 'DELETE', url: '/api/v1/session', headers })
      const begun = [leave(), leave()]
      await waitForWaiting(2)
      return { leaving: begun }
    })
    expect((await Promise.all(leaving)).map(({ statusCode }) => statusCode)).toEqual([204, 204])
    const events = await scene.db
      .selectFrom('audit_event')
      .where('action', '=', 'sign_out')
      .where('user_id', '=', user_id)
      .select('audit_event_id')
      .execute()
    expect(events).toHaveLength(1)
  })
})
