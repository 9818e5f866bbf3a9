import type { QueryCreator } from 'kysely'
import type { DB } from '../db/schema.gen.ts'
import type { Exclusion } from './exclusions.ts'

export interface UnitRow {
  org_unit_id: number
  unit_kind: string
  path: number[]
  municipality_id: number | null
  short_name: string
  founder_kind: string | null
  org_kind: string | null
}

/** A live site with its unit and the dated status, if any, that excludes it on the context's day. */
export interface SiteRow extends UnitRow {
  target_id: string
  url: string
  status_reason: Exclusion | null
  /** Why its verdicts, its certificate or its section do not count on that day; null: no granted objection. */
  availability_reason: Exclusion | null
  certificate_reason: Exclusion | null
  section_reason: Exclusion | null
  /** Subsections that do not count on that day, as bits; null: none. */
  set_aside_bits: number | null
}

/** What an indicator says of one site, beside the site itself. Parts of an excluded site are ignored. */
export interface JudgedSite extends SiteRow {
  numerator: number | null
  denominator: number | null
  excluded_reason: Exclusion | null
  observed_at: Date | null
}

/** What `withSites` adds to the tables of the database. */
export type SiteTables = { unit: UnitRow; site: SiteRow }

/** Query over `unit` and `site`. */
export type SiteQuery = QueryCreator<DB & SiteTables>
