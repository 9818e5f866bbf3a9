import type { Kysely } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import { digestEvents, hashSeal, NO_SEAL_SHA256, type SealContent } from './audit-chain.ts'
import type { AuditHead } from './audit-head.ts'

const SEALS_PER_READ = 50
const EVENTS_PER_READ = 2000

export type AuditFault =
  | 'event_removed'
  | 'event_changed'
  | 'event_inserted'
  | 'seal_removed'
  | 'seal_changed'
  | 'tail_cut'
  | 'head_unknown'

/** One thing that is not as it was sealed. */
export interface AuditFinding {
  fault: AuditFault
  /** The event, or the first of those that are gone; null when it is about a seal alone. */
  audit_event_id: number | null
  seal_no: number | null
}

export interface AuditVerdict {
  seals: number
  sealed_events: number
  /** Events that no seal covers yet: nothing can be said of them. */
  unsealed_events: number
  findings: AuditFinding[]
}

type StoredSeal = SealContent & { sha256: string }

/** Reads events in order, a page at a time: a chain of any length is verified within bounded memory. */
class EventReader {
  readonly #db: ReadExecutor
  #page: { audit_event_id: number; sha256: string }[] = []
  #last = 0

  constructor(db: ReadExecutor) {
    this.#db = db
  }

  /** Events that follow the last ones taken, up to a number. */
  async take(through: number): Promise<Map<number, string>> {
    const taken = new Map<number, string>()
    for (;;) {
      const [next] = this.#page
      if (next === undefined) {
        const range = { after: this.#last, through: Number.MAX_SAFE_INTEGER, limit: EVENTS_PER_READ }
        this.#page = await digestEvents(this.#db, range)
        if (this.#page.length === 0) return taken
        continue
      }
      if (next.audit_event_id > through) return taken
      this.#page.shift()
      this.#last = next.audit_event_id
      taken.set(next.audit_event_id, next.sha256)
    }
  }
}

function listSeals(db: ReadExecutor, after: number): Promise<StoredSeal[]> {
  return db
    .selectFrom('audit_seal')
    .selectAll()
    .where('seal_no', '>', after)
    .orderBy('seal_no')
    .limit(SEALS_PER_READ)
    .execute()
}

function compareEvents(seal: StoredSeal, present: ReadonlyMap<number, string>): AuditFinding[] {
  const { seal_no } = seal
  const sealed = new Map(seal.event_ids.map((id, place) => [id, seal.event_sha256[place]]))
  const missing = [...sealed].flatMap(([audit_event_id, sha256]): AuditFinding[] => {
    const found = present.get(audit_event_id)
    if (found === sha256) return []
    return [{ fault: found === undefined ? 'event_removed' : 'event_changed', audit_event_id, seal_no }]
  })
  const inserted = [...present.keys()].filter((audit_event_id) => !sealed.has(audit_event_id))
  return [
    ...missing,
    ...inserted.map((audit_event_id): AuditFinding => ({ fault: 'event_inserted', audit_event_id, seal_no })),
  ]
}

/** What is wrong with a seal itself and its place behind the one before. */
function checkSeal(seal: StoredSeal, before: { seal_no: number; to_event_id: number; sha256: string }): AuditFinding[] {
  const { sha256, ...content } = seal
  if (seal.seal_no !== before.seal_no + 1) {
    return [{ fault: 'seal_removed', audit_event_id: before.to_event_id + 1, seal_no: before.seal_no + 1 }]
  }
  const isWhole =
    hashSeal(content) === sha256 &&
    seal.previous_sha256 === before.sha256 &&
    seal.event_ids[0] === seal.from_event_id &&
    seal.event_ids.at(-1) === seal.to_event_id
  return isWhole ? [] : [{ fault: 'seal_changed', audit_event_id: null, seal_no: seal.seal_no }]
}

/** Whether the remembered head is still in the chain. */
async function checkHead(
  db: ReadExecutor,
  head: AuditHead,
  newest: { seal_no: number; to_event_id: number },
): Promise<AuditFinding[]> {
  const found = await db
    .selectFrom('audit_seal')
    .where('sha256', '=', head.sha256)
    .select('seal_no')
    .limit(1)
    .executeTakeFirst()
  if (found !== undefined && (head.seal_no === null || found.seal_no === head.seal_no)) return []
  if (head.seal_no !== null && head.seal_no > newest.seal_no) {
    return [{ fault: 'tail_cut', audit_event_id: newest.to_event_id + 1, seal_no: newest.seal_no + 1 }]
  }
  return [{ fault: 'head_unknown', audit_event_id: null, seal_no: head.seal_no }]
}

async function verifySnapshot(db: ReadExecutor, head: AuditHead | null): Promise<AuditVerdict> {
  const reader = new EventReader(db)
  const findings: AuditFinding[] = []
  let newest = { seal_no: 0, to_event_id: 0, sha256: NO_SEAL_SHA256 }
  let seals = 0
  let sealed_events = 0
  for (let page = await listSeals(db, 0); page.length > 0; page = await listSeals(db, newest.seal_no)) {
    for (const seal of page) {
      const broken = checkSeal(seal, newest)
      findings.push(...broken)
      if (broken.some(({ fault }) => fault === 'seal_removed')) await reader.take(seal.from_event_id - 1)
      findings.push(...compareEvents(seal, await reader.take(seal.to_event_id)))
      newest = seal
      seals += 1
      sealed_events += seal.event_count
    }
  }
  if (head !== null) findings.push(...(await checkHead(db, head, newest)))
  const { unsealed_events } = await db
    .selectFrom('audit_event')
    .where('audit_event_id', '>', newest.to_event_id)
    .select((eb) => eb.fn.countAll<number>().as('unsealed_events'))
    .executeTakeFirstOrThrow()
  return { seals, sealed_events, unsealed_events, findings }
}

/**
 * Recomputes the chain from the first event to the newest seal, as of one moment: on a running system an event that is
 * committed and sealed while events are being read would else look like one that was removed.
 * @param head a head that was remembered outside: without one, a tail that was cut along with its seals goes unseen.
 * One that was rewritten with all its seals does too.
 */
export async function verifyChain(db: Kysely<DB>, head: AuditHead | null): Promise<AuditVerdict> {
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return snapshot.execute((tx) => verifySnapshot(tx, head))
}
