import { describe, expect, it } from 'vitest'
import { findTerritoryParts, SUMMED_FOUNDERS, type PlacedUnit } from '../../../server/src/domain/territory-parts.ts'

const region: PlacedUnit = { org_unit_id: 1, kind: 'region', path: [1] }
const north: PlacedUnit = { org_unit_id: 2, kind: 'municipality', path: [1, 2] }
const south: PlacedUnit = { org_unit_id: 3, kind: 'municipality', path: [1, 3] }
const school: PlacedUnit = { org_unit_id: 4, kind: 'organisation', path: [1, 2, 4] }

describe('findTerritoryParts', () => {
  it('takes the sums of the whole region, or of the municipality that is asked for', () => {
    const all = [{ unit: region, founder_kinds: null }]
    expect(findTerritoryParts(all, null)).toEqual([{ territory_id: 1, founder_kinds: SUMMED_FOUNDERS }])
    expect(findTerritoryParts(all, north)).toEqual([{ territory_id: 2, founder_kinds: SUMMED_FOUNDERS }])
  })

  it('keeps to the own territory, and finds nothing elsewhere', () => {
    const own = [{ unit: north, founder_kinds: ['municipal' as const] }]
    const parts = [{ territory_id: 2, founder_kinds: ['municipal'] }]
    expect(findTerritoryParts(own, region)).toEqual(parts)
    expect(findTerritoryParts(own, north)).toEqual(parts)
    expect(findTerritoryParts(own, south)).toEqual([])
  })

  it('counts what two rights overlap in once', () => {
    const trees = [
      { unit: north, founder_kinds: ['municipal' as const, 'private' as const] },
      { unit: region, founder_kinds: ['municipal' as const] },
      { unit: north, founder_kinds: ['private' as const] },
    ]
    expect(findTerritoryParts(trees, null)).toEqual([
      { territory_id: 1, founder_kinds: ['municipal'] },
      { territory_id: 2, founder_kinds: ['private'] },
    ])
  })

  it('has no sums of single schools', () => {
    expect(findTerritoryParts([{ unit: region, founder_kinds: null }], school)).toBeNull()
    expect(findTerritoryParts([{ unit: school, founder_kinds: null }], null)).toBeNull()
  })
})
