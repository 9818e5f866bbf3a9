import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatHead, parseHead, type AuditHead } from '../../../server/src/audit/audit-head.ts'
import { findHead, sealEvents } from '../../../server/src/audit/seal-events.ts'
import { verifyChain } from '../../../server/src/audit/verify-chain.ts'
import { asOwner, insertEvents } from '../../factories/audit.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

const SEALS = 3
const EVENTS_PER_SEAL = 4

let database: TestDatabase
let ids: number[]
beforeEach(async () => {
  database = await createTestDatabase()
  for (let seal = 0; seal < SEALS; seal += 1) {
    await insertEvents(database.db, EVENTS_PER_SEAL)
    await sealEvents(database.db)
  }
  const rows = await database.db.selectFrom('audit_event').select('audit_event_id').orderBy('audit_event_id').execute()
  ids = rows.map((row) => row.audit_event_id)
})
afterEach(() => database.drop())

const tamper = (statement: string, values: unknown[] = []) => asOwner(database.owner_url, statement, values)

async function findings(head: AuditHead | null = null) {
  return (await verifyChain(database.db, head)).findings
}

async function remember(): Promise<AuditHead> {
  const head = await findHead(database.db)
  if (head === null) throw new Error('Nothing is sealed')
  return head
}

describe('verifyChain', () => {
  it('finds nothing in a whole chain, says what no seal covers yet, and knows its heads of all times', async () => {
    const head = await remember()
    await insertEvents(database.db, 2)
    const verdict = await verifyChain(database.db, head)
    expect(verdict).toEqual({ seals: SEALS, sealed_events: 12, unsealed_events: 2, findings: [] })
    await sealEvents(database.db)
    expect(await findings(head)).toEqual([])
    expect(await findings(parseHead(head.sha256))).toEqual([])
  })

  it('names a removed event', async () => {
    await tamper('DELETE FROM audit_event WHERE audit_event_id = $1', [ids[5]])
    expect(await findings()).toEqual([{ fault: 'event_removed', audit_event_id: ids[5], seal_no: 2 }])
  })

  it.each([
    ['actor', `actor = 'another'`],
    ['a microsecond', `occurred_at = occurred_at + interval '1 microsecond'`],
    ['a digit that JSON numbers of JavaScript cannot hold', `detail = '{"number": 0.10000000000000000001}'`],
    ['null instead of nothing', `after = 'null'`],
    ['the unit', `org_unit_id = 1`],
  ])('names a changed event: %s', async (_what, change) => {
    await tamper(`UPDATE audit_event SET ${change} WHERE audit_event_id = $1`, [ids[6]])
    expect(await findings()).toEqual([{ fault: 'event_changed', audit_event_id: ids[6], seal_no: 2 }])
  })

  it('names an event that was put in afterwards under a number among sealed ones', async () => {
    await tamper('DELETE FROM audit_event WHERE audit_event_id = $1', [ids[2]])
    await tamper('DELETE FROM audit_seal')
    await sealEvents(database.db)
    await tamper(
      `INSERT INTO audit_event (audit_event_id, actor, category, action, subject, detail)
       VALUES ($1, 'x', 'data', 'x', 'x', '{}')`,
      [ids[2]],
    )
    expect(await findings()).toEqual([{ fault: 'event_inserted', audit_event_id: ids[2], seal_no: 1 }])
  })

  it('names both events that have changed places', async () => {
    const move = 'UPDATE audit_event SET audit_event_id = $2 WHERE audit_event_id = $1'
    await tamper(move, [ids[4], -1])
    await tamper(move, [ids[5], ids[4]])
    await tamper(move, [-1, ids[5]])
    expect(await findings()).toEqual([
      { fault: 'event_changed', audit_event_id: ids[4], seal_no: 2 },
      { fault: 'event_changed', audit_event_id: ids[5], seal_no: 2 },
    ])
  })

  it('names the events of a tail that was cut while its seals are left', async () => {
    await tamper('DELETE FROM audit_event WHERE audit_event_id >= $1', [ids[10]])
    expect((await findings()).map((finding) => finding.audit_event_id)).toEqual(ids.slice(10))
  })

  it('finds by a remembered head a tail that was cut along with its seals, also after sealing went on', async () => {
    const head = await remember()
    await tamper('DELETE FROM audit_event WHERE audit_event_id >= $1', [ids[8]])
    await tamper('DELETE FROM audit_seal WHERE seal_no = 3')
    expect(await findings()).toEqual([])
    const cut = { fault: 'tail_cut', audit_event_id: (ids[7] ?? 0) + 1, seal_no: 3 }
    expect(await findings(head)).toEqual([cut])
    expect(await findings(parseHead(head.sha256))).toEqual([
      { fault: 'head_unknown', audit_event_id: null, seal_no: null },
    ])
    await insertEvents(database.db, 2)
    await sealEvents(database.db)
    expect(await findings(head)).toEqual([{ fault: 'head_unknown', audit_event_id: null, seal_no: 3 }])
  })

  it('finds a seal that was removed from the middle, changed, or written anew to fit changed events', async () => {
    const head = await remember()
    await tamper(`UPDATE audit_event SET actor = 'another' WHERE audit_event_id = $1`, [ids[5]])
    const [seal] = await tamper('DELETE FROM audit_seal WHERE seal_no >= 2 RETURNING seal_no')
    expect(seal).toEqual({ seal_no: '2' })
    await sealEvents(database.db)
    expect(await findings()).toEqual([])
    expect((await findings(head)).map(({ fault }) => fault)).toEqual(['tail_cut'])
    await tamper(`UPDATE audit_seal SET sealed_at = sealed_at + interval '1 day' WHERE seal_no = 1`)
    expect(await findings()).toEqual([{ fault: 'seal_changed', audit_event_id: null, seal_no: 1 }])
    await tamper('DELETE FROM audit_seal WHERE seal_no = 1')
    expect(await findings()).toEqual([{ fault: 'seal_removed', audit_event_id: 1, seal_no: 1 }])
  })
})

describe('a head as one word', () => {
  it('is read as it was written, and other words are none', async () => {
    const head = await remember()
    expect(parseHead(formatHead(head))).toEqual(head)
    expect(parseHead('1:2:abc')).toBeNull()
    expect(parseHead('')).toBeNull()
  })
})
