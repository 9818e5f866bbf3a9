import { describe, expect, it } from 'vitest'
import { dayOfInstant, formatDay, formatDayRange, formatInstant, formatTime } from '../../../web/src/format/date.ts'

const SARATOV = 'Europe/Saratov'

describe('formatDay', () => {
  it('writes a calendar day and never moves it', () => {
    expect(formatDay('2026-10-14', 'ru')).toBe('14\u00a0окт.\u00a02026')
    expect(formatDay('2026-01-01', 'ru')).toBe('1\u00a0янв.\u00a02026')
    expect(formatDay('2026-10-14', 'ru', { year: false })).toBe('14\u00a0окт.')
    expect(formatDay('2026-10-14', 'en')).toBe('14\u00a0Oct\u00a02026')
  })
})

describe('formatInstant', () => {
  it('shows the clock of the region, also over midnight', () => {
    expect(formatInstant('2026-10-14T05:40:00Z', 'ru', SARATOV)).toBe('14\u00a0окт.\u00a02026, 09:40')
    expect(formatInstant('2026-10-13T21:00:05Z', 'ru', SARATOV, { seconds: true })).toBe(
      '14\u00a0окт.\u00a02026, 01:00:05',
    )
    expect(formatTime('2026-10-13T20:00:00Z', 'ru', SARATOV)).toBe('00:00')
  })
})

describe('formatDayRange', () => {
  it('says the year once when it is the same', () => {
    expect(formatDayRange('2026-09-15', '2026-10-14', 'ru')).toBe('15\u00a0сент. – 14\u00a0окт.\u00a02026')
    expect(formatDayRange('2025-12-20', '2026-01-10', 'ru')).toBe('20\u00a0дек.\u00a02025 – 10\u00a0янв.\u00a02026')
  })
})

describe('dayOfInstant', () => {
  it('is the day on the wall calendar of the zone', () => {
    expect(dayOfInstant(new Date('2026-10-13T20:30:00Z'), SARATOV)).toBe('2026-10-14')
    expect(dayOfInstant(new Date('2026-10-13T20:30:00Z'), 'UTC')).toBe('2026-10-13')
  })
})
