import { readFileSync } from 'node:fs'

const FILE = new URL('../../../sql/reference/saratov-region.json', import.meta.url)

interface DatedTerritory {
  code: string
  name: string
  lat: number
  lon: number
  valid_from: string
  /** First day that no longer belongs; null while it lasts. */
  valid_to: string | null
}

export interface ReferenceMunicipality extends DatedTerritory {
  short_name: string
  oktmo: string
  succeeded_by: string | null
}

export interface ReferenceCityDistrict extends DatedTerritory {
  municipality: string
  predecessor: string | null
}

/** The region as the program ships it: territories with their dated structure, portals of the whole region. */
export interface ReferenceRegion {
  region: { code: string; name: string; oktmo: string }
  portals: { code: string; url: string; valid_from: string }[]
  municipalities: ReferenceMunicipality[]
  city_districts: ReferenceCityDistrict[]
}

export function readReferenceRegion(): ReferenceRegion {
  return JSON.parse(readFileSync(FILE, 'utf8')) as ReferenceRegion
}
