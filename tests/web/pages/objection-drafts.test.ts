import { describe, expect, it } from 'vitest'
import {
  createDecision,
  findDecisionFaults,
  toDecisionEntry,
} from '../../../web/src/pages/objections/decision-draft.ts'
import { createDraft, findDraftFaults, toObjectionEntry } from '../../../web/src/pages/objections/objection-draft.ts'

const ABOUT = {
  org_unit_id: 7,
  target_id: 'site',
  finding: 'subsection',
  subsection: 'budget',
  incident_id: null,
} as const
const PROPOSED = { proposed: { valid_from: '2026-11-02', valid_to: '2026-11-30' } }

describe('findDraftFaults', () => {
  it('asks for a reason, and of a mute for a day that is not past', () => {
    const draft = createDraft()
    expect(findDraftFaults('dispute', draft, '2026-11-02')).toEqual({ reason: 'reason_missing' })
    const mute = { ...draft, reason: 'Переезд сайта' }
    expect(findDraftFaults('mute', mute, '2026-11-02')).toEqual({ asked_until: 'until_missing' })
    expect(findDraftFaults('mute', { ...mute, asked_until: '2026-11-01' }, '2026-11-02')).toEqual({
      asked_until: 'until_past',
    })
    expect(findDraftFaults('mute', { ...mute, asked_until: '2026-11-02' }, '2026-11-02')).toEqual({})
  })
})

describe('toObjectionEntry', () => {
  it('sends the day of a mute alone, and the reason without spaces around it', () => {
    const draft = { ...createDraft(), reason: ' Страница есть ', asked_until: '2026-11-30' }
    const { objection_id } = draft
    const entry = {
      objection_id,
      target_id: 'site',
      finding: 'subsection',
      subsection: 'budget',
      incident_id: null,
      file: null,
    }
    const reason = 'Страница есть'
    expect(toObjectionEntry('dispute', ABOUT, draft)).toEqual({ ...entry, kind: 'dispute', reason, asked_until: null })
    expect(toObjectionEntry('mute', ABOUT, draft)).toEqual({
      ...entry,
      kind: 'mute',
      reason,
      asked_until: '2026-11-30',
    })
  })
})

describe('createDraft', () => {
  it('gives each draft an id of its own, of the form that the API takes', () => {
    const ids = Array.from({ length: 100 }, () => createDraft().objection_id)
    expect(new Set(ids).size).toBe(100)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('a decision', () => {
  it('begins with the proposed days and needs an outcome and a reason', () => {
    const draft = createDecision(PROPOSED)
    expect(findDecisionFaults(draft)).toEqual({ outcome: 'outcome_missing', reason: 'reason_missing' })
    const granted = { ...draft, outcome: 'granted' as const, reason: 'Сбой у нас' }
    expect(findDecisionFaults(granted)).toEqual({})
    expect(findDecisionFaults({ ...granted, valid_to: '2026-11-01' })).toEqual({ valid_to: 'day_order' })
    expect(toDecisionEntry(granted)).toEqual({ outcome: 'granted', reason: 'Сбой у нас', ...PROPOSED.proposed })
  })

  it('has no days when it rejects', () => {
    const rejected = { ...createDecision(PROPOSED), outcome: 'rejected' as const, reason: 'Подтверждено' }
    expect(toDecisionEntry(rejected)).toEqual({
      outcome: 'rejected',
      reason: 'Подтверждено',
      valid_from: null,
      valid_to: null,
    })
  })
})
