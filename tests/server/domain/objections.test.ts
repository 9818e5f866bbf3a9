import { describe, expect, it } from 'vitest'
import { readWorkingDays } from '../../../server/src/db/reference-files.ts'
import { findViolationsSince } from '../../../server/src/domain/finding-since.ts'
import { dueDay, findDayFault, findTerm, proposeDays } from '../../../server/src/domain/objections.ts'
import { orderFindings } from '../../../server/src/domain/task-findings.ts'

const calendar = readWorkingDays()

describe('dueDay', () => {
  it.each([
    ['2026-11-02', '2026-11-06', 'over 4 November, a holiday'],
    ['2026-11-03', '2026-11-09', 'over the holiday and a weekend'],
    ['2026-11-07', '2026-11-11', 'from a Saturday'],
    ['2026-12-30', '2027-01-13', 'over the holidays of the new year'],
  ])('of three working days from %s is %s: %s', (opened, due) => {
    expect(dueDay(opened, 3, calendar)).toBe(due)
  })
})

describe('findTerm', () => {
  const term = (today: string, decided_on: string | null = null) =>
    findTerm({ due_on: '2026-11-06', decided_on }, today, calendar)

  it('counts working days to the last one and past it, without the holiday', () => {
    expect(term('2026-11-03')).toEqual({ state: 'running', working_days: 2 })
    expect(term('2026-11-06')).toEqual({ state: 'due_today', working_days: 0 })
    expect(term('2026-11-10')).toEqual({ state: 'overdue', working_days: 2 })
  })

  it('says of a decision whether it came in time, whatever today is', () => {
    expect(term('2026-12-01', '2026-11-05')).toEqual({ state: 'kept', working_days: 1 })
    expect(term('2026-12-01', '2026-11-09')).toEqual({ state: 'late', working_days: 1 })
    expect(term('2026-12-01', '2026-11-07')).toEqual({ state: 'late', working_days: 0 })
  })
})

describe('days of a grant', () => {
  const dispute = { kind: 'dispute', seen_from: '2026-10-20', opened_on: '2026-11-02', asked_until: null } as const
  const mute = { ...dispute, kind: 'mute', asked_until: '2026-11-30' } as const

  it('are proposed from the finding on for a dispute, and as asked for a mute', () => {
    expect(proposeDays(dispute)).toEqual({ valid_from: '2026-10-20', valid_to: '2027-02-02' })
    expect(proposeDays(mute)).toEqual({ valid_from: '2026-11-02', valid_to: '2026-11-30' })
  })

  it('are refused before the finding, before a mute was asked for, back to front, and over a year', () => {
    expect(findDayFault(dispute, { valid_from: '2026-10-19', valid_to: '2026-11-30' })).toBe('too_early')
    expect(findDayFault(mute, { valid_from: '2026-10-25', valid_to: '2026-11-30' })).toBe('too_early')
    expect(findDayFault(dispute, { valid_from: '2026-11-02', valid_to: '2026-11-01' })).toBe('order')
    expect(findDayFault(dispute, { valid_from: '2026-10-20', valid_to: '2027-10-22' })).toBe('too_long')
    expect(findDayFault(dispute, { valid_from: '2026-10-20', valid_to: '2027-10-21' })).toBeNull()
  })
})

describe('findViolationsSince', () => {
  it('starts anew after an audit without a violation', () => {
    const look = (day: string, has_violation: boolean) => ({
      ...{ subsection: 'budget', at: new Date(`${day}T09:00:00Z`), has_violation },
    })
    const looks = [
      look('2026-11-16', true),
      look('2026-10-26', true),
      look('2026-11-02', false),
      look('2026-11-09', true),
    ]
    expect(findViolationsSince(looks).get('budget')).toEqual(new Date('2026-11-09T09:00:00Z'))
    expect(findViolationsSince([...looks, look('2026-11-23', false)]).size).toBe(0)
  })
})

describe('orderFindings', () => {
  it('puts a site that does not work first, then its certificate, then what is not there at all', () => {
    const finding = (kind: 'availability' | 'certificate' | 'subsection', outcome: string, violations = 1) => ({
      ...{ finding: kind, outcome, violations },
    })
    const ordered = orderFindings([
      finding('subsection', 'present', 1),
      finding('subsection', 'present', 5),
      finding('subsection', 'absent'),
      finding('certificate', 'invalid'),
      finding('availability', 'does_not_work'),
    ])
    expect(ordered.map((one) => `${one.finding} ${one.outcome} ${one.violations}`)).toEqual([
      'availability does_not_work 1',
      'certificate invalid 1',
      'subsection absent 1',
      'subsection present 5',
      'subsection present 1',
    ])
  })
})
