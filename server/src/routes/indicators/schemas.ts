import Type from 'typebox'
import { Day, FOUNDER_KINDS, Instant, literalUnion, nullable, Offset, OrgUnitId, Uuid } from '../../contract/index.ts'
import { OBJECTION_KINDS } from '../../domain/objections.ts'
import { PERIOD_KINDS } from '../../domain/periods.ts'
import { REFUSALS } from '../../domain/ratio.ts'
import { EXCLUSION_CODES } from '../../indicators/exclusions.ts'
import { COUNTED_IN, FACT_KINDS, INDICATOR_UNITS, PROVENANCES } from '../../indicators/indicator.ts'
import { LINEAGE_PARTS } from '../../indicators/lineage.ts'

const count = Type.Integer({ minimum: 0 })
const instant = nullable(Instant)
const sum = nullable(Type.Number({ minimum: 0, description: 'Null when no unit was judged, never 0 for it' }))

const IndicatorTexts = Type.Object({
  title: Type.String(),
  short: Type.String(),
  formula: Type.String(),
  numerator: Type.String(),
  denominator: Type.String(),
  excluded: Type.String(),
})

const IndicatorCard = Type.Object(
  {
    code: Type.String(),
    texts: Type.Object({ ru: IndicatorTexts, en: IndicatorTexts }),
    unit: literalUnion(INDICATOR_UNITS, 'ratio: values are 0..1 and shown as per cent'),
    decimals: Type.Integer({ description: 'Digits after the comma of the value that is shown' }),
    direction: literalUnion(['more_is_better', 'less_is_better']),
    accumulation: literalUnion(['state_at', 'flow', 'cumulative_ytd']),
    period_kind: literalUnion(PERIOD_KINDS),
    counting_unit: literalUnion(['site', 'building', 'organisation']),
    counted_in: literalUnion(COUNTED_IN, 'What numerator and denominator are counted in'),
    coverage_floor: Type.Number({ description: 'Least reported share of expected units, 0..1' }),
    legal_source: nullable(Type.String({ description: "Act and point; null: the monitoring's own method" })),
    methodology_version: Type.Integer(),
  },
  { $id: 'IndicatorCard' },
)

const ExclusionReason = Type.Object(
  {
    code: literalUnion(EXCLUSION_CODES),
    effect: literalUnion(['not_expected', 'not_reported', 'reported'], 'What it does to coverage'),
    ru: Type.String(),
    en: Type.String(),
  },
  { $id: 'ExclusionReason' },
)

const IndicatorDictionary = Type.Object(
  { indicators: Type.Array(Type.Ref('IndicatorCard')), exclusions: Type.Array(Type.Ref('ExclusionReason')) },
  { $id: 'IndicatorDictionary' },
)

const Figure = Type.Object(
  {
    value: nullable(Type.Number({ minimum: 0, description: "Ratio of sums, in the indicator's unit" })),
    refusal: nullable(literalUnion(REFUSALS, 'Why there is no value; null when there is one')),
    numerator: sum,
    denominator: sum,
    coverage_ratio: nullable(Type.Number({ minimum: 0, maximum: 1, description: 'Reported of expected units' })),
    expected: Type.Integer({ minimum: 0, description: 'Units that should have reported' }),
    reported: Type.Integer({ minimum: 0, description: 'Of them, units that did' }),
    excluded: Type.Array(Type.Object({ reason: literalUnion(EXCLUSION_CODES), units: count })),
    observed_at: instant,
    oldest_observed_at: instant,
  },
  { $id: 'Figure' },
)

const row = { org_unit_id: OrgUnitId, kind: Type.String(), short_name: Type.String() }
const FigureTerritory = Type.Object(row, { $id: 'FigureTerritory' })

const standing = {
  territory: Type.Ref('FigureTerritory'),
  founder_kind: nullable(literalUnion(FOUNDER_KINDS, 'Null: all founders')),
  known_at_change_set_no: count,
  is_approved: Type.Boolean({ description: 'False while the period is not closed: «не утверждено»' }),
}

const ShownPeriod = Type.Object(
  {
    code: Type.String(),
    kind: literalUnion(PERIOD_KINDS),
    title: Type.String({ description: 'In Russian' }),
    first_day: Day,
    last_day: Day,
    is_running: Type.Boolean(),
    as_of: Type.String({ description: 'What the figure speaks of: the end of the period, or now in a running one' }),
  },
  { $id: 'ShownPeriod' },
)

const one = {
  indicator: Type.String({ description: 'Code' }),
  ...standing,
  period: Type.Ref('ShownPeriod'),
}

const IndicatorValues = Type.Object(
  {
    ...one,
    total: Type.Ref('Figure'),
    rows: Type.Array(Type.Object({ ...row, figure: Type.Ref('Figure') })),
  },
  { $id: 'IndicatorValues' },
)

const byIndicator = Type.Record(Type.String(), Type.Ref('Figure'), { description: 'By code of the indicator' })

const SitesOverview = Type.Object(
  {
    ...standing,
    periods: Type.Record(Type.String(), Type.Ref('ShownPeriod'), { description: 'By code of the indicator' }),
    total: byIndicator,
    rows: Type.Array(Type.Object({ ...row, figures: byIndicator })),
  },
  { $id: 'SitesOverview' },
)

const LineageUnit = Type.Object(
  {
    part: literalUnion(LINEAGE_PARTS),
    org_unit_id: OrgUnitId,
    target_id: nullable(Uuid),
    municipality_id: nullable(OrgUnitId),
    short_name: Type.String(),
    founder_kind: nullable(Type.String()),
    url: nullable(Type.String()),
    numerator: sum,
    denominator: sum,
    excluded_reason: nullable(literalUnion(EXCLUSION_CODES)),
    observed_at: instant,
    worst_unit_id: nullable(OrgUnitId),
    worst_unit_name: nullable(Type.String({ description: "The building that decides an organisation's part" })),
    objection: nullable(
      Type.Object({
        objection_id: Uuid,
        kind: literalUnion(OBJECTION_KINDS),
        state: literalUnion(['open', 'granted'], 'open: it counts as before until it is decided'),
      }),
    ),
  },
  { $id: 'LineageUnit' },
)

const IndicatorLineage = Type.Object(
  {
    ...one,
    total: Type.Ref('Figure'),
    parts: Type.Array(
      Type.Object({ part: literalUnion(LINEAGE_PARTS), units: count, numerator: sum, denominator: sum }),
    ),
    rows: Type.Array(Type.Ref('LineageUnit')),
  },
  { $id: 'IndicatorLineage' },
)

const LineageFact = Type.Object(
  {
    kind: literalUnion(FACT_KINDS),
    fact_id: Type.String(),
    target_id: nullable(Uuid),
    place_name: Type.Optional(Type.String({ description: 'The building that it is about' })),
    observed_at: Instant,
    outcome: Type.String({ description: 'What the fact says, from the closed list of its kind' }),
    detail: nullable(Type.String({ description: 'Cause, subsection or validity' })),
    part: nullable(Type.Number({ description: 'Seconds up, items shown, probes that agree, download in kbps' })),
    whole: nullable(Type.Number({ description: 'Seconds observed, items asked, probes counted, upload in kbps' })),
    source: Type.String(),
    provenance: literalUnion(PROVENANCES),
    change_set_no: count,
    recorded_at: instant,
    actor: nullable(Type.String({ description: 'Who brought it in' })),
    evidence_ids: Type.Array(Uuid),
  },
  { $id: 'LineageFact' },
)

const IndicatorFacts = Type.Object({ ...one, rows: Type.Array(Type.Ref('LineageFact')) }, { $id: 'IndicatorFacts' })

export const INDICATOR_SCHEMAS = [
  IndicatorCard,
  ExclusionReason,
  IndicatorDictionary,
  Figure,
  FigureTerritory,
  ShownPeriod,
  IndicatorValues,
  SitesOverview,
  LineageUnit,
  IndicatorLineage,
  LineageFact,
  IndicatorFacts,
]

export const IndicatorParams = Type.Object({ code: Type.String({ maxLength: 60 }) })
export type IndicatorParams = Type.Static<typeof IndicatorParams>

export const StandpointQuery = Type.Object({
  territory_id: Type.Optional(OrgUnitId),
  period: Type.Optional(Type.String({ maxLength: 20, description: '2026-09, 2026Q3, 2026 or 2026-27SY; absent: now' })),
  known_at: Type.Optional(Type.String({ maxLength: 40, description: 'As known on, RFC 3339; absent: known now' })),
  founder_kind: Type.Optional(literalUnion(FOUNDER_KINDS)),
})
export type StandpointQuery = Type.Static<typeof StandpointQuery>

export const LineageQuery = Type.Object({
  ...StandpointQuery.properties,
  part: Type.Optional(literalUnion(LINEAGE_PARTS)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 50' })),
  offset: Type.Optional(Offset),
})
export type LineageQuery = Type.Static<typeof LineageQuery>

export const FactsQuery = Type.Object({ ...StandpointQuery.properties, org_unit_id: OrgUnitId })
export type FactsQuery = Type.Static<typeof FactsQuery>
