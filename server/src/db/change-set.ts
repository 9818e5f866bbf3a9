import { sql, type Kysely } from 'kysely'
import { CodedError } from '../errors.ts'
import type { ReadExecutor, WriteExecutor } from './executor.ts'
import type { DB } from './schema.gen.ts'

const ORDER_LOCK_KEY = 20_200_611

export type ChangeSetKind = 'reference' | 'batch' | 'import' | 'void' | 'edit' | 'incident'

export interface ChangeSetAuthor {
  kind: ChangeSetKind
  actor: string
  summary: string
}

/** A number in the order of commits, and the time it stands for. */
export interface ChangeSet {
  change_set_no: number
  recorded_at: Date
}

/**
 * Waits until no other transaction holds a number, and lets none take one until this one ends: what is read from now on
 * holds everything that was committed under a number, and what is found missing stays missing.
 */
export async function lockOrder(tx: WriteExecutor): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${ORDER_LOCK_KEY})`.execute(tx)
}

/**
 * Takes the next change-set number inside a transaction. The order lock is held until that transaction ends, so
 * numbers follow the order of commits: call it as late as possible, after everything that can be done without it.
 * The time is rounded up to the millisecond: no moment that somebody has asked about can come to include it.
 */
export async function openChangeSet(tx: WriteExecutor, author: ChangeSetAuthor): Promise<ChangeSet> {
  await lockOrder(tx)
  const { rows } = await sql<ChangeSet>`
    INSERT INTO change_set (change_set_no, recorded_at, kind, actor, summary)
    SELECT coalesce(max(change_set_no), 0) + 1,
           greatest(date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond', max(recorded_at) + interval '1 millisecond'),
           ${author.kind}, ${author.actor}, ${author.summary}
    FROM change_set
    RETURNING change_set_no, recorded_at`.execute(tx)
  const [changeSet] = rows
  if (changeSet === undefined) throw new Error('The change set was not numbered')
  return changeSet
}

/** Newest change set that can be seen; 0 in an empty database. Answers for "now" carry it. */
export async function findLatestChangeSetNo(db: ReadExecutor): Promise<number> {
  const row = await db
    .selectFrom('change_set')
    .select((eb) => eb.fn.max('change_set_no').as('change_set_no'))
    .executeTakeFirst()
  return row?.change_set_no ?? 0
}

/**
 * Change set that "as known on `instant`" means: the last one recorded by then, 0 before the first.
 * Waits for a writer that holds a number but has not committed, so that an answer once given never changes.
 * @throws EDU_KNOWN_AT_INVALID for an instant in the future, of which nothing can be known
 */
export async function findChangeSetNoAt(db: Kysely<DB>, instant: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock_shared(${ORDER_LOCK_KEY})`.execute(tx)
    const { rows } = await sql<{ is_past: boolean; change_set_no: number | null }>`
      SELECT ${instant}::timestamptz <= clock_timestamp() AS is_past,
             (SELECT max(change_set_no) FROM change_set WHERE recorded_at <= ${instant}::timestamptz) AS change_set_no
      `.execute(tx)
    const [row] = rows
    if (row?.is_past !== true) {
      throw new CodedError('EDU_KNOWN_AT_INVALID', 'Момент «по данным на» ещё не наступил', { known_at: instant })
    }
    return row.change_set_no ?? 0
  })
}
