import { describe, expect, it } from 'vitest'
import { listAuditLinks } from '../../../web/src/api/audit.ts'
import { isPeriodWrong, selectAudit } from '../../../web/src/pages/audit/audit-selection.ts'
import { compareFields } from '../../../web/src/pages/audit/event-fields.ts'
import { isSealLate } from '../../../web/src/pages/audit/seal-state.ts'

const none = { from: null, to: null, category: null, action: null, actor: null, intake: null }

describe('selectAudit', () => {
  it('leaves the intake of measurements out until it, or its action, is asked for', () => {
    expect(selectAudit(none, null)).toEqual({ except_action: 'take_in_batch' })
    expect(selectAudit({ ...none, intake: 'shown' }, null)).toEqual({})
    expect(selectAudit({ ...none, action: 'take_in_batch' }, null)).toEqual({ action: 'take_in_batch' })
  })

  it('takes both days whole, by the clock of the region', () => {
    const { from, to } = selectAudit({ ...none, from: '2026-10-01', to: '2026-10-01' }, null)
    expect([from, to]).toEqual(['2026-09-30T20:00:00.000Z', '2026-10-01T20:00:00.000Z'])
  })

  it('passes the other conditions on, and leaves out words that mean nothing', () => {
    const asked = { ...none, category: 'grant', action: 'grant.give', actor: 'Орлова' }
    expect(selectAudit(asked, 5)).toEqual({
      ...{ category: ['grant'], action: 'grant.give', actor: 'Орлова', org_unit_id: 5 },
    })
    const nonsense = { ...none, from: 'yesterday', to: '2026-13-45', category: 'gossip', action: 'gossip' }
    expect(selectAudit(nonsense, null)).toEqual({ except_action: 'take_in_batch' })
  })
})

describe('isPeriodWrong', () => {
  it.each([
    ['2026-10-02', '2026-10-01', true],
    ['2026-10-01', '2026-10-01', false],
    [null, '2026-10-01', false],
    ['2026-10-02', null, false],
  ])('from %s to %s: %s', (from, to, isWrong) => expect(isPeriodWrong({ from, to })).toBe(isWrong))
})

describe('listAuditLinks', () => {
  it('asks the file for the same as the list', () => {
    const [workbook, text] = listAuditLinks({ category: ['grant', 'data'], actor: 'А & Б', org_unit_id: 5 })
    const { pathname, searchParams } = new URL(workbook?.href ?? '', 'http://own')
    expect(pathname).toBe('/api/v1/audit/events/export.xlsx')
    expect([...searchParams]).toEqual([
      ['category', 'grant'],
      ['category', 'data'],
      ['actor', 'А & Б'],
      ['org_unit_id', '5'],
    ])
    expect(text?.href).toContain('export.csv?')
  })
})

describe('compareFields', () => {
  it('puts what changed first and tells it from what stayed', () => {
    const before = { name: 'Пётр', is_disabled: false, roles: ['auditor'] }
    const after = { name: 'Пётр', is_disabled: true, roles: ['auditor'] }
    expect(compareFields(before, after)).toEqual([
      { key: 'is_disabled', before: false, after: true, isChanged: true },
      { key: 'name', before: 'Пётр', after: 'Пётр', isChanged: false },
      { key: 'roles', before: ['auditor'], after: ['auditor'], isChanged: false },
    ])
  })

  it('tells a field that was not recorded from one recorded as nothing', () => {
    expect(compareFields({ valid_to: null }, { order: null })).toEqual([
      { key: 'valid_to', before: null, after: undefined, isChanged: true },
      { key: 'order', before: undefined, after: null, isChanged: true },
    ])
    expect(compareFields(null, null)).toEqual([])
  })
})

describe('isSealLate', () => {
  const now_ms = Date.parse('2026-10-14T10:00:00Z')
  it.each([
    ['2026-10-14T09:58:00Z', false],
    ['2026-10-14T09:49:00Z', true],
    [null, false],
  ])('events that wait since %s: %s', (unsealed_since, isLate) =>
    expect(isSealLate({ unsealed_since }, now_ms)).toBe(isLate),
  )
})
