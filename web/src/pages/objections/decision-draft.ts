import type { DecisionEntry, Objection } from '../../api/schemas.ts'

/** What is typed into the form of a decision. */
export interface DecisionDraft {
  outcome: DecisionEntry['outcome'] | null
  reason: string
  valid_from: string
  valid_to: string
}
export type DecisionField = keyof DecisionDraft
export type DecisionFault = 'outcome_missing' | 'reason_missing' | 'day_missing' | 'day_order'

const REASON_MIN_LENGTH = 5

export function createDecision({ proposed }: Pick<Objection, 'proposed'>): DecisionDraft {
  return { outcome: null, reason: '', ...proposed }
}

/** Faults by field; empty when the form can be sent. */
export function findDecisionFaults(draft: DecisionDraft): Partial<Record<DecisionField, DecisionFault>> {
  const faults: Partial<Record<DecisionField, DecisionFault>> = {}
  if (draft.outcome === null) faults.outcome = 'outcome_missing'
  if (draft.outcome === 'granted') {
    if (draft.valid_from === '') faults.valid_from = 'day_missing'
    if (draft.valid_to === '') faults.valid_to = 'day_missing'
    else if (draft.valid_to < draft.valid_from) faults.valid_to = 'day_order'
  }
  if (draft.reason.trim().length < REASON_MIN_LENGTH) faults.reason = 'reason_missing'
  return faults
}

/** The form as the API takes it: a rejection has no days. */
export function toDecisionEntry({ outcome, reason, valid_from, valid_to }: DecisionDraft): DecisionEntry {
  const said = reason.trim()
  return outcome === 'granted'
    ? { outcome, reason: said, valid_from, valid_to }
    : { outcome: 'rejected', reason: said, valid_from: null, valid_to: null }
}
