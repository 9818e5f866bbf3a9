import { sql, type RawBuilder } from 'kysely'
import { readBlob, type BlobContent } from '../db/blobs.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { dayInZone } from '../domain/region-day.ts'
import { CodedError } from '../errors.ts'

const DAY_MS = 86_400_000

/** How long files with personal data are kept, and by whose days that is told. */
export interface FileTerm {
  file_term_days: number
  time_zone: string
}

/** Where the file of a human check or an objection stands. */
export interface FileState {
  sha256: string
  /** When it may be read no more; null: its term does not run, because an objection is undecided. */
  expires_at: Date | null
  /** When its bytes were removed; null: they are there. */
  removed_at: Date | null
  /** The first of the two that has come; null: it may be read. */
  unreadable_since: Date | null
}

/**
 * All files that are personal data, with the fact they belong to: pictures of human checks and files of objections. The
 * term counts from the entry of a check, and from the decision of an objection. While an objection is undecided no term
 * runs, of its own file or of pictures of the same site: they may be what it is decided by (`term_from` is null).
 */
export function attachedFiles(): RawBuilder<unknown> {
  return sql`(
    SELECT h.org_unit_id, h.human_check_id AS fact_id, h.picture_sha256 AS sha256,
           CASE WHEN undecided.target_id IS NULL THEN h.recorded_at END AS term_from
      FROM human_check h
      LEFT JOIN (SELECT DISTINCT o.org_unit_id, o.target_id
                   FROM objection o
                   LEFT JOIN objection_decision d ON d.org_unit_id = o.org_unit_id AND d.objection_id = o.objection_id
                  WHERE d.objection_id IS NULL) undecided
        ON undecided.org_unit_id = h.org_unit_id AND undecided.target_id = h.target_id
     WHERE h.picture_sha256 IS NOT NULL
    UNION ALL
    SELECT o.org_unit_id, o.objection_id, o.file_sha256, d.decided_at
      FROM objection o
      LEFT JOIN objection_decision d USING (org_unit_id, objection_id)
     WHERE o.file_sha256 IS NOT NULL)`
}

/** The first of two instants that has come by `now`; null: none has. */
function firstCome(instants: readonly (Date | null)[], now: Date): Date | null {
  const come = instants.filter((instant) => instant !== null && instant <= now)
  return come.sort((a, b) => Number(a) - Number(b))[0] ?? null
}

/** Whatever term began until then is over at `now`. */
export function termCutoff(file_term_days: number, now: Date): Date {
  return new Date(now.getTime() - file_term_days * DAY_MS)
}

async function listRemovals(db: ReadExecutor, sha256s: readonly string[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ sha256: string; removed_at: Date }>`
    SELECT r.sha256, max(r.removed_at) AS removed_at
      FROM blob_removal r LEFT JOIN blob b ON b.sha256 = r.sha256
     WHERE r.sha256 = ANY(${sha256s}::text[]) AND b.sha256 IS NULL
     GROUP BY r.sha256`.execute(db)
  return new Map(rows.map((row) => [row.sha256, row.removed_at]))
}

/** States of the files of human checks and objections by the ids of those; a fact without a file is not among them. */
export async function listFileStates(
  db: ReadExecutor,
  facts: { org_unit_ids: readonly number[]; fact_ids: readonly string[] },
  { file_term_days }: Pick<FileTerm, 'file_term_days'>,
): Promise<Map<string, FileState>> {
  if (facts.fact_ids.length === 0) return new Map()
  const { rows } = await sql<{ fact_id: string; sha256: string; term_from: Date | null }>`
    SELECT fact_id, sha256, term_from FROM ${attachedFiles()} f
     WHERE org_unit_id = ANY(${facts.org_unit_ids}::bigint[]) AND fact_id = ANY(${facts.fact_ids}::uuid[])`.execute(db)
  const removals = await listRemovals(db, [...new Set(rows.map((row) => row.sha256))])
  const now = new Date()
  return new Map(
    rows.map(({ fact_id, sha256, term_from }) => {
      const expires_at = term_from === null ? null : new Date(term_from.getTime() + file_term_days * DAY_MS)
      const removed_at = removals.get(sha256) ?? null
      const unreadable_since = firstCome([expires_at, removed_at], now)
      return [fact_id, { sha256, expires_at, removed_at, unreadable_since }]
    }),
  )
}

/** @throws EDU_FILE_EXPIRED with the day from which on the file is not read any more */
function requireReadable({ expires_at, removed_at, unreadable_since }: FileState, { time_zone }: FileTerm): void {
  if (unreadable_since === null) return
  const day = dayInZone(unreadable_since, time_zone).split('-').reverse().join('.')
  throw new CodedError('EDU_FILE_EXPIRED', `Срок хранения файла истёк ${day}`, {
    expires_at: expires_at?.toISOString() ?? null,
    removed_at: removed_at?.toISOString() ?? null,
  })
}

/**
 * Reads the file of a human check or an objection, whose right to be seen was judged before; null when it has none.
 * @throws EDU_FILE_EXPIRED when its term is over, whether its bytes are removed yet or not
 */
export async function readAttachedFile(
  db: ReadExecutor,
  fact: { org_unit_id: number; fact_id: string },
  term: FileTerm,
): Promise<BlobContent | null> {
  const facts = { org_unit_ids: [fact.org_unit_id], fact_ids: [fact.fact_id] }
  const state = (await listFileStates(db, facts, term)).get(fact.fact_id)
  if (state === undefined) return null
  requireReadable(state, term)
  const content = await readBlob(db, state.sha256)
  if (content !== null) return content
  // The bytes went between the two reads.
  const later = (await listFileStates(db, facts, term)).get(fact.fact_id)
  if (later !== undefined) requireReadable(later, term)
  return null
}
