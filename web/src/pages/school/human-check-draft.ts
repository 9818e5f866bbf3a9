import type { HumanCheckEntry, SubsectionEntry } from '../../api/schemas.ts'
import type { ChosenFile } from '../../components/chosen-file.ts'

type SubsectionCode = SubsectionEntry['code']

/** What a person can say of a subsection; null: did not look, which is no answer and is not sent. */
export const ANSWERS = ['present', 'empty', 'absent', null] as const
export type Answer = (typeof ANSWERS)[number]

/** What is typed into the form, as it is typed. */
export interface HumanCheckDraft {
  checked_on: string
  person: string
  note: string
  answers: Partial<Record<SubsectionCode, Answer>>
  picture: ChosenFile | null
}
export type DraftField = keyof HumanCheckDraft
export type DraftFault = 'day_wrong' | 'day_future' | 'person_missing' | 'answers_missing'

export const PERSON_MAX_LENGTH = 200
export const NOTE_MAX_LENGTH = 2000
const PERSON_MIN_LENGTH = 2

/** A form with nothing answered yet. @param today the region's day, YYYY-MM-DD */
export function createDraft(today: string): HumanCheckDraft {
  return { checked_on: today, person: '', note: '', answers: {}, picture: null }
}

/** Faults by field; empty when the form can be sent. */
export function findDraftFaults(draft: HumanCheckDraft, today: string): Partial<Record<DraftField, DraftFault>> {
  const faults: Partial<Record<DraftField, DraftFault>> = {}
  if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.checked_on)) faults.checked_on = 'day_wrong'
  else if (draft.checked_on > today) faults.checked_on = 'day_future'
  if (draft.person.trim().length < PERSON_MIN_LENGTH) faults.person = 'person_missing'
  if (Object.values(draft.answers).every((answer) => answer === null)) faults.answers = 'answers_missing'
  return faults
}

/** The form as the API takes it: only what was looked at is said. */
export function toHumanCheckEntry(draft: HumanCheckDraft): HumanCheckEntry {
  const note = draft.note.trim()
  return {
    checked_on: draft.checked_on,
    person: draft.person.trim(),
    note: note === '' ? null : note,
    judgements: (Object.entries(draft.answers) as [SubsectionCode, Answer][]).flatMap(([subsection, presence]) =>
      presence === null ? [] : [{ subsection, presence, markup: null, freshness: null, url: null, dated_on: null }],
    ),
    picture_base64: draft.picture?.base64 ?? null,
  }
}

/** The field of the form that a JSON pointer of the API's error speaks of; null: none of them. */
export function findFieldOfPath(path: string | null): DraftField | null {
  const [, head] = path?.split('/') ?? []
  if (head === 'judgements') return 'answers'
  if (head === 'picture_base64') return 'picture'
  return head === 'checked_on' || head === 'person' || head === 'note' ? head : null
}
