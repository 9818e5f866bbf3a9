import { addWorkingDays, isWorkingDay, type WorkingDayCalendar } from '../contract/index.ts'
import { addDays } from './region-day.ts'

/** dispute: the finding is wrong; mute: it should not count for a time. */
export const OBJECTION_KINDS = ['dispute', 'mute'] as const
export type ObjectionKind = (typeof OBJECTION_KINDS)[number]

/** What of a site is objected to. */
export const FINDING_KINDS = ['availability', 'certificate', 'subsection'] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

export const OBJECTION_OUTCOMES = ['granted', 'rejected'] as const
export type ObjectionOutcome = (typeof OBJECTION_OUTCOMES)[number]

export const OBJECTION_STATES = ['open', ...OBJECTION_OUTCOMES] as const
export type ObjectionState = (typeof OBJECTION_STATES)[number]

/** How a term stands: still running, its last day, past it; or decided within it or after it. */
export const TERM_STATES = ['running', 'due_today', 'overdue', 'kept', 'late'] as const
export type TermState = (typeof TERM_STATES)[number]

export interface Term {
  state: TermState
  /** Working days left to the last day, or by which it was or is missed; 0 on the last day. */
  working_days: number
}

/** A grant reaches no further than this from its first day. */
export const GRANT_MAX_DAYS = 366
/** A granted dispute holds as long as a person's own look at a site speaks for it, unless another day is set. */
const DISPUTE_HOLDS_DAYS = 92

/** Working days after `from` up to and with `to`; 0 when `to` is not later. */
export function countWorkingDays(from: string, to: string, calendar: WorkingDayCalendar): number {
  let count = 0
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    if (isWorkingDay(day, calendar)) count += 1
  }
  return count
}

/** Last day to decide what was opened on a day. */
export function dueDay(opened_on: string, working_days: number, calendar: WorkingDayCalendar): string {
  return addWorkingDays(opened_on, working_days, calendar)
}

/**
 * How the term of an objection stands. What is decided on a day off after the last day is late by no working day, but
 * late all the same.
 * @param decided_on region's day of the decision; null: not decided
 */
export function findTerm(
  objection: { due_on: string; decided_on: string | null },
  today: string,
  calendar: WorkingDayCalendar,
): Term {
  const { due_on, decided_on } = objection
  const day = decided_on ?? today
  if (day > due_on) {
    return { state: decided_on === null ? 'overdue' : 'late', working_days: countWorkingDays(due_on, day, calendar) }
  }
  const left = countWorkingDays(day, due_on, calendar)
  if (decided_on !== null) return { state: 'kept', working_days: left }
  return { state: day === due_on ? 'due_today' : 'running', working_days: left }
}

/** An objection as far as its days go; days are YYYY-MM-DD. */
export interface ObjectionDays {
  kind: ObjectionKind
  seen_from: string
  opened_on: string
  asked_until: string | null
}

/** Days for which a grant is proposed: a dispute from the finding's first day, a mute from its opening as asked. */
export function proposeDays({ kind, seen_from, opened_on, asked_until }: ObjectionDays): {
  valid_from: string
  valid_to: string
} {
  if (kind === 'mute') return { valid_from: opened_on, valid_to: asked_until ?? opened_on }
  return { valid_from: seen_from, valid_to: addDays(opened_on, DISPUTE_HOLDS_DAYS) }
}

export type DayFault = 'order' | 'too_early' | 'too_long'

/** What is wrong with the days of a grant; null: nothing. A finding is not set aside before it was there. */
export function findDayFault(
  objection: ObjectionDays,
  { valid_from, valid_to }: { valid_from: string; valid_to: string },
): DayFault | null {
  if (valid_to < valid_from) return 'order'
  if (valid_from < (objection.kind === 'mute' ? objection.opened_on : objection.seen_from)) return 'too_early'
  return valid_to > addDays(valid_from, GRANT_MAX_DAYS) ? 'too_long' : null
}
