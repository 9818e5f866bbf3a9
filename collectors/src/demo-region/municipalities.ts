import { readFileSync } from 'node:fs'

export type SettlementKind = 'city' | 'urban_settlement' | 'village'

export interface Municipality {
  code: string
  name: string
  short_name: string
  kind: 'municipal_district' | 'city_okrug'
  oktmo: string
  centre: { name: string; settlement_kind: SettlementKind; prefix: string }
  lat: number
  lon: number
  /** First day on which it no longer exists; null while it does. */
  valid_to: string | null
}

export interface CityDistrict {
  code: string
  name: string
  municipality: string
  lat: number
  lon: number
}

interface RegionReference {
  municipalities: Municipality[]
  city_districts: CityDistrict[]
}

const REFERENCE = new URL('../../../sql/reference/saratov-region.json', import.meta.url)

/** Municipalities that exist now and the city districts, from the program's reference data. */
export function readRegionReference(): RegionReference {
  const reference = JSON.parse(readFileSync(REFERENCE, 'utf8')) as RegionReference
  return {
    municipalities: reference.municipalities.filter(({ valid_to }) => valid_to === null),
    city_districts: reference.city_districts,
  }
}
