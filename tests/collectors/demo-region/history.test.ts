import { describe, expect, it } from 'vitest'
import type { SiteTruth } from '../../../collectors/src/demo-region/farm/farm-files.ts'
import type { HistoryTarget } from '../../../collectors/src/demo-region/history/model-check.ts'
import { modelHistory, type HistoryModel } from '../../../collectors/src/demo-region/history/model-history.ts'
import { makeTruth } from '../../factories/site-truth.ts'
import { readRow } from '../../../server/src/ingest/read-row.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A Saturday, 12:00 in Saratov. */
const UNTIL_MS = Date.parse('2026-11-21T08:00:00Z')
const model: HistoryModel = {
  seed: 1,
  span: { until_ms: UNTIL_MS, days: 21 },
  vantages: ['saratov', 'moscow'],
  calendar: { years: [] },
}

function targetOf(site: SiteTruth, number: number): HistoryTarget {
  const target_id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
  return { org_unit_id: number, target_id, url: site.url }
}

function historyOf(own: Partial<SiteTruth> = {}, number = 1, used = model) {
  const site = makeTruth(number, own)
  return modelHistory(targetOf(site, number), site, used)
}

const region = Array.from({ length: 400 }, (_, index) => historyOf({}, index + 1))

describe('modelled history of a site', () => {
  it('is the same for the same seed and other for another', () => {
    expect(historyOf()).toEqual(historyOf())
    expect(historyOf({}, 1, { ...model, seed: 2 })).not.toEqual(historyOf())
  })

  it('fits the contract and has an id of its own in every row', () => {
    const causes = [
      'dns_not_found',
      'connect_timeout',
      'tls_expired',
      'http_server_error',
      'placeholder_parked',
    ] as const
    const rows = [...region.slice(0, 40).flat(), ...causes.flatMap((cause, index) => historyOf({ cause }, 900 + index))]
    expect(rows.map(readRow).flatMap((row) => ('fault' in row ? [`${row.place}: ${row.fault}`] : []))).toEqual([])
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  })

  it('lies in the 21 days before its end, in the order of time, never two hours apart in school hours', () => {
    const times = historyOf().map(({ started_at }) => Date.parse(started_at))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times[0]).toBeGreaterThanOrEqual(UNTIL_MS - 21 * DAY_MS)
    expect(times.at(-1)).toBeLessThan(UNTIL_MS)
    const friday = times.filter((at) => new Date(at + 4 * HOUR_MS).toISOString().startsWith('2026-11-20'))
    const inSchool = friday.filter(
      (at) => new Date(at + 4 * HOUR_MS).getUTCHours() % 23 >= 7 && at < UNTIL_MS - 14 * HOUR_MS,
    )
    const gaps = inSchool.slice(1).map((at, index) => at - (inSchool[index] ?? 0))
    expect(gaps).toEqual([1, 2, 3, 4, 5].map(() => 2 * HOUR_MS))
  })

  it('leads up to what is seen of a site today', () => {
    const last = historyOf({ fault: 'refused', cause: 'connect_refused' }).at(-1)
    expect(last).toMatchObject({ verdict: 'does_not_work', cause: 'connect_refused', http_status: null })
  })

  it('works nearly always, and not always', () => {
    const judged = region.flat().filter((check) => check.own_link === 'up')
    const works = judged.filter(({ verdict }) => verdict === 'works').length / judged.length
    expect(works).toBeGreaterThan(0.97)
    expect(works).toBeLessThan(0.999)
  })

  it('holds an outage of a hoster, a night without own link and a week of an expired certificate', () => {
    const outage = historyOf({ hoster: 'volga' }, 500).filter(({ cause }) => cause === 'connect_timeout')
    expect(outage.length).toBeGreaterThanOrEqual(1)
    expect(outage.length).toBeLessThanOrEqual(4)
    const silent = region.flat().filter(({ cause }) => cause === 'own_link_down')
    expect(new Set(silent.map(({ verdict, own_link }) => `${verdict} ${own_link}`))).toEqual(
      new Set(['cannot_tell down']),
    )
    expect(new Set(silent.map(({ started_at }) => started_at.slice(0, 10)))).toEqual(new Set(['2026-11-15']))
    const expired =
      region
        .find((rows) => rows.some(({ cause }) => cause === 'tls_expired'))
        ?.filter(({ cause }) => cause === 'tls_expired') ?? []
    const lasted = Date.parse(expired.at(-1)?.started_at ?? '') - Date.parse(expired[0]?.started_at ?? '')
    expect(lasted).toBeGreaterThan(6 * DAY_MS)
    expect(lasted).toBeLessThan(7 * DAY_MS)
    expect(expired.every(({ started_at, certificate }) => (certificate?.not_after ?? '9') <= started_at)).toBe(true)
  })
})
