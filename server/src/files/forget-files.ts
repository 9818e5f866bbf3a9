import { sql, type Kysely } from 'kysely'
import pg from 'pg'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import { kyselyOver, ownerPoolConfig } from '../db/pool.ts'
import type { DB } from '../db/schema.gen.ts'
import { attachedFiles, termCutoff } from './attached-files.ts'

/** One transaction removes so many contents at most: nobody can store any until it ends. */
const FILES_PER_RUN = 100
/** Whoever stores a file waits behind a lock that waits: better to come again later. */
const LOCK_TIMEOUT = '2s'

export interface ForgottenFiles {
  files: number
  bytes: number
}

/**
 * Stored contents that all facts with personal data have done with, and that nothing else refers to: no import and no
 * kept copy of a page.
 * @param among only these; null: all
 */
async function listDue(db: ReadExecutor, cutoff: Date, among: readonly string[] | null): Promise<string[]> {
  const { rows } = await sql<{ sha256: string }>`
    SELECT DISTINCT b.sha256
      FROM (SELECT sha256 FROM ${attachedFiles()} f
             WHERE ${among}::text[] IS NULL OR sha256 = ANY(${among}::text[])
             GROUP BY sha256 HAVING bool_and(term_from IS NOT NULL AND term_from <= ${cutoff})) done
      JOIN blob b ON b.sha256 = done.sha256
      LEFT JOIN import i ON i.blob_sha256 = b.sha256
      LEFT JOIN site_evidence e ON e.copy_sha256 = b.sha256
     WHERE i.import_id IS NULL AND e.evidence_id IS NULL
     ORDER BY b.sha256 LIMIT ${FILES_PER_RUN}`.execute(db)
  return rows.map((row) => row.sha256)
}

async function removeBytes(tx: WriteExecutor, sha256s: readonly string[]): Promise<number> {
  await sql`DELETE FROM blob_chunk WHERE sha256 = ANY(${sha256s}::text[])`.execute(tx)
  const { rows } = await sql<{ size_bytes: number }>`
    WITH gone AS (DELETE FROM blob WHERE sha256 = ANY(${sha256s}::text[]) RETURNING *)
    INSERT INTO blob_removal (sha256, removed_at, size_bytes, media_type, stored_at)
    SELECT sha256, clock_timestamp(), size_bytes, media_type, created_at FROM gone RETURNING size_bytes`.execute(tx)
  return rows.reduce((sum, row) => sum + row.size_bytes, 0)
}

/**
 * One run. What is due is found twice: at leisure, and again among those under a lock that every transaction which
 * stores a content holds against it from the storing to its end. So a fact that names the content is either seen here,
 * or its transaction finds the content gone and stores it anew.
 */
function forgetSome(db: Kysely<DB>, term: ForgettingTerm, by: AuditAuthor): Promise<ForgottenFiles> {
  const { file_term_days, now } = term
  const cutoff = termCutoff(file_term_days, now)
  return db.transaction().execute(async (tx) => {
    const candidates = await listDue(tx, cutoff, null)
    if (candidates.length === 0) return { files: 0, bytes: 0 }
    await sql`SET LOCAL lock_timeout = ${sql.lit(LOCK_TIMEOUT)}`.execute(tx)
    await sql`LOCK TABLE blob IN SHARE ROW EXCLUSIVE MODE`.execute(tx)
    const sha256s = await listDue(tx, cutoff, candidates)
    if (sha256s.length === 0) return { files: 0, bytes: 0 }
    const forgotten = { files: sha256s.length, bytes: await removeBytes(tx, sha256s) }
    await insertAuditEvent(tx, {
      by,
      category: 'operation',
      action: 'forget_files',
      subject: 'files with personal data',
      detail: { ...forgotten, file_term_days, term_began_until: cutoff, sha256s },
    })
    return forgotten
  })
}

export interface ForgettingTerm {
  file_term_days: number
  now: Date
}

/**
 * Removes the bytes of pictures and objections' files whose term is over, as the owner: the application may not. What
 * was attached, by whom and when stays. Run again it removes nothing more. Each run is one transaction with one audit
 * event that counts and names what it removed.
 * @throws when whoever stores files holds the table longer than a moment; nothing of that run is removed then
 */
export async function forgetFiles(ownerUrl: string, term: ForgettingTerm, by: AuditAuthor): Promise<ForgottenFiles> {
  const pool = new pg.Pool(ownerPoolConfig(ownerUrl))
  pool.on('error', () => undefined)
  const db = kyselyOver(pool)
  const sum = { files: 0, bytes: 0 }
  try {
    for (;;) {
      const { files, bytes } = await forgetSome(db, term, by)
      sum.files += files
      sum.bytes += bytes
      if (files < FILES_PER_RUN) return sum
    }
  } finally {
    await pool.end()
  }
}
