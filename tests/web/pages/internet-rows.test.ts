import { describe, expect, it } from 'vitest'
import type { BuildingVerdicts, OrganisationVerdicts } from '../../../web/src/api/internet.ts'
import { i18n } from '../../../web/src/i18n.ts'
import { formatNumber } from '../../../web/src/format/number.ts'
import {
  countVerdicts,
  filterBuildings,
  filterByVerdict,
  listBuildings,
  NO_PROVIDER,
  orderBuildings,
  toSumsFilter,
} from '../../../web/src/pages/internet/building-rows.ts'
import { countSlower, listScatterPoints, medianOf } from '../../../web/src/pages/internet/contract-points.ts'
import { listMapPoints } from '../../../web/src/pages/internet/map-points.ts'
import { findLowestKind } from '../../../web/src/pages/internet/distribution-panels.ts'
import { filterProviders, findWorstProvider } from '../../../web/src/pages/internet/provider-table.ts'
import { tellAdvice, tellCause } from '../../../web/src/pages/internet/silent-table.ts'
import { findSlowestHour, listWeekdays } from '../../../web/src/pages/internet/week-hours.ts'
import { listNeverSetUp, tellSchool } from '../../../web/src/pages/school/internet/school-sentence.ts'

type Verdicts = Pick<BuildingVerdicts, 'org_unit_id'> & {
  norm?: Partial<BuildingVerdicts['norm']>
  contract?: Partial<BuildingVerdicts['contract']>
  measured?: number | null
  status?: BuildingVerdicts['status']
  settlement_kind?: BuildingVerdicts['settlement_kind']
  silence?: BuildingVerdicts['silence']['silence']
  at?: [number, number]
}
function building({ org_unit_id, norm, contract, measured = null, ...rest }: Verdicts): BuildingVerdicts {
  const { status = null, settlement_kind = 'city', silence = 'live', at: [latitude, longitude] = [null, null] } = rest
  return {
    ...{ org_unit_id, short_name: `Здание ${org_unit_id}`, address: null, settlement_kind, latitude, longitude },
    status,
    norm: { verdict: 'meets', reason: null, norm_kbps: 100_000, occasions: 30, unconfirmed_low: 0, ...norm },
    contract: {
      ...{ verdict: 'kept', occasions: 30, reached: 30, unconfirmed_low: 0, share: 1, share_low: 0.9, share_high: 1 },
      ...{ provider: 'Связь', technology: 'fibre', download_kbps: 100_000, upload_kbps: null, speed_terms: null },
      ...{ has_guaranteed_traffic: null, contract_number: '1', valid_from: '2026-01-01', valid_to: null },
      ...contract,
    },
    measured: {
      ...{ median_download_kbps: measured, median_upload_kbps: measured, tests: 60 },
      ...{ first_test_at: null, last_test_at: null, tests_sha256: '' },
    },
    capacity: { verdict: 'no_report', computers: null, mbps_per_computer: null },
    self_reported: null,
    silence: { silence, missed_days: 0, heard_at: null, likely_cause: null, test_cause: null },
  }
}
function school(fields: Partial<OrganisationVerdicts>): OrganisationVerdicts {
  const own = { org_unit_id: 1, short_name: 'Школа', municipality_id: 9, founder_kind: 'municipal' }
  return { ...own, norm_verdict: 'meets', worst_unit_id: null, buildings: [], ...fields }
}

const words = {
  t: (key: string, named?: Record<string, unknown>) => i18n.global.t(key, named ?? {}),
  format: { number: (value: number | null, decimals = 0) => formatNumber(value, 'ru', decimals) },
}

const slow = building({
  ...{ org_unit_id: 2, measured: 8_000, settlement_kind: 'village' },
  norm: { verdict: 'below', norm_kbps: 50_000 },
  contract: { verdict: 'not_kept', download_kbps: 50_000 },
})
const fast = building({ org_unit_id: 3, measured: 120_000 })
const repaired = building({ org_unit_id: 4, status: 'capital_repair', norm: { verdict: 'below' } })
const unknown = building({
  ...{ org_unit_id: 5, settlement_kind: null, silence: 'silent' },
  norm: { verdict: 'not_enough_data', reason: 'settlement_unknown', norm_kbps: null },
  contract: { verdict: 'no_contract', provider: null, technology: null, download_kbps: null },
})
const three = school({ norm_verdict: 'below', worst_unit_id: 2, buildings: [fast, slow, repaired, unknown] })
const rows = listBuildings([three])
const idsOf = (found: typeof rows): number[] => found.map((row) => row.building.org_unit_id)

describe('listBuildings', () => {
  it('marks the worst building, but not the only one', () => {
    expect(rows.filter(({ is_worst }) => is_worst).map((row) => row.building.org_unit_id)).toEqual([2])
    expect(listBuildings([school({ worst_unit_id: 2, buildings: [slow] })])[0]?.is_worst).toBe(false)
  })
})

describe('filterBuildings', () => {
  const all = { provider: null, technology: null, settlement: null }
  it('takes those without a contract, and of an unknown settlement, for choices of their own', () => {
    expect(idsOf(filterBuildings(rows, all))).toEqual([3, 2, 4, 5])
    expect(idsOf(filterBuildings(rows, { ...all, provider: NO_PROVIDER }))).toEqual([5])
    expect(idsOf(filterBuildings(rows, { ...all, settlement: 'unknown' }))).toEqual([5])
    expect(idsOf(filterBuildings(rows, { ...all, settlement: 'village', provider: 'Связь' }))).toEqual([2])
    expect(filterBuildings(rows, { ...all, technology: 'satellite' })).toEqual([])
  })
})

describe('filterByVerdict', () => {
  it('finds exactly the buildings behind a count, and no excused one', () => {
    expect(idsOf(filterByVerdict(rows, { norm: 'below', contract: null }))).toEqual([2])
    expect(idsOf(filterByVerdict(rows, { norm: null, contract: 'kept' }))).toEqual([3])
    expect(idsOf(filterByVerdict(rows, { norm: null, contract: null }))).toEqual([3, 2, 4, 5])
  })
})

describe('countVerdicts', () => {
  it('counts excused buildings apart from every verdict, and silence beside them', () =>
    expect(countVerdicts(rows)).toEqual({
      norm: { meets: 1, below: 1, not_enough_data: 1 },
      contract: { kept: 1, not_kept: 1, cannot_tell_yet: 0, not_enough_data: 0, no_contract: 1 },
      excused: 1,
      silent: 1,
    }))
})

describe('orderBuildings', () => {
  it('begins with those below the norm, then those that nobody can judge, and ends with excused ones', () =>
    expect(idsOf(orderBuildings(rows))).toEqual([2, 5, 3, 4]))
})

describe('listScatterPoints', () => {
  it('leaves out what has no contract or no test, and begins with the farthest below its contract', () => {
    const points = listScatterPoints(rows, { t: words.t, mbps: String })
    expect(points.map(({ contract_mbps, measured_mbps }) => [contract_mbps, measured_mbps])).toEqual([
      [50, 8],
      [100, 120],
    ])
    expect(points[0]?.spoken).toBe('Школа, Здание 2: по договору 50, измерено 8 Мбит/с; Договор не соблюдается')
    expect(countSlower(points)).toBe(1)
  })
})

describe('medianOf', () =>
  it('is the middle, or the mean of both middles', () =>
    expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3])]).toEqual([2, 2.5])))

describe('findLowestKind', () => {
  it('compares shares and not counts, and leaves out what has no norm', () => {
    const kinds = [
      { tests: 1000, at_norm: 100 },
      { tests: 10, at_norm: 0 },
      { tests: 5, at_norm: null },
    ]
    expect(findLowestKind(kinds)).toBe(kinds[1])
    expect(findLowestKind([{ tests: 5, at_norm: null }])).toBeNull()
  })
})

describe('findSlowestHour', () => {
  const hour = (local_hour: number, tests: number, median_kbps: number) => ({
    weekday: 1,
    local_hour,
    tests,
    median_kbps,
  })
  it('is no hour of a handful of tests, and none where only one has enough', () => {
    expect(findSlowestHour([hour(8, 100, 50_000), hour(9, 2, 1_000), hour(10, 50, 40_000)])?.local_hour).toBe(10)
    expect(findSlowestHour([hour(8, 100, 50_000), hour(9, 2, 1_000)])).toBeNull()
  })
  it('always shows the working week, and its end only with tests', () => {
    expect(listWeekdays([{ weekday: 2 }])).toEqual([1, 2, 3, 4, 5])
    expect(listWeekdays([{ weekday: 6 }])).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('findWorstProvider', () => {
  const provider = (name: string | null, contract: Record<string, number>) => ({
    ...{ provider: name, technology: name === null ? null : ('fibre' as const), buildings: 10, contract, norm: {} },
    ...{ median_contract_kbps: null, median_measured_kbps: null },
  })
  const list = [provider('А', { kept: 90, not_kept: 10 }), provider('Б', { kept: 1, not_kept: 4 }), provider(null, {})]
  it('goes by the share of judged buildings, and is nobody while all contracts are kept', () => {
    expect(findWorstProvider(list)?.provider).toBe('Б')
    expect(findWorstProvider([provider('А', { kept: 3 })])).toBeNull()
  })
  it('is found under the words of the page', () => {
    const all = { provider: null, technology: null }
    expect(filterProviders(list, { ...all, provider: NO_PROVIDER }).map((row) => row.provider)).toEqual([null])
    expect(filterProviders(list, { ...all, technology: 'fibre' })).toHaveLength(2)
  })
})

describe('tellCause', () => {
  it('says "could not measure" with its cause, never a low speed, and what to do about that cause', () => {
    const blocked = { likely_cause: 'test_failed', test_cause: 'websocket_blocked' } as const
    expect(tellCause(blocked, words.t)).toBe('не смогли измерить: фильтр не пропускает WebSocket')
    expect(tellAdvice(blocked, words.t)).toContain('Разрешите WebSocket')
    expect(tellAdvice({ likely_cause: 'not_installed', test_cause: null }, words.t)).toContain('Установите программу')
    expect(tellCause({ likely_cause: null, test_cause: null }, words.t)).toBe('')
  })
})

describe('tellSchool', () => {
  it('names the worst building with its speed and norm', () =>
    expect(tellSchool(three, words)).toBe(
      'Организация ниже нормы по худшему зданию: Здание 2 – 8,0 при норме 50 Мбит/с.',
    ))
  it('names no speed where there is no connection, none where data are few, and the reason of excused ones', () => {
    const cut = building({ org_unit_id: 2, norm: { verdict: 'below', reason: 'no_connection' } })
    expect(tellSchool(school({ norm_verdict: 'below', worst_unit_id: 2, buildings: [cut] }), words)).toContain(
      'подключения нет',
    )
    const few = school({ norm_verdict: 'not_enough_data', worst_unit_id: 5, buildings: [unknown] })
    expect(tellSchool(few, words)).toContain('«Здание 5»')
    expect(tellSchool(school({ norm_verdict: null, buildings: [repaired] }), words)).toContain('капитальный ремонт')
  })
  it('lists the places where no program was ever heard', () => {
    const never = building({ org_unit_id: 6, silence: 'never_set_up' })
    expect(listNeverSetUp(school({ buildings: [fast, never] }))).toEqual(['Здание 6'])
  })
})

describe('listMapPoints', () => {
  it('shows buildings whose place is known and that are judged, the worst first', () => {
    const stand = { at: [51.5, 46] as [number, number] }
    const onMap = listBuildings([
      school({
        buildings: [
          building({ org_unit_id: 6, measured: 120_000, ...stand }),
          building({ org_unit_id: 7, measured: 8_500, norm: { verdict: 'below' }, ...stand }),
          building({ org_unit_id: 8, norm: { verdict: 'not_enough_data' }, ...stand }),
          building({ org_unit_id: 9, status: 'capital_repair', ...stand }),
          fast,
        ],
      }),
    ])
    const points = listMapPoints(onMap, { t: words.t, mbps: (value) => formatNumber(value, 'ru', 1) })
    expect(points.map(({ group, value }) => [group, value])).toEqual([
      ['below', 8.5],
      ['not_enough_data', null],
      ['meets', 120],
    ])
    expect(points[0]).toMatchObject({
      latitude: 51.5,
      longitude: 46,
      spoken: expect.stringMatching(/Школа, Здание 7: .*8,5/) as string,
    })
  })
})

describe('toSumsFilter', () => {
  it('names what is chosen alone', () =>
    expect(toSumsFilter({ provider: NO_PROVIDER, technology: null, settlement: 'village' })).toEqual({
      provider: 'none',
      settlement: 'village',
    }))
})
