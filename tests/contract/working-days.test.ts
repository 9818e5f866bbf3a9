import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import Value from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { addWorkingDays, isWorkingDay, WorkingDayCalendar } from '@edumon/server/contract'

const file = resolve(import.meta.dirname, '../../sql/reference/working-days.json')
const calendar = JSON.parse(readFileSync(file, 'utf8')) as WorkingDayCalendar

describe('working-day calendar', () => {
  it('is valid and lists only days that differ from an ordinary week', () => {
    expect(Value.Errors(WorkingDayCalendar, calendar)).toEqual([])
    const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay()
    for (const year of calendar.years) {
      expect(year.days_off.filter((day) => [0, 6].includes(weekday(day)))).toEqual([])
      expect(year.working_weekends.filter((day) => ![0, 6].includes(weekday(day)))).toEqual([])
    }
  })

  it.each([
    [2024, 248],
    [2025, 247],
    [2026, 247],
  ])('gives the working days of %i that the five-day production calendar gives', (year, expected) => {
    let count = 0
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) {
      if (isWorkingDay(new Date(at).toISOString().slice(0, 10), calendar)) count += 1
    }
    expect(count).toBe(expected)
  })
})

describe('addWorkingDays', () => {
  it('starts on the day after and skips weekends and 4 November', () => {
    expect(addWorkingDays('2026-10-30', 3, calendar)).toBe('2026-11-05')
    expect(addWorkingDays('2026-09-01', 10, calendar)).toBe('2026-09-15')
  })

  it('skips the New Year holidays', () => {
    expect(addWorkingDays('2026-01-01', 10, calendar)).toBe('2026-01-23')
  })

  it('counts a worked Saturday', () => {
    expect(addWorkingDays('2025-10-31', 1, calendar)).toBe('2025-11-01')
  })

  it('leaves the day itself for a term of none', () => {
    expect(addWorkingDays('2026-11-04', 0, calendar)).toBe('2026-11-04')
  })
})
