import type { OperatorAppeal, OperatorAppealEntry } from '../../../api/internet.ts'

/** What is typed into the form of an appeal, as it is typed. */
interface AppealDraft {
  /** Id of the building, or of the organisation as a whole. */
  building: string
  appeal_number: string
  sent_on: string
  operator: string
  subject: string
  answer: string
  answered_on: string
}
type AppealField = keyof AppealDraft
type AppealFault = 'missing' | 'day' | 'both' | 'before'

export const APPEAL_FIELDS = [
  'building',
  'appeal_number',
  'sent_on',
  'operator',
  'subject',
  'answer',
  'answered_on',
] as const satisfies readonly AppealField[]
export const TEXT_MAX_LENGTH = 4000
export const NUMBER_MAX_LENGTH = 100
export const OPERATOR_MAX_LENGTH = 300

/** A form about nothing yet. @param today the region's day, YYYY-MM-DD */
export function createAppeal(org_unit_id: number, today: string): AppealDraft {
  const empty = { appeal_number: '', operator: '', subject: '', answer: '', answered_on: '' }
  return { ...empty, building: String(org_unit_id), sent_on: today }
}

/** A form with an entered appeal, to add its answer or mend a mistake. */
export function reopenAppeal(appeal: OperatorAppeal): AppealDraft {
  const { appeal_number, sent_on, operator, subject, answer, answered_on } = appeal
  const said = { answer: answer ?? '', answered_on: answered_on ?? '' }
  return { building: String(appeal.org_unit_id), appeal_number, sent_on, operator, subject, ...said }
}

function isPastDay(day: string, today: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && day <= today
}

/** Faults by field; empty when the form can be sent. */
export function findAppealFaults(draft: AppealDraft, today: string): Partial<Record<AppealField, AppealFault>> {
  const faults: Partial<Record<AppealField, AppealFault>> = {}
  for (const field of ['appeal_number', 'operator', 'subject'] as const) {
    if (draft[field].trim() === '') faults[field] = 'missing'
  }
  if (!isPastDay(draft.sent_on, today)) faults.sent_on = 'day'
  const isAnswered = draft.answer.trim() !== ''
  if (isAnswered && draft.answered_on === '') faults.answered_on = 'both'
  else if (!isAnswered && draft.answered_on !== '') faults.answer = 'both'
  else if (isAnswered && !isPastDay(draft.answered_on, today)) faults.answered_on = 'day'
  else if (isAnswered && draft.answered_on < draft.sent_on) faults.answered_on = 'before'
  return faults
}

export function toAppealEntry(draft: AppealDraft): OperatorAppealEntry {
  const { sent_on, answered_on } = draft
  const answer = draft.answer.trim()
  return {
    appeal_number: draft.appeal_number.trim(),
    sent_on,
    operator: draft.operator.trim(),
    subject: draft.subject.trim(),
    answer: answer === '' ? null : answer,
    answered_on: answered_on === '' ? null : answered_on,
  }
}
