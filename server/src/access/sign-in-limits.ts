import { setTimeout as wait } from 'node:timers/promises'
import { sql, type Kysely } from 'kysely'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { networkOf } from '../domain/address-network.ts'
import { signInDelayMs } from '../domain/sign-in-delay.ts'
import { CodedError } from '../errors.ts'

const WINDOW_MINUTES = 15
const MOST = { network: 60, subject: 10, known_place: 10 } as const
/** More failures than this make no difference. */
const MOST_COUNTED = 100

/** Failures that an attempt is refused by. */
interface Counter {
  readonly name: string
  readonly limit: keyof typeof MOST
}

/** An attempt: what is tried, and from where. */
export interface Attempt {
  /** What is guessed: the password of a login, or the second factor or password of a person. */
  readonly subject: string
  readonly remote_address: string
  /** A browser or session that is known to be the person's, which has a counter of its own; null: an unknown one. */
  readonly known_place: string | null
  /**
   * Whether failures elsewhere refuse it too. Whoever guesses a second factor knows the password already, and a million
   * codes are few for somebody with many networks; passwords are many, and guesses are anybody's.
   */
  readonly counts_everywhere: boolean
  /** Whom the audit names when it is stopped. */
  readonly by: AuditAuthor
}

/**
 * Counters that refuse. A known browser has one of its own, which no guess made elsewhere reaches. In an unknown one
 * those of the same network count: so a guesser locks himself out, and the owner only where the two share a network.
 */
function refusingCounters({ subject, remote_address, known_place, counts_everywhere }: Attempt): Counter[] {
  if (known_place !== null) return [{ name: `device ${known_place} ${subject}`, limit: 'known_place' }]
  const network = networkOf(remote_address)
  const name = counts_everywhere ? `login ${subject}` : `login ${subject} from ${network}`
  return [
    { name: `address ${network}`, limit: 'network' },
    { name, limit: 'subject' },
  ]
}

/** Counter of all unknown places together: it never refuses, it makes attempts wait. */
function delayingCounter({ subject, known_place, counts_everywhere }: Attempt): string | null {
  return known_place !== null || counts_everywhere ? null : `login ${subject}`
}

/** Newest failures of the window, `most` of them at most, and when the oldest of them leaves it. */
async function countFailures(db: ReadExecutor, name: string, most: number) {
  const { rows } = await sql<{ failures: number; leaves_in_s: number | null }>`
    SELECT count(*)::int AS failures,
           ceil(extract(epoch FROM min(failed_at) + make_interval(mins => ${WINDOW_MINUTES}) - clock_timestamp()))::int AS leaves_in_s
      FROM (SELECT failed_at FROM sign_in_failure
             WHERE counter = ${name} AND failed_at > clock_timestamp() - make_interval(mins => ${WINDOW_MINUTES})
             ORDER BY failed_at DESC LIMIT ${most}) late`.execute(db)
  const [row] = rows
  return { failures: row?.failures ?? 0, leaves_in_s: Math.max(1, row?.leaves_in_s ?? 1) }
}

/** Tells the audit once in a window that a counter stops attempts: whoever goes on trying does not flood it. */
async function tellStopped(tx: WriteExecutor, { name, limit }: Counter, by: AuditAuthor): Promise<void> {
  const counter = `told ${name}`
  if ((await countFailures(tx, counter, 1)).failures > 0) return
  await tx.insertInto('sign_in_failure').values({ counter }).execute()
  const event = { action: 'attempts_stopped', subject: `user ${by.user_id ?? 0}`, detail: { limit } } as const
  await insertAuditEvent(tx, { by, category: 'sign_in', ...event })
}

/** Counts the attempt, or finds out what stops it and for how long. */
async function admit(
  tx: WriteExecutor,
  attempt: Attempt,
): Promise<{ failure_ids: number[]; delay_ms: number } | { retry_after_s: number }> {
  const counters = refusingCounters(attempt)
  for (const { name } of counters) {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`attempt ${name}`}, 0))`.execute(tx)
  }
  for (const counter of counters) {
    const { failures, leaves_in_s } = await countFailures(tx, counter.name, MOST[counter.limit])
    if (failures < MOST[counter.limit]) continue
    await tellStopped(tx, counter, attempt.by)
    return { retry_after_s: leaves_in_s }
  }
  const delaying = delayingCounter(attempt)
  const delay_ms = delaying === null ? 0 : signInDelayMs((await countFailures(tx, delaying, MOST_COUNTED)).failures)
  const names = [...counters.map(({ name }) => name), ...(delaying === null ? [] : [delaying])]
  const rows = await tx
    .insertInto('sign_in_failure')
    .values(names.map((counter) => ({ counter })))
    .returning('failure_id')
    .execute()
  return { failure_ids: rows.map((row) => row.failure_id), delay_ms }
}

/**
 * Counts an attempt as failed before it is judged: guesses made at once cannot outrun the limit. One that succeeds is
 * taken back by `forgiveAttempt`. After many failures at a login it takes a while, in which no connection is held.
 * @returns what `forgiveAttempt` needs
 * @throws EDU_RATE_LIMITED with `retry_after_s` when there were too many failures of late
 */
export async function beginAttempt(db: Kysely<DB>, attempt: Attempt): Promise<number[]> {
  const admitted = await db.transaction().execute((tx) => admit(tx, attempt))
  if ('retry_after_s' in admitted) {
    const message = 'Слишком много неудачных попыток входа, повторите позже'
    throw new CodedError('EDU_RATE_LIMITED', message, admitted)
  }
  if (admitted.delay_ms > 0) await wait(admitted.delay_ms)
  return admitted.failure_ids
}

/** The attempt succeeded: it counts against nobody. */
export async function forgiveAttempt(tx: WriteExecutor, failure_ids: readonly number[]): Promise<void> {
  await tx
    .deleteFrom('sign_in_failure')
    .where('failure_id', '=', sql<number>`ANY(${failure_ids}::bigint[])`)
    .execute()
}
