import Type from 'typebox'
import {
  AUDIT_OUTCOMES,
  Day,
  FOUND_BY,
  FRESHNESS,
  Instant,
  literalUnion,
  MARKUP,
  nullable,
  PRESENCE,
  SITE_PLATFORMS,
  SVEDEN_SUBSECTIONS,
  Uuid,
  SiteFinding,
} from '../../contract/index.ts'
import { FileStateView } from '../../files/file-state-schema.ts'
import { text, count, cause } from './schema-parts.ts'

export const FindingRow = Type.Object(
  {
    ...SiteFinding.properties,
    headline: Type.String(),
    asks: Type.String({ description: 'What the rule asks' }),
    source: nullable(Type.String({ description: 'Act and point' })),
    remedy: nullable(Type.String({ description: "How to mend it on this site's platform" })),
    markup_sample: text,
    evidence_id: nullable(Uuid),
  },
  { $id: 'FindingRow' },
)

export const SubsectionRow = Type.Object(
  {
    subsection: literalUnion(SVEDEN_SUBSECTIONS),
    title: Type.String(),
    source_grade: literalUnion(['collector', 'person']),
    judged_at: Instant,
    url: text,
    found_by: nullable(literalUnion(FOUND_BY)),
    presence: literalUnion(PRESENCE),
    markup: nullable(literalUnion(MARKUP)),
    freshness: nullable(literalUnion(FRESHNESS)),
    items_present: count,
    items_expected: count,
    items_marked: count,
    dated_on: nullable(Day),
    findings: Type.Array(Type.Ref('FindingRow')),
  },
  { $id: 'SubsectionRow' },
)

export const SiteAuditCard = Type.Object(
  {
    audit_id: Uuid,
    audited_at: Instant,
    outcome: literalUnion(AUDIT_OUTCOMES),
    cause,
    rule_set: Type.String(),
    platform: literalUnion(SITE_PLATFORMS),
    section_url: text,
    page_count: count,
    duration_ms: count,
    subsections: Type.Array(Type.Ref('SubsectionRow')),
  },
  { $id: 'SiteAuditCard' },
)

export const HumanCheckRow = Type.Object(
  {
    human_check_id: Uuid,
    checked_on: Day,
    person: Type.String(),
    note: text,
    picture: nullable(FileStateView),
    is_decisive: Type.Boolean({
      description: 'Entered by somebody who may decide objections: it overrules audits; else it only adds to them',
    }),
    subsections: Type.Array(Type.Ref('SubsectionRow')),
  },
  { $id: 'HumanCheckRow' },
)

export type FindingRow = Type.Static<typeof FindingRow>

/** Content audits and human checks of one site. */
export const AUDIT_SCHEMAS = [FindingRow, SubsectionRow, SiteAuditCard, HumanCheckRow]
