import type { SiteVerdict } from '../components/status.ts'

export interface IndicatorText {
  code: string
  title: string
  counting_unit: string
  definition: string
  source: string
  version: string
  direction: 'up' | 'down'
  coverage_floor_ratio: number
}

export interface IndicatorValue {
  org_unit_id: number
  org_unit_name: string
  numerator: number | null
  denominator: number | null
  /** Null: withheld, because coverage is below the floor or nothing was expected. */
  value_ratio: number | null
  reported: number
  expected: number
  coverage_ratio: number | null
  excluded: number
}

export interface IndicatorValues {
  indicator: IndicatorText
  period: string
  known_on: string | null
  data_as_of: string | null
  approved: boolean
  /** The chosen territory as a whole: the sums of its rows, never a mean of them. */
  total: IndicatorValue
  rows: IndicatorValue[]
}

export interface LineageUnit {
  org_unit_id: number
  name: string
  verdict: SiteVerdict | null
  reason: string | null
  measured_at: string | null
  evidence_id: string | null
}

export interface Lineage {
  indicator: IndicatorText
  value: IndicatorValue
  period: string
  known_on: string | null
  groups: {
    role: 'counted' | 'not_counted' | 'not_reported' | 'excluded'
    count: number
    units: LineageUnit[]
  }[]
  sources: { collector: string; vantage: string; measurements: number; from: string; to: string; simulated: boolean }[]
}
