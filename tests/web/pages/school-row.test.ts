import { describe, expect, it } from 'vitest'
import type { OrgUnitRow, SiteState } from '../../../web/src/api/schemas.ts'
import { countUnits, filterByVerdict, joinStates } from '../../../web/src/pages/schools/school-row.ts'

const unit = (org_unit_id: number, more: Partial<OrgUnitRow> = {}): OrgUnitRow => ({
  org_unit_id,
  kind: 'organisation',
  parent_id: null,
  municipality_id: 9,
  full_name: `Школа ${org_unit_id}`,
  short_name: `Школа ${org_unit_id}`,
  org_kind: 'school',
  founder_kind: 'municipal',
  inn: null,
  ogrn: null,
  kpp: null,
  oktmo: null,
  settlement_kind: null,
  settlement_name: null,
  address: null,
  latitude: null,
  longitude: null,
  cadastral_number: null,
  is_closed: false,
  municipality_name: 'Вольский район',
  city_district_id: null,
  city_district_name: null,
  target_id: null,
  site_url: null,
  site_host: null,
  branches: 0,
  buildings: 0,
  status: null,
  ...more,
})
const state = (org_unit_id: number, verdict: SiteState['verdict']): SiteState => ({
  org_unit_id,
  org_unit_name: '',
  municipality_id: 9,
  municipality_name: null,
  target_id: `00000000-0000-4000-8000-00000000000${org_unit_id}`,
  host: 'school.example',
  verdict,
  cause: null,
  verdict_since: null,
  last_checked_at: null,
  is_flapping: false,
  incident_id: null,
})

describe('joinStates', () => {
  it('lets the troubled one of several sites speak, and keeps a unit without a site', () => {
    const rows = joinStates([unit(1), unit(2)], [state(1, 'works'), state(1, 'does_not_work')])
    expect(rows.map((row) => row.state?.verdict ?? 'no site')).toEqual(['does_not_work', 'no site'])
  })
})

describe('filterByVerdict', () => {
  const rows = joinStates([unit(1), unit(2), unit(3)], [state(1, 'works'), state(2, null)])
  const idsOf = (verdict: string | null): number[] => filterByVerdict(rows, verdict).map((row) => row.unit.org_unit_id)

  it('keeps all without a condition', () => expect(idsOf(null)).toEqual([1, 2, 3]))
  it('tells "no site" from "not checked yet"', () => {
    expect(idsOf('works')).toEqual([1])
    expect(idsOf('no_site')).toEqual([3])
  })
})

describe('countUnits', () => {
  it('counts what hangs below organisations, whether it is listed or not', () =>
    expect(countUnits([unit(1, { branches: 2, buildings: 1 }), unit(2), unit(3, { kind: 'branch' })])).toEqual({
      organisations: 2,
      branches: 2,
      buildings: 1,
    }))
})
