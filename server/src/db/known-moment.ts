import type { Kysely } from 'kysely'
import { parseInstant } from '../domain/instant.ts'
import { CodedError } from '../errors.ts'
import { findChangeSetNoAt, findLatestChangeSetNo } from './change-set.ts'
import type { DB } from './schema.gen.ts'

/** A moment, and the last change set that was known then. */
export interface KnownMoment {
  moment: Date
  known_at_change_set_no: number
}

/**
 * What "as known on" of a request means.
 * @param known_at RFC 3339; absent: now
 * @throws EDU_KNOWN_AT_INVALID for a moment that cannot be read or has not come
 */
export async function findKnownMoment(db: Kysely<DB>, known_at: string | undefined): Promise<KnownMoment> {
  if (known_at === undefined) {
    return { moment: new Date(), known_at_change_set_no: await findLatestChangeSetNo(db) }
  }
  const moment = parseInstant(known_at)
  if (moment === null) {
    throw new CodedError('EDU_KNOWN_AT_INVALID', 'Момент «по данным на» не разобран', {
      field: 'known_at',
      found: known_at,
    })
  }
  return { moment, known_at_change_set_no: await findChangeSetNoAt(db, moment) }
}
