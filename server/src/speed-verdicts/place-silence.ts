import { isWorkingDay } from '../contract/index.ts'
import type { SpeedCause } from '../contract/speed-causes.ts'
import { listDatedStatuses } from '../db/dated-statuses.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { readWorkingDays } from '../db/reference-files.ts'
import { judgeSilence, type SilenceJudgement } from '../domain/building-silence.ts'
import { findExclusionAlong } from '../domain/dated-status.ts'
import { localHourOf } from '../domain/schedule.ts'
import { findLastSigns, type LastSign } from './last-signs.ts'
import type { MeasuredPlace } from './measured-places.ts'

const WORKING_DAYS = readWorkingDays()

/** Why a place is likely not heard of, by its last signs. */
export const SILENCE_CAUSES = ['not_installed', 'test_failed', 'network_lost', 'switched_off'] as const
export type SilenceCause = (typeof SILENCE_CAUSES)[number]

export interface PlaceSilence extends SilenceJudgement {
  /** Status that excuses the place on the day; null when none does. */
  status: string | null
  heard_at: Date | null
  /** Null while it is heard of, and where a status says why it is not. */
  likely_cause: SilenceCause | null
  /** Why its last test failed; null when it did not. */
  test_cause: SpeedCause | null
}

export interface SilenceAsked {
  /** Day in the region that is today. */
  day: string
  as_of: Date
  known_at_change_set_no: number
  time_zone: string
}

function likelyCause(sign: LastSign | undefined): SilenceCause {
  if (sign === undefined) return 'not_installed'
  if (sign.cause !== null) return 'test_failed'
  return sign.were_pings_answered === false ? 'network_lost' : 'switched_off'
}

/** Whether each place is heard of on a day, and if not, why likely. */
export async function judgeSilences(
  db: ReadExecutor,
  places: readonly MeasuredPlace[],
  { day, as_of, known_at_change_set_no, time_zone }: SilenceAsked,
): Promise<ReadonlyMap<number, PlaceSilence>> {
  const org_unit_ids = places.map(({ org_unit_id }) => org_unit_id)
  const [signs, statuses] = await Promise.all([
    findLastSigns(db, { org_unit_ids, as_of, known_at_change_set_no }),
    listDatedStatuses(db, { known_at_change_set_no }),
  ])
  return new Map(
    places.map(({ org_unit_id, path }) => {
      const sign = signs.get(org_unit_id)
      const status = findExclusionAlong(path, statuses, day)
      const judged = judgeSilence({
        last_heard_on: sign === undefined ? null : localHourOf(sign.heard_at.getTime(), time_zone).local_day,
        today: day,
        is_excused: status !== null,
        isExpectedOn: (other) =>
          isWorkingDay(other, WORKING_DAYS) && findExclusionAlong(path, statuses, other) === null,
      })
      const isOpen = judged.silence !== 'live' && judged.silence !== 'excused'
      const why = { likely_cause: isOpen ? likelyCause(sign) : null, test_cause: sign?.cause ?? null }
      return [org_unit_id, { ...judged, status, heard_at: sign?.heard_at ?? null, ...why }]
    }),
  )
}
