import type { Kysely } from 'kysely'
import { dayInZone, isDay } from '../domain/region-day.ts'
import { CodedError } from '../errors.ts'
import type { AccessScope } from './access-scope.ts'
import { findKnownMoment } from './known-moment.ts'
import type { RegistryView } from './registry-as-known.ts'
import type { DB } from './schema.gen.ts'

export interface RegistryViewRequest {
  scope: AccessScope
  /** Day of the region's calendar; absent: the day of `known_at`, or today. */
  day?: string | undefined
  /** "As known on", RFC 3339; absent: everything known now. */
  known_at?: string | undefined
  time_zone: string
}

/**
 * Resolves the two controls of every page, "on the day" and "as known on".
 * @throws EDU_PERIOD_INVALID for a day that does not exist, EDU_KNOWN_AT_INVALID for a moment that cannot be asked of
 */
export async function findRegistryView(db: Kysely<DB>, request: RegistryViewRequest): Promise<RegistryView> {
  const { scope, day, known_at, time_zone } = request
  if (day !== undefined && !isDay(day)) {
    throw new CodedError('EDU_PERIOD_INVALID', 'Такого дня нет', { field: 'day', found: day, expected: 'ГГГГ-ММ-ДД' })
  }
  const { moment, known_at_change_set_no } = await findKnownMoment(db, known_at)
  return { scope, day: day ?? dayInZone(moment, time_zone), known_at_change_set_no }
}
