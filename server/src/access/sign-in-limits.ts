import { isIPv6 } from 'node:net'
import { sql, type Kysely } from 'kysely'
import type { WriteExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'

const WINDOW_MINUTES = 15
const MOST_FOR_LOGIN = 10
const MOST_FOR_ADDRESS = 60
const MOST_FOR_DEVICE = 10

/** Failures that an attempt is judged by. */
interface Counter {
  readonly name: string
  readonly most: number
}

/** An attempt: which login or person is tried, and from where. */
export interface Attempt {
  /** What is guessed: a login, or the second factor of a person. */
  readonly subject: string
  readonly remote_address: string
  /** A browser or session that is known to be the person's, which has a counter of its own; null: an unknown one. */
  readonly known_place: string | null
}

/** Callers of one network share their counter: an attacker owns a whole /64. */
function networkOf(address: string): string {
  return isIPv6(address) ? address.split(':').slice(0, 4).join(':') : address
}

/**
 * A browser in which the person signed in before has a counter of its own. So whoever guesses elsewhere, from however
 * many addresses, slows down himself and other unknown browsers, but never locks the person out of the known one.
 */
function countersOf({ subject, remote_address, known_place }: Attempt): Counter[] {
  if (known_place !== null) return [{ name: `device ${known_place} ${subject}`, most: MOST_FOR_DEVICE }]
  return [
    { name: `address ${networkOf(remote_address)}`, most: MOST_FOR_ADDRESS },
    { name: `login ${subject}`, most: MOST_FOR_LOGIN },
  ]
}

async function refuseTooMany(tx: WriteExecutor, { name, most }: Counter): Promise<void> {
  const { rows } = await sql<{ failures: number; retry_after_s: number | null }>`
    SELECT count(*)::int AS failures,
           ceil(extract(epoch FROM min(failed_at) + make_interval(mins => ${WINDOW_MINUTES}) - clock_timestamp()))::int AS retry_after_s
      FROM (SELECT failed_at FROM sign_in_failure
             WHERE counter = ${name} AND failed_at > clock_timestamp() - make_interval(mins => ${WINDOW_MINUTES})
             ORDER BY failed_at DESC LIMIT ${most}) late`.execute(tx)
  const [late] = rows
  if (late === undefined || late.failures < most) return
  const retry_after_s = Math.max(1, late.retry_after_s ?? 1)
  throw new CodedError('EDU_RATE_LIMITED', 'Слишком много неудачных попыток входа, повторите позже', { retry_after_s })
}

/**
 * Counts an attempt as failed before it is judged: guesses made at once cannot outrun the limit. One that succeeds is
 * taken back by `forgiveAttempt`.
 * @returns what `forgiveAttempt` needs
 * @throws EDU_RATE_LIMITED with `retry_after_s` when there were too many failures of late
 */
export async function beginAttempt(db: Kysely<DB>, attempt: Attempt): Promise<number[]> {
  const counters = countersOf(attempt)
  return db.transaction().execute(async (tx) => {
    for (const { name } of counters) {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`attempt ${name}`}, 0))`.execute(tx)
    }
    for (const counter of counters) await refuseTooMany(tx, counter)
    const rows = await tx
      .insertInto('sign_in_failure')
      .values(counters.map(({ name }) => ({ counter: name })))
      .returning('failure_id')
      .execute()
    return rows.map((row) => row.failure_id)
  })
}

/** The attempt succeeded: it counts against nobody. */
export async function forgiveAttempt(tx: WriteExecutor, failure_ids: readonly number[]): Promise<void> {
  await tx
    .deleteFrom('sign_in_failure')
    .where('failure_id', '=', sql<number>`ANY(${failure_ids}::bigint[])`)
    .execute()
}
