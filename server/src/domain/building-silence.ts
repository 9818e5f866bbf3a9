import { addDays } from './region-day.ts'

/** `excused`: a dated status says why nothing is heard. `never_set_up`: nothing was ever heard. */
export const SILENCE_CLASSES = ['live', 'at_risk', 'silent', 'excused', 'never_set_up'] as const
export type SilenceClass = (typeof SILENCE_CLASSES)[number]

/** School days without a word from which on a building is at risk, and silent: two, and a school week. */
export const AT_RISK_AFTER_DAYS = 2
export const SILENT_AFTER_DAYS = 5
/** No holidays are longer; what was last heard before is silent anyway. */
const LOOK_BACK_DAYS = 200

export interface SilenceQuestion {
  /** Day in the region on which a test or a ping was last heard; null: never. */
  last_heard_on: string | null
  today: string
  /** Whether a word was to be expected on a day: a working day on which no status excuses the building. */
  isExpectedOn: (day: string) => boolean
  /** Whether a status excuses the building today. */
  is_excused: boolean
}

export interface SilenceJudgement {
  silence: SilenceClass
  /** Expected days since then that passed without a word; today is not over and does not count. */
  missed_days: number
}

/** Whether a building is still heard of. Holidays, repair and days off never make it silent. */
export function judgeSilence({ last_heard_on, today, isExpectedOn, is_excused }: SilenceQuestion): SilenceJudgement {
  if (last_heard_on === null) return { silence: is_excused ? 'excused' : 'never_set_up', missed_days: 0 }
  let missed_days = 0
  const earliest = addDays(today, -LOOK_BACK_DAYS)
  const first = addDays(last_heard_on, 1)
  for (let day = first > earliest ? first : earliest; day < today; day = addDays(day, 1)) {
    if (isExpectedOn(day)) missed_days += 1
  }
  if (is_excused && last_heard_on < addDays(today, -AT_RISK_AFTER_DAYS)) return { silence: 'excused', missed_days }
  if (missed_days < AT_RISK_AFTER_DAYS) return { silence: 'live', missed_days }
  return { silence: missed_days < SILENT_AFTER_DAYS ? 'at_risk' : 'silent', missed_days }
}
