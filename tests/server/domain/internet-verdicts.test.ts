import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readInternetRules } from '../../../server/src/db/reference-files.ts'
import { judgeContract } from '../../../server/src/domain/contract-verdict.ts'
import { judgeNorm } from '../../../server/src/domain/internet-norm.ts'
import { internetRuleOn } from '../../../server/src/domain/internet-rules.ts'
import { medianOf } from '../../../server/src/domain/median.ts'
import { occasionsOf, type Occasion, type ValidTest } from '../../../server/src/domain/speed-occasions.ts'
import { mbpsPerComputer } from '../../../server/src/domain/usable-capacity.ts'
import { wilsonInterval } from '../../../server/src/domain/wilson-interval.ts'
import { judgeOrganisation } from '../../../server/src/domain/worst-building.ts'

const MBIT = 1000
const START = Date.parse('2026-09-07T06:00:00Z')

function looked(...downloads: number[]): Occasion[] {
  return downloads.map((mbit, index) => ({
    tested_at: new Date(START + index * 3_600_000),
    download_kbps: mbit * MBIT,
    upload_kbps: mbit * MBIT,
    is_retested: true,
  }))
}

function once(...downloads: number[]): Occasion[] {
  return looked(...downloads).map((occasion) => ({ ...occasion, is_retested: false }))
}

const CITY = { norm_kbps: 100 * MBIT, least_occasions: 3, has_no_connection: false }

describe('wilsonInterval', () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives the published interval of %i of %i', (hits, total, low, high) => {
    const interval = wilsonInterval(hits, total)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  it('ends where the score test just does not refuse, and holds the share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (total, part) => {
        const hits = Math.floor(part * total)
        const share = hits / total
        const { low, high } = wilsonInterval(hits, total)
        expect(low).toBeLessThanOrEqual(share)
        expect(high).toBeGreaterThanOrEqual(share)
        for (const end of [low, high]) {
          if (end === 0 || end === 1) continue
          const score = Math.abs(share - end) / Math.sqrt((end * (1 - end)) / total)
          expect(score).toBeCloseTo(1.959964, 4)
        }
      }),
    )
  })

  it('refuses what is no share', () => {
    expect(() => wilsonInterval(0, 0)).toThrow(RangeError)
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError)
  })
})

describe('medianOf', () => {
  it('is the middle, the mean of two middles, and null of nothing', () => {
    expect(medianOf([9, 1, 5])).toBe(5)
    expect(medianOf([9, 1, 5, 100])).toBe(7)
    expect(medianOf([])).toBeNull()
  })
})

describe('occasionsOf', () => {
  const test = (test_id: string, download_kbps: number, retest_of: string | null, minute: number): ValidTest => ({
    ...{ test_id, download_kbps, upload_kbps: download_kbps, retest_of },
    tested_at: new Date(START + minute * 60_000),
  })

  it('lets the best of a test and its retests speak, once', () => {
    const chain = [test('c', 40, 'b', 20), test('a', 10, null, 0), test('b', 30, 'a', 10), test('d', 90, null, 60)]
    expect(occasionsOf(chain)).toMatchObject([
      { tested_at: new Date(START), download_kbps: 40, is_retested: true },
      { download_kbps: 90, is_retested: false },
    ])
  })

  it('takes retests of a test that is not valid for one look together, or for one each', () => {
    expect(occasionsOf([test('b', 30, 'gone', 0)])).toMatchObject([{ download_kbps: 30, is_retested: false }])
  })

  it('ends on tests that name each other', () => {
    expect(occasionsOf([test('a', 10, 'b', 0), test('b', 20, 'a', 1)])).not.toHaveLength(0)
  })
})

describe('judgeNorm', () => {
  it('compares the median with the norm of the settlement', () => {
    expect(judgeNorm(looked(40, 100, 120), CITY)).toMatchObject({ verdict: 'meets', median_download_kbps: 100_000 })
    expect(judgeNorm(looked(99, 40, 120), CITY)).toMatchObject({ verdict: 'below', median_download_kbps: 99_000 })
  })

  it('says nothing of too few tests, of no test, and of an unknown settlement', () => {
    expect(judgeNorm(looked(10, 10), CITY)).toMatchObject({ verdict: 'not_enough_data', reason: 'few_tests' })
    expect(judgeNorm([], CITY)).toMatchObject({ reason: 'few_tests', median_download_kbps: null, occasions: 0 })
    const unknown = { ...CITY, norm_kbps: null }
    expect(judgeNorm(looked(10, 10, 10), unknown)).toMatchObject({ reason: 'settlement_unknown', occasions: 3 })
  })

  it('accuses nobody by low results that no retest confirmed, and clears nobody for want of retests', () => {
    const judged = judgeNorm([...once(8, 8, 8), ...looked(120, 120)], CITY)
    expect(judged).toMatchObject({ verdict: 'not_enough_data', reason: 'low_not_confirmed', unconfirmed_low: 3 })
    expect(judgeNorm([...once(8), ...looked(9, 9, 9)], CITY)).toMatchObject({ verdict: 'below', unconfirmed_low: 1 })
  })

  it('takes a building without any connection for below, unless tests say otherwise', () => {
    const unconnected = { ...CITY, has_no_connection: true }
    expect(judgeNorm([], unconnected)).toMatchObject({ verdict: 'below', reason: 'no_connection' })
    expect(judgeNorm(looked(120, 120, 120), unconnected)).toMatchObject({ verdict: 'meets' })
  })
})

describe('judgeContract', () => {
  const question = { agreed_fraction: 0.8, required_share: 0.9, least_occasions: 20 }
  const agreed = { ...question, agreedOn: () => ({ download_kbps: 100 * MBIT, upload_kbps: null }) }
  const many = (good: number, bad: number): number[] =>
    Array.from({ length: good + bad }, (_, place) => (place < good ? 80 : 79))

  it('is kept when the whole interval lies at or above the required share', () => {
    // 35 of 35: the low end is 35 / (35 + 3.8415) = 0.9011; of 34 it is 0.8985.
    expect(judgeContract(looked(...many(35, 0)), agreed)).toMatchObject({ verdict: 'kept', reached: 35, share: 1 })
    expect(judgeContract(looked(...many(34, 0)), agreed)).toMatchObject({ verdict: 'cannot_tell_yet' })
  })

  it('is not kept when the whole interval lies below it', () => {
    // 14 of 20: 0.4810 to 0.8545.
    const judged = judgeContract(looked(...many(14, 6)), agreed)
    expect(judged).toMatchObject({ verdict: 'not_kept', reached: 14, occasions: 20, share: 0.7 })
    expect(judged.interval?.low).toBeCloseTo(0.481, 3)
    expect(judged.interval?.high).toBeCloseTo(0.8545, 3)
    expect(judgeContract(looked(...many(16, 4)), agreed)).toMatchObject({ verdict: 'cannot_tell_yet' })
  })

  it('says nothing below the minimum sample, however bad it is', () => {
    const judged = judgeContract(looked(...many(0, 19)), agreed)
    expect(judged).toMatchObject({ verdict: 'not_enough_data', occasions: 19, share: 0 })
  })

  it('does not accuse by results that no retest confirmed', () => {
    const mixed = [...looked(...many(14, 0)), ...once(...many(0, 6))]
    expect(judgeContract(mixed, agreed)).toMatchObject({ verdict: 'cannot_tell_yet', unconfirmed_low: 6 })
  })

  it('asks of each occasion what the contract of its day promised, upload too where it did', () => {
    const turn = new Date(START + 10 * 3_600_000)
    const changing = {
      ...question,
      agreedOn: ({ tested_at }: Occasion) =>
        tested_at < turn ? null : { download_kbps: 50 * MBIT, upload_kbps: 100 * MBIT },
    }
    expect(judgeContract(looked(...many(0, 40)), changing)).toMatchObject({ occasions: 30, reached: 0 })
  })

  it('never accuses and clears at once, and a better result never makes it worse', () => {
    const order = ['not_kept', 'cannot_tell_yet', 'kept']
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 300 }), fc.integer({ min: 0, max: 299 }), (total, hits) => {
        fc.pre(hits < total)
        const worse = judgeContract(looked(...many(hits, total - hits)), agreed).verdict
        const better = judgeContract(looked(...many(hits + 1, total - hits - 1)), agreed).verdict
        expect(order.indexOf(better)).toBeGreaterThanOrEqual(order.indexOf(worse))
      }),
    )
  })
})

describe('mbpsPerComputer', () => {
  it('is the median over the computers, and nothing without either', () => {
    expect(mbpsPerComputer(60_000, 40)).toBe(1.5)
    expect([mbpsPerComputer(60_000, 0), mbpsPerComputer(null, 4), mbpsPerComputer(60_000, null)]).toEqual([
      null,
      null,
      null,
    ])
  })
})

describe('judgeOrganisation', () => {
  const building = (org_unit_id: number, judgement: ReturnType<typeof judgeNorm>) => ({ org_unit_id, judgement })
  const village = { ...CITY, norm_kbps: 50 * MBIT }
  const none = building(4, judgeNorm([], { ...village, has_no_connection: true }))

  it('names the building without a connection before the one with 8 Мбит/с, and that one before the others', () => {
    const fast = [1, 2].map((id) => building(id, judgeNorm(looked(100, 100, 100), CITY)))
    const slow = building(3, judgeNorm(looked(8, 8, 8), village))
    expect(judgeOrganisation([...fast, slow, none])).toMatchObject({ verdict: 'below', worst: { org_unit_id: 4 } })
    expect(judgeOrganisation([...fast, slow])).toMatchObject({ verdict: 'below', worst: { org_unit_id: 3 } })
    expect(judgeOrganisation(fast)).toMatchObject({ verdict: 'meets', worst: { org_unit_id: 1 } })
  })

  it('compares buildings by their own norms', () => {
    const inCity = building(1, judgeNorm(looked(60, 60, 60), CITY))
    const inVillage = building(2, judgeNorm(looked(45, 45, 45), village))
    expect(judgeOrganisation([inCity, inVillage]).worst?.org_unit_id).toBe(1)
  })

  it('meets the norm only where all buildings are known to', () => {
    const known = building(1, judgeNorm(looked(100, 100, 100), CITY))
    const unknown = building(2, judgeNorm([], CITY))
    expect(judgeOrganisation([known, unknown])).toMatchObject({ verdict: 'not_enough_data', worst: { org_unit_id: 2 } })
    expect(judgeOrganisation([])).toEqual({ verdict: 'not_enough_data', worst: null })
  })
})

describe('internetRuleOn', () => {
  it('finds the entry of the day among the reference data', () => {
    const rules = readInternetRules()
    const [first] = rules
    if (first === undefined) throw new Error('no rules')
    expect(first.norm.kbps).toEqual({ city: 100_000, urban_settlement: 50_000, village: 50_000 })
    const later = { ...first, rule_version: 2, valid_from: '2027-01-01' }
    expect(internetRuleOn('2026-12-31', [later, ...rules]).rule_version).toBe(1)
    expect(internetRuleOn('2027-01-01', [later, ...rules]).rule_version).toBe(2)
    expect(internetRuleOn('2018-12-31', rules)).toBe(internetRuleOn('2019-01-01', rules))
    expect(() => internetRuleOn('2019-01-01', [])).toThrow(RangeError)
  })
})
