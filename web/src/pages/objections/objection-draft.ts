import type { Objection, ObjectionEntry } from '../../api/schemas.ts'
import type { ChosenFile } from '../../components/chosen-file.ts'
import { makeUuid } from './make-uuid.ts'

/** What an objection is about. */
export interface FindingRef {
  org_unit_id: number
  target_id: string
  finding: Objection['finding']
  subsection: Objection['subsection']
  incident_id: number | null
}

/** What is typed into the form, as it is typed. */
export interface ObjectionDraft {
  /** Stays the same however often it is sent: an answer that was lost makes no second objection. */
  objection_id: string
  reason: string
  asked_until: string
  file: ChosenFile | null
}
export type DraftField = Exclude<keyof ObjectionDraft, 'objection_id'>
export type DraftFault = 'reason_missing' | 'until_missing' | 'until_past'

export const REASON_MAX_LENGTH = 4000
const REASON_MIN_LENGTH = 5

export function createDraft(): ObjectionDraft {
  return { objection_id: makeUuid(), reason: '', asked_until: '', file: null }
}

/** Faults by field; empty when the form can be sent. @param today the region's day, YYYY-MM-DD */
export function findDraftFaults(
  kind: Objection['kind'],
  draft: ObjectionDraft,
  today: string,
): Partial<Record<DraftField, DraftFault>> {
  const faults: Partial<Record<DraftField, DraftFault>> = {}
  if (draft.reason.trim().length < REASON_MIN_LENGTH) faults.reason = 'reason_missing'
  if (kind === 'mute') {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.asked_until)) faults.asked_until = 'until_missing'
    else if (draft.asked_until < today) faults.asked_until = 'until_past'
  }
  return faults
}

/** The form as the API takes it. */
export function toObjectionEntry(kind: Objection['kind'], about: FindingRef, draft: ObjectionDraft): ObjectionEntry {
  const { target_id, finding, subsection, incident_id } = about
  const asked_until = kind === 'mute' ? draft.asked_until : null
  const { objection_id, file } = draft
  const reason = draft.reason.trim()
  return { objection_id, kind, target_id, finding, subsection, incident_id, reason, asked_until, file }
}

/** Whether an objection is about this very finding. */
export function isAbout(objection: Objection, about: FindingRef): boolean {
  return (
    objection.target_id === about.target_id &&
    objection.finding === about.finding &&
    objection.subsection === about.subsection
  )
}
