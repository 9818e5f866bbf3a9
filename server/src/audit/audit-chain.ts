import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { canonicalJson } from '../domain/canonical-json.ts'

/** What the first seal rests on. */
export const NO_SEAL_SHA256 = '0'.repeat(64)

/** One event as it is hashed: times to the microsecond and JSON values as PostgreSQL writes them, so nothing is lost. */
interface HashedEvent {
  audit_event_id: number
  occurred_at: string
  actor: string
  user_id: number | null
  remote_address: string | null
  category: string
  action: string
  subject: string
  org_unit_id: number | null
  change_set_no: number | null
  request_id: string | null
  detail: string
  before: string | null
  after: string | null
}

/** An event with its hash. */
export interface EventDigest {
  audit_event_id: number
  sha256: string
}

/** A seal without its own hash. */
export interface SealContent {
  seal_no: number
  from_event_id: number
  to_event_id: number
  event_count: number
  event_ids: number[]
  event_sha256: string[]
  previous_sha256: string
  sealed_at: Date
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Hash of a seal, over all that it says. */
export function hashSeal(seal: SealContent): string {
  return hashText(canonicalJson({ ...seal, sealed_at: seal.sealed_at.toISOString() }))
}

/** Events with their hashes in the order of their numbers: those after `after` and up to `through`, `limit` at most. */
export async function digestEvents(
  db: ReadExecutor,
  range: { after: number; through: number; limit: number },
): Promise<EventDigest[]> {
  const { rows } = await sql<HashedEvent>`
    SELECT audit_event_id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_at,
           actor, user_id, remote_address, category, action, subject, org_unit_id, change_set_no, request_id,
           detail::text AS detail, before::text AS before, after::text AS after
      FROM audit_event
     WHERE audit_event_id > ${range.after} AND audit_event_id <= ${range.through}
     ORDER BY audit_event_id LIMIT ${range.limit}`.execute(db)
  return rows.map((event) => ({ audit_event_id: event.audit_event_id, sha256: hashText(canonicalJson(event)) }))
}
