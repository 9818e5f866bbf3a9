import { describe, expect, it } from 'vitest'
import { createTokenDraft, findTokenFaults, toTokenEntry } from '../../../web/src/pages/tokens/token-draft.ts'
import { createGrantDraft, findGrantFaults, toGrantEntry } from '../../../web/src/pages/users/grant-draft.ts'

const TODAY = '2026-11-02'
const UNIT = { org_unit_id: 7, name: 'Вольский район', kind: 'municipality' }

describe('the draft of a grant', () => {
  const empty = createGrantDraft(TODAY)
  const filled = { ...empty, role: 'municipal_head' as const, unit: UNIT }

  it('needs a role and a unit, and is no entry without them', () => {
    expect(findGrantFaults(empty)).toEqual({ role: 'role_missing', org_unit_id: 'unit_missing' })
    expect(toGrantEntry(empty)).toBeNull()
    expect(toGrantEntry({ ...filled, unit: null })).toBeNull()
  })
  it('holds from today, without a last day, for all founders', () => {
    expect(findGrantFaults(filled)).toEqual({})
    expect(toGrantEntry(filled)).toEqual({
      ...{ role: 'municipal_head', org_unit_id: 7, founder_kinds: null },
      ...{ valid_from: TODAY, valid_to: null, stand_in_for_user_id: null },
    })
  })
  it('holds for one day at least', () => {
    expect(findGrantFaults({ ...filled, valid_from: '' })).toEqual({ valid_from: 'day_missing' })
    expect(findGrantFaults({ ...filled, valid_to: TODAY })).toEqual({})
    expect(findGrantFaults({ ...filled, valid_to: '2026-11-01' })).toEqual({ valid_to: 'period_wrong' })
  })
  it('ends when somebody is stood in for', () => {
    const standIn = { ...filled, stand_in_for_user_id: 3 }
    expect(findGrantFaults(standIn)).toEqual({ valid_to: 'stand_in_endless' })
    expect(findGrantFaults({ ...standIn, valid_to: '2026-11-30' })).toEqual({})
  })
  it('names the founders when not all are meant', () =>
    expect(toGrantEntry({ ...filled, founder_kinds: ['municipal'] })?.founder_kinds).toEqual(['municipal']))
})

describe('the draft of a token', () => {
  const empty = createTokenDraft(TODAY)

  it('needs of a collector its name and its vantage', () => {
    expect(findTokenFaults(empty)).toEqual({ label: 'label_missing', collector: 'name_shape', vantage: 'name_shape' })
    const named = { ...empty, label: 'Сервер', collector: 'one.two-3', vantage: 'saratov' }
    expect(findTokenFaults(named)).toEqual({})
    for (const collector of ['Server', '-one', 'a b', 'a'.repeat(61)]) {
      expect(findTokenFaults({ ...named, collector })).toEqual({ collector: 'name_shape' })
    }
  })
  it('needs of every other kind a unit', () => {
    const upload = { ...empty, kind: 'upload' as const, label: 'Поставщик' }
    expect(findTokenFaults(upload)).toEqual({ org_unit_id: 'unit_missing' })
    expect(findTokenFaults({ ...upload, unit: UNIT })).toEqual({})
  })
  it('has its days in order', () => {
    const named = { ...empty, label: 'Сервер', collector: 'one', vantage: 'saratov' }
    expect(findTokenFaults({ ...named, valid_from: '' })).toEqual({ valid_from: 'day_missing' })
    expect(findTokenFaults({ ...named, valid_to: '2026-11-01' })).toEqual({ valid_to: 'period_wrong' })
  })
  it('sends nothing that belongs to another kind', () => {
    const typed = { ...empty, label: ' Сервер ', collector: 'one', vantage: 'saratov', unit: UNIT }
    const days = { valid_from: TODAY, valid_to: null }
    expect(toTokenEntry({ ...typed, founder_kinds: ['private'] })).toEqual({
      ...{
        kind: 'collector',
        label: 'Сервер',
        collector: { name: 'one', vantage: 'saratov', work_kinds: ['site_check', 'site_audit'] },
      },
      ...{ org_unit_id: null, founder_kinds: null, ...days },
    })
    expect(toTokenEntry({ ...typed, kind: 'export' })).toEqual({
      ...{ kind: 'export', label: 'Сервер', collector: null, org_unit_id: 7, founder_kinds: null, ...days },
    })
  })
})
