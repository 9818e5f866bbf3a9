import { describe, expect, it } from 'vitest'
import { countPresent, listUsedSubsections } from '../../../web/src/components/rule-matrix-columns.ts'
import { writeCsvLines } from '../../../web/src/components/table-csv.ts'
import { findLeastCoverage, findLowest } from '../../../web/src/pages/sites/indicator-table.ts'
import { countVerdicts, findLastCheck } from '../../../web/src/pages/sites/site-counts.ts'

const figure = (value: number | null, coverage_ratio: number | null) => ({
  value,
  refusal: value === null ? ('low_coverage' as const) : null,
  numerator: null,
  denominator: null,
  coverage_ratio,
  expected: 10,
  reported: 4,
  excluded: [],
  observed_at: null,
  oldest_observed_at: null,
})
const row = (org_unit_id: number, value: number | null, coverage: number | null) => ({
  org_unit_id,
  kind: 'municipality',
  short_name: String(org_unit_id),
  figures: { working_sites: figure(value, coverage), full_section: figure(0.5, 0.9) },
})

describe('findLowest', () => {
  it('passes over withheld values: silence is no last place', () =>
    expect(findLowest([row(1, 0.9, 1), row(2, null, 0.1), row(3, 0, 1)], 'working_sites')?.org_unit_id).toBe(3))
  it('is null when none has a value', () => expect(findLowest([row(2, null, 0.1)], 'working_sites')).toBeNull())
})

describe('findLeastCoverage', () => {
  it('is the weakest of the row, and null when nothing is known', () => {
    expect(findLeastCoverage(row(1, 1, 0.4))).toBe(0.4)
    expect(findLeastCoverage(row(1, null, 0.4))).toBe(0.9)
    expect(findLeastCoverage({ figures: { working_sites: figure(null, 0.4) } })).toBe(0.4)
    expect(findLeastCoverage({ figures: { working_sites: figure(null, null) } })).toBeNull()
  })
})

describe('countVerdicts', () => {
  it('counts what is not checked yet apart', () =>
    expect(countVerdicts([{ verdict: 'works' }, { verdict: null }, { verdict: 'works' }])).toEqual({
      works: 2,
      does_not_work: 0,
      cannot_tell: 0,
      blocks_robots: 0,
      not_checked: 1,
    }))
})

describe('findLastCheck', () => {
  it('is the newest, and null without any', () => {
    const at = (last_checked_at: string | null) => ({ last_checked_at })
    expect(findLastCheck([at('2026-10-01T00:00:00.000Z'), at(null), at('2026-10-02T00:00:00.000Z')])).toBe(
      '2026-10-02T00:00:00.000Z',
    )
    expect(findLastCheck([at(null)])).toBeNull()
  })
})

describe('rule matrix', () => {
  const present = { presence: 'present' as const, markup: null, freshness: null, source_grade: 'collector' as const }
  it('counts what is there, and tells "not audited" from zero', () => {
    expect(countPresent({ cells: [present, { ...present, presence: 'absent' }] })).toBe(1)
    expect(countPresent({ cells: [null, null] })).toBeNull()
    expect(countPresent({ cells: [{ ...present, presence: 'absent' }] })).toBe(0)
  })
  it('gives no column to a subsection that nobody is judged by', () => {
    const place = { org_unit_id: 1, org_unit_name: '', municipality_id: null, municipality_name: null }
    const rest = { target_id: '', host: '', outcome: null, audited_at: null, rule_set: null }
    const matrix = {
      known_at_change_set_no: 1,
      subsections: [
        { code: 'common' as const, title: 'Основные сведения' },
        { code: 'ovz' as const, title: 'Доступная среда' },
      ],
      rows: [{ ...place, ...rest, cells: [present, null] }],
    }
    expect(listUsedSubsections(matrix).map((subsection) => subsection.code)).toEqual(['common'])
  })
})

describe('writeCsvLines', () => {
  it('quotes, starts with a byte order mark and never hands a formula on', () =>
    expect(
      writeCsvLines([
        ['a;b', '=HYPERLINK("x")'],
        ['"', ''],
      ]),
    ).toBe('\ufeff"a;b";"\'=HYPERLINK(""x"")"\r\n"""";\r\n'))
})
