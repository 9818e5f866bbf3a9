import { describe, expect, it } from 'vitest'
import { judgeCollector } from '../../../web/src/pages/collectors/collector-state.ts'
import { concludeSubsection } from '../../../web/src/pages/school/subsection-conclusion.ts'

const CHECKED_AT = '2026-10-14T06:00:00Z'
const collector = {
  name: 'website',
  vantage: 'saratov',
  version: '0.1.0',
  kinds: ['site_check' as const],
  last_report_at: '2026-10-14T05:59:00Z',
  last_measurement_at: '2026-10-14T05:59:00Z',
  expected: 100,
  received: 100,
  rejected: 0,
  spooled: 0,
  event_loop_p999_ms: 12,
  memory_mb: 90,
  own_link: 'up' as const,
}

describe('judgeCollector', () => {
  it('is fine when it speaks and all has come', () => expect(judgeCollector(collector, CHECKED_AT)).toBe('fine'))
  it('is slow when all has come but its event loop lags', () =>
    expect(judgeCollector({ ...collector, event_loop_p999_ms: 80 }, CHECKED_AT)).toBe('slow'))
  it('is silent after ten minutes', () =>
    expect(judgeCollector({ ...collector, last_report_at: '2026-10-14T05:40:00Z' }, CHECKED_AT)).toBe('silent'))
  it.each([{ received: 90 }, { own_link: 'down' as const }])('is behind with %o', (change) =>
    expect(judgeCollector({ ...collector, ...change }, CHECKED_AT)).toBe('behind'),
  )
})

const finding = {
  rule: 'catering.meals',
  scale: 'presence' as const,
  outcome: 'absent' as const,
  grade: 'violation' as const,
  headline: '',
  asks: '',
  source: null,
  seen: null,
  remedy: null,
  markup_sample: null,
  url: null,
  place: null,
  evidence_id: null,
}
const subsection = { presence: 'present' as const, findings: [] }

describe('concludeSubsection', () => {
  it('does not accuse a page without markup', () => expect(concludeSubsection(subsection).key).toBe('fine'))
  it('does not accuse what a machine could not confirm', () =>
    expect(concludeSubsection({ ...subsection, presence: 'not_confirmed' })).toEqual({
      tone: 'unknown',
      key: 'not_confirmed',
      count: 0,
    }))
  it('puts violations before warnings', () => {
    const findings = [{ ...finding, grade: 'warning' as const }, finding]
    expect(concludeSubsection({ ...subsection, findings })).toEqual({ tone: 'bad', key: 'to_mend', count: 1 })
  })
})
