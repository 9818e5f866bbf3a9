import { describe, expect, it } from 'vitest'
import { judgeSilence, type SilenceQuestion } from '../../../server/src/domain/building-silence.ts'

/** Weekdays are expected; 2026-09-07 is a Monday. */
function isWeekday(day: string): boolean {
  return ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
}

function judge(last_heard_on: string | null, today: string, more: Partial<SilenceQuestion> = {}) {
  return judgeSilence({ last_heard_on, today, isExpectedOn: isWeekday, is_excused: false, ...more })
}

describe('judgeSilence', () => {
  it('counts whole school days without a word: one is nothing, two a risk, five silence', () => {
    expect(judge('2026-09-07', '2026-09-07')).toEqual({ silence: 'live', missed_days: 0 })
    expect(judge('2026-09-07', '2026-09-09')).toEqual({ silence: 'live', missed_days: 1 })
    expect(judge('2026-09-07', '2026-09-10')).toEqual({ silence: 'at_risk', missed_days: 2 })
    expect(judge('2026-09-07', '2026-09-14')).toEqual({ silence: 'at_risk', missed_days: 4 })
    expect(judge('2026-09-07', '2026-09-15')).toEqual({ silence: 'silent', missed_days: 5 })
  })

  it('does not take a weekend for silence', () => {
    expect(judge('2026-09-11', '2026-09-14')).toEqual({ silence: 'live', missed_days: 0 })
  })

  it('is not silent for days on which a status excused it, and says so while one does', () => {
    const isExpectedOn = (day: string): boolean => isWeekday(day) && (day < '2026-10-26' || day > '2026-11-04')
    expect(judge('2026-10-23', '2026-11-06', { isExpectedOn })).toEqual({ silence: 'live', missed_days: 1 })
    expect(judge('2026-09-07', '2026-09-30', { is_excused: true }).silence).toBe('excused')
    expect(judge('2026-09-29', '2026-09-30', { is_excused: true }).silence).toBe('live')
  })

  it('tells never set up from silent', () => {
    expect(judge(null, '2026-09-30').silence).toBe('never_set_up')
    expect(judge('2019-01-01', '2026-09-30').silence).toBe('silent')
  })
})
