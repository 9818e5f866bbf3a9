import type { Expression } from 'kysely'
import type { FounderKind } from '../contract/index.ts'
import type { FindingKind } from '../domain/objections.ts'
import type { PeriodKind } from '../domain/periods.ts'
import type { ReadExecutor } from '../db/executor.ts'
import type { RegistryView } from '../db/registry-as-known.ts'
import type { Exclusion } from './exclusions.ts'
import type { JudgedSite, SiteQuery } from './site-query.ts'

/** What an indicator is computed with. The structure is that of `day`: the last day of the period, or today in it. */
export interface EvaluationContext extends RegistryView {
  /** The figure speaks of this instant: the period's end, or now in a running one. Facts at it or later are out. */
  readonly as_of: Date
  readonly first_day: string
  readonly time_zone: string
  /** Any org unit: only what lies in it counts. */
  readonly territory_id: number
  readonly territory_kind: string
  /** Null: all founders. */
  readonly founder_kind: FounderKind | null
}

/** One counting unit's part. Numerator and denominator are null together, exactly when there is an exclusion. */
export interface UnitValue {
  org_unit_id: number
  /** Null when the organisation has no site. */
  target_id: string | null
  /** Ids from the region down to the unit, by the structure of the period. */
  path: number[]
  municipality_id: number | null
  short_name: string
  founder_kind: string | null
  url: string | null
  numerator: number | null
  denominator: number | null
  excluded_reason: Exclusion | null
  /** When the newest fact behind it was observed; null without one. */
  observed_at: Date | null
  /** The building that decides an organisation's part; null where none does. */
  worst_unit_id: number | null
  worst_unit_name: string | null
}

/** Measured by a collector, modelled history of the demo, judged by a person, or derived from other facts by a rule. */
export const PROVENANCES = ['measured', 'modelled', 'person', 'person_asking', 'derived'] as const
export type Provenance = (typeof PROVENANCES)[number]

export const FACT_KINDS = [
  ...(['site_verdict', 'site_check', 'site_hours', 'site_subsection'] as const),
  ...(['speed_verdict', 'speed_test', 'contract', 'capacity_report', 'agent_hour'] as const),
] as const

/** One stored fact that a unit's part rests on. */
export interface LineageFact {
  kind: (typeof FACT_KINDS)[number]
  /** Id of the fact among its kind. */
  fact_id: string
  /** The site; null when the fact is about a building. */
  target_id: string | null
  /** The building; absent when the fact is about a site. */
  place_name?: string
  observed_at: Date
  /** What the fact says, from the closed list of its kind. */
  outcome: string
  /** Cause, subsection or validity; null when the kind has none. */
  detail: string | null
  /** Seconds, items, probes or speeds that it carries as part and whole; null when it carries none. */
  part: number | null
  whole: number | null
  /** Who made it: collector with vantage, person, or the vantages that a rule of the system leant on. */
  source: string
  provenance: Provenance
  change_set_no: number
  /** Pages kept for it that a person can open. */
  evidence_ids: string[]
}

export interface IndicatorTexts {
  title: string
  short: string
  formula: string
  numerator: string
  denominator: string
  excluded: string
}

/** What numerator and denominator are counted in: both in the same, or Мбит/с over computers. */
export const COUNTED_IN = ['sites', 'seconds', 'buildings', 'organisations', 'mbps_and_computers'] as const

/** What its value is: a share shown as per cent, or Мбит/с for each computer. */
export const INDICATOR_UNITS = ['ratio', 'mbps_per_computer'] as const

interface IndicatorRules {
  readonly code: string
  readonly texts: { readonly ru: IndicatorTexts; readonly en: IndicatorTexts }
  readonly unit: (typeof INDICATOR_UNITS)[number]
  /** Digits after the comma of the value as it is shown. */
  readonly decimals: number
  readonly direction: 'more_is_better' | 'less_is_better'
  readonly accumulation: 'state_at' | 'flow' | 'cumulative_ytd'
  readonly period_kind: PeriodKind
  readonly counted_in: (typeof COUNTED_IN)[number]
  /** Least share of expected units that must have reported, 0..1. */
  readonly coverage_floor: number
  /** Act and point, or null when it rests on the monitoring's own method. */
  readonly legal_source: string | null
  readonly methodology_version: number
  /** Facts behind one organisation's part, newest first, at most FACTS_LIMIT of them. */
  facts(db: ReadExecutor, context: EvaluationContext, org_unit_id: number): Promise<LineageFact[]>
}

/** An indicator that counts official sites. */
export interface SiteIndicator extends IndicatorRules {
  readonly counting_unit: 'site'
  /** Which findings of a site it judges: objections to them concern it. */
  readonly finding: FindingKind
  /** What it says of each site of the query: a select over `site` and what the indicator adds beside it. */
  judge(db: ReadExecutor, context: EvaluationContext, sites: SiteQuery): Expression<JudgedSite>
}

/** An indicator that counts buildings, or organisations by the verdicts on their buildings. */
export interface PlaceIndicator extends IndicatorRules {
  readonly counting_unit: 'building' | 'organisation'
  /** The part of every counting unit of the context's territory. */
  judgeUnits(db: ReadExecutor, context: EvaluationContext): Promise<UnitValue[]>
}

/**
 * One indicator in one file: its words, how it adds up, and the queries of its parts and of the facts behind them.
 * Upward it is always the sum of numerators over the sum of denominators.
 */
export type Indicator = SiteIndicator | PlaceIndicator

export const FACTS_LIMIT = 200
