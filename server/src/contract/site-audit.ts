import Type from 'typebox'
import { Day, literalUnion, nullable, Url } from './primitives.ts'
import { SITE_CAUSE_CODES } from './site-causes.ts'
import { measurementEnvelope, PageEvidence, SITE_PLATFORMS } from './site-check.ts'

/**
 * The subsections of «Сведения об образовательной организации», by their official address word, in official order.
 * Kept sets of bits go by the places here: a new word is added at the end, and none is ever taken out.
 */
export const SVEDEN_SUBSECTIONS = [
  'common',
  'struct',
  'document',
  'education',
  'eduStandarts',
  'managers',
  'employees',
  'objects',
  'grants',
  'paid_edu',
  'budget',
  'vacant',
  'inter',
  'catering',
  'ovz',
] as const
export type SvedenSubsection = (typeof SVEDEN_SUBSECTIONS)[number]

/** Three scales that are judged apart: being there, being marked up, being fresh. */
export const PRESENCE = ['present', 'empty', 'absent', 'not_confirmed'] as const
export const MARKUP = ['current', 'outdated', 'faulty', 'none'] as const
export const FRESHNESS = ['dated', 'overdue', 'undated'] as const
export type Presence = (typeof PRESENCE)[number]
export type Markup = (typeof MARKUP)[number]
export type Freshness = (typeof FRESHNESS)[number]

export const AUDIT_OUTCOMES = ['audited', 'not_allowed', 'unreachable', 'cannot_tell'] as const
export const FOUND_BY = ['sveden', 'gosweb', 'menu'] as const

/** One thing that a rule asks for and what was seen of it. Texts of the rule are rule data, found by `rule`. */
export const SiteFinding = Type.Object(
  {
    rule: Type.String({ maxLength: 80, description: 'Id of the rule, unique within the rule set' }),
    scale: literalUnion(['presence', 'markup', 'freshness']),
    outcome: literalUnion([...PRESENCE, ...MARKUP, ...FRESHNESS]),
    grade: literalUnion(['violation', 'warning', 'note'], 'Only a violation counts against the site'),
    seen: nullable(Type.String({ maxLength: 500, description: 'What was seen, quoted' })),
    url: nullable(Url),
    place: nullable(Type.String({ maxLength: 300, description: 'Where on the page: path of elements or attribute' })),
  },
  { additionalProperties: false, $id: 'SiteFinding' },
)

export const SubsectionJudgement = Type.Object(
  {
    subsection: literalUnion(SVEDEN_SUBSECTIONS),
    url: nullable(Url),
    found_by: nullable(literalUnion(FOUND_BY)),
    presence: literalUnion(PRESENCE),
    markup: nullable(literalUnion(MARKUP, 'Null when there is no page to judge')),
    freshness: nullable(literalUnion(FRESHNESS)),
    items_present: Type.Integer({ minimum: 0, maximum: 10_000, description: 'Required items that the page shows' }),
    items_expected: Type.Integer({ minimum: 0, maximum: 10_000 }),
    items_marked: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      description: 'Required items confirmed by current itemprop',
    }),
    dated_on: nullable(Day),
    findings: Type.Array(SiteFinding, { maxItems: 100 }),
  },
  { additionalProperties: false, $id: 'SubsectionJudgement' },
)

/** All that one content audit returned: pages visited and what each subsection is judged to be. */
export const SiteAudit = Type.Object(
  {
    kind: Type.Literal('site_audit'),
    ...measurementEnvelope,
    url: Url,
    outcome: literalUnion(AUDIT_OUTCOMES),
    cause: nullable(literalUnion(SITE_CAUSE_CODES)),
    rule_set: Type.String({ maxLength: 40, description: 'Version of the rule set, its first day' }),
    platform: literalUnion(SITE_PLATFORMS),
    section_url: nullable(Url),
    duration_ms: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
    subsections: Type.Array(SubsectionJudgement, { maxItems: 20 }),
    pages: Type.Array(PageEvidence, { maxItems: 60 }),
  },
  { additionalProperties: false, $id: 'SiteAudit' },
)
export type SiteAudit = Type.Static<typeof SiteAudit>
export type SiteFinding = Type.Static<typeof SiteFinding>
export type SubsectionJudgement = Type.Static<typeof SubsectionJudgement>
