import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readWorkingDays } from '../../../server/src/db/reference-files.ts'
import { shareHours } from '../../../server/src/domain/availability.ts'
import { findExclusion } from '../../../server/src/domain/dated-status.ts'
import { findNextRoundAt } from '../../../server/src/domain/schedule.ts'
import { foldRound, NO_VERDICT_YET, type DecidedRound } from '../../../server/src/domain/site-state.ts'

const ZONE = 'Europe/Saratov'
const at = (text: string): number => Date.parse(text)
const never = (): boolean => false

describe('observed and up time', () => {
  it('goes to the hours of the region, by the earlier verdict', () => {
    const before = { decided_at: at('2026-03-02T05:50:00Z'), verdict: 'works' } as const
    const next = { decided_at: at('2026-03-02T06:20:00Z'), verdict: 'does_not_work' } as const
    expect(shareHours(before, next, 7200, ZONE, never)).toEqual([
      { local_day: '2026-03-02', local_hour: 10, validity: 'counted', verdicts: 1, observed_s: 0, up_s: 0 },
      { local_day: '2026-03-02', local_hour: 9, validity: 'counted', verdicts: 0, observed_s: 600, up_s: 600 },
      { local_day: '2026-03-02', local_hour: 10, validity: 'counted', verdicts: 0, observed_s: 1200, up_s: 1200 },
    ])
  })

  it('is never more than the cap, never more up than observed, and adds up', () => {
    const verdict = fc.constantFrom('works', 'does_not_work', 'cannot_tell', 'blocks_robots')
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200_000 }),
        fc.integer({ min: 1, max: 90_000 }),
        verdict,
        (gap_s, cap_s, held) => {
          const start = at('2026-03-02T20:13:07Z')
          const before = { decided_at: start, verdict: held }
          const shares = shareHours(before, { decided_at: start + gap_s * 1000, verdict: 'works' }, cap_s, ZONE, never)
          const observed = shares.reduce((sum, share) => sum + share.observed_s, 0)
          expect(observed).toBe(Math.min(gap_s, cap_s))
          expect(shares.every((share) => share.up_s <= share.observed_s && share.observed_s <= 3600)).toBe(true)
          expect(shares.reduce((sum, share) => sum + share.up_s, 0)).toBe(held === 'works' ? observed : 0)
        },
      ),
    )
  })

  it('is excluded on the days of a dated status', () => {
    const status = { org_unit_id: 1, change_set_no: 1, valid_from: '2026-03-01', valid_to: '2026-03-05' }
    const excludes = (name: string, day: string) => findExclusion([{ ...status, status: name }], day)
    expect(excludes('holidays', '2026-03-05')).toBe('holidays')
    expect(excludes('holidays', '2026-03-06')).toBeNull()
    expect(excludes('distance_mode', '2026-03-02')).toBeNull()
  })

  it('is excluded by a long status again when a short one within it has ended', () => {
    const entry = (change_set_no: number, status: string, valid_from: string, valid_to: string | null) => ({
      ...{ org_unit_id: 1, change_set_no, status, valid_from, valid_to },
    })
    const repair = entry(1, 'capital_repair', '2026-01-01', null)
    const holidays = entry(2, 'holidays', '2026-03-01', '2026-03-05')
    expect(findExclusion([repair, holidays], '2026-03-05')).toBe('holidays')
    expect(findExclusion([repair, holidays], '2026-03-06')).toBe('capital_repair')
    expect(findExclusion([entry(3, 'works', '2026-03-03', null), repair], '2026-03-06')).toBeNull()
    const shortened = entry(4, 'capital_repair', '2026-01-01', '2026-02-01')
    expect(findExclusion([repair, shortened], '2026-03-06')).toBeNull()
  })
})

describe('the next round', () => {
  const calendar = readWorkingDays()
  const intervals = { school_hours_interval_s: 900, other_hours_interval_s: 3600, incident_interval_s: 300 }
  const next = (now: string, isInIncident = false): string =>
    new Date(findNextRoundAt(at(now), isInIncident, intervals, ZONE, calendar)).toISOString()

  it('is due by the hour, the day and the incident', () => {
    expect(next('2026-03-03T06:00:00Z')).toBe('2026-03-03T06:15:00.000Z')
    expect(next('2026-03-03T20:00:00Z')).toBe('2026-03-03T21:00:00.000Z')
    expect(next('2026-03-09T06:00:00Z')).toBe('2026-03-09T07:00:00.000Z')
    expect(next('2026-03-03T20:00:00Z', true)).toBe('2026-03-03T20:05:00.000Z')
    expect(next('2026-03-03T03:30:00Z')).toBe('2026-03-03T04:00:00.000Z')
  })
})

describe('a state folded from rounds', () => {
  const round = (
    round_no: number,
    verdict: DecidedRound['verdict'],
    cause: DecidedRound['cause'] = null,
  ): DecidedRound => ({
    round_no,
    verdict,
    cause,
    decided_at: round_no * 60_000,
  })

  it('counts in a row, and a round that knows nothing changes no counter', () => {
    const failed = [1, 2].reduce(
      (state, n) => foldRound(state, round(n, 'does_not_work', 'dns_failed')),
      NO_VERDICT_YET,
    )
    expect(failed).toMatchObject({ failed_rounds: 2, good_rounds: 0, verdict_since: 60_000 })
    const unsure = foldRound(failed, round(3, 'cannot_tell', 'vantages_disagree'))
    expect(unsure).toMatchObject({ failed_rounds: 2, good_rounds: 0, verdict: 'cannot_tell' })
    expect(foldRound(unsure, round(4, 'blocks_robots', 'captcha'))).toMatchObject({ failed_rounds: 0, good_rounds: 1 })
  })

  it('is flapping after four turns, and no more when the turns are long ago', () => {
    const verdicts = ['works', 'does_not_work', 'works', 'does_not_work', 'works'] as const
    const turned = verdicts.reduce(
      (state, verdict, index) => foldRound(state, round(index + 1, verdict, verdict === 'works' ? null : 'dns_failed')),
      NO_VERDICT_YET,
    )
    expect(turned.is_flapping).toBe(true)
    expect(foldRound(turned, round(500, 'works')).is_flapping).toBe(false)
  })
})
