import { isIPv6 } from 'node:net'
import { sql, type Kysely } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
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
  /** Hash of the cookie of a browser in which this person signed in before; null: an unknown one. */
  readonly device_sha256: string | null
}

/** Callers of one network share their counter: an attacker owns a whole /64. */
function networkOf(address: string): string {
  return isIPv6(address) ? address.split(':').slice(0, 4).join(':') : address
}

/**
 * A browser in which the person signed in before has a counter of its own. So whoever guesses elsewhere, from however
 * many addresses, slows down himself and other unknown browsers, but never locks the person out of the known one.
 */
function countersOf({ subject, remote_address, device_sha256 }: Attempt): Counter[] {
  if (device_sha256 !== null) return [{ name: `device ${device_sha256} ${subject}`, most: MOST_FOR_DEVICE }]
  return [
    { name: `login ${subject}`, most: MOST_FOR_LOGIN },
    { name: `address ${networkOf(remote_address)}`, most: MOST_FOR_ADDRESS },
  ]
}

/** @throws EDU_RATE_LIMITED with `retry_after_s` when there were too many failures of late */
export async function refuseTooManyFailures(db: ReadExecutor, attempt: Attempt): Promise<void> {
  for (const { name, most } of countersOf(attempt)) {
    const { rows } = await sql<{ failures: number; retry_after_s: number | null }>`
      SELECT count(*)::int AS failures,
             ceil(extract(epoch FROM min(failed_at) + make_interval(mins => ${WINDOW_MINUTES}) - clock_timestamp()))::int AS retry_after_s
        FROM (SELECT failed_at FROM sign_in_failure
               WHERE counter = ${name} AND failed_at > clock_timestamp() - make_interval(mins => ${WINDOW_MINUTES})
               ORDER BY failed_at DESC LIMIT ${most}) late`.execute(db)
    const [late] = rows
    if (late === undefined || late.failures < most) continue
    const retry_after_s = Math.max(1, late.retry_after_s ?? 1)
    throw new CodedError('EDU_RATE_LIMITED', 'Слишком много неудачных попыток входа, повторите позже', {
      retry_after_s,
    })
  }
}

/** Counts a failed attempt. */
export async function insertFailure(db: Kysely<DB>, attempt: Attempt): Promise<void> {
  await db
    .insertInto('sign_in_failure')
    .values(countersOf(attempt).map(({ name }) => ({ counter: name })))
    .execute()
}
