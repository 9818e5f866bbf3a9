import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listDayTests, listTests, type ScheduleRules } from '../../../server/src/domain/agent-schedule.ts'
import { readWorkingDays } from '../../../server/src/db/reference-files.ts'
import { isSchoolHour, localHourOf } from '../../../server/src/domain/schedule.ts'

const calendar = readWorkingDays()
const RULES: ScheduleRules = { tests_per_day: 3, seed: 'seed', zone: 'Europe/Saratov', calendar }
const WORKING_DAY = '2026-10-14'
/** Wednesday, day of national unity. */
const HOLIDAY = '2026-11-04'

const zones = fc.constantFrom('Europe/Kaliningrad', 'Europe/Saratov', 'Asia/Yekaterinburg', 'Asia/Kamchatka')
const days = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('listDayTests', () => {
  it('keeps within school hours of working days, ascending, as many as asked for, and always the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        days,
        zones,
        fc.integer({ min: 1, max: 24 }),
        (unit, day, zone, n) => {
          const rules = { ...RULES, zone, tests_per_day: n }
          const times = listDayTests(unit, day, rules)
          expect([0, n]).toContain(times.length)
          for (const [i, time] of times.entries()) {
            expect(isSchoolHour(localHourOf(time, zone), calendar)).toBe(true)
            expect(localHourOf(time, zone).local_day).toBe(day)
            // Also a retest after the longest pause is still within school hours.
            expect(isSchoolHour(localHourOf(time + 40 * 60_000, zone), calendar)).toBe(true)
            if (i > 0) expect(time).toBeGreaterThan(times[i - 1] ?? Infinity)
          }
          expect(listDayTests(unit, day, rules)).toEqual(times)
        },
      ),
    )
  })

  it('plans three tests on a working day and none on a holiday or at the weekend', () => {
    expect(listDayTests(7, WORKING_DAY, RULES)).toHaveLength(3)
    for (const day of [HOLIDAY, '2026-10-17', '2026-10-18']) expect(listDayTests(7, day, RULES)).toEqual([])
  })

  it('spreads the buildings of a region evenly over the day', () => {
    const counts = new Map<number, number>()
    const BUILDINGS = 3000
    const BINS = 37
    const first = Date.parse(`${WORKING_DAY}T08:00:00+04:00`)
    const width_ms = (555 * 60_000) / BINS
    for (let unit = 1; unit <= BUILDINGS; unit += 1) {
      for (const time of listDayTests(unit, WORKING_DAY, RULES)) {
        const bin = Math.floor((time - first) / width_ms)
        counts.set(bin, (counts.get(bin) ?? 0) + 1)
      }
    }
    const mean = (BUILDINGS * 3) / BINS
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: BINS }, (_, i) => i))
    // Five standard deviations of a fair spread.
    for (const count of counts.values()) expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean))
  })

  it('gives a building other times on other days, and with another seed', () => {
    const ofDay = (day: string, seed = 'seed') =>
      listDayTests(7, day, { ...RULES, seed }).map((time) => time % 86_400_000)
    expect(ofDay('2026-10-15')).not.toEqual(ofDay(WORKING_DAY))
    expect(ofDay(WORKING_DAY, 'other')).not.toEqual(ofDay(WORKING_DAY))
  })
})

describe('listTests', () => {
  it('leaves out days on which the building is excused', () => {
    const span = { from_day: '2026-10-12', days: 7 }
    expect(listTests(7, span, RULES, () => false)).toHaveLength(15)
    expect(listTests(7, span, RULES, (day) => day >= '2026-10-14')).toHaveLength(6)
  })
})
