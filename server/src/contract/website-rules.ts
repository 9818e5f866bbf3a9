import Type from 'typebox'
import { Day, literalUnion, nullable, ORG_KINDS } from './primitives.ts'
import { FRESHNESS, MARKUP, PRESENCE, SVEDEN_SUBSECTIONS } from './site-audit.ts'

/**
 * Rule data of the content audit, kept in sql/reference/website-rules: what a school site must show, since when and
 * until when, by which act and point, and how to mend it. Days are half-open: `valid_from` is the first day in force,
 * `valid_to` the first day no longer in force (null: no end is known).
 */

/** How an act was read when the data was checked against it. */
export const ACT_READINGS = ['text', 'scan', 'not_read'] as const

export const LegalAct = Type.Object(
  {
    act: Type.String({ description: 'Short key that items name' }),
    title: Type.String({ description: 'As a director reads it: kind of act, body, date, number' }),
    valid_from: nullable(Day),
    valid_to: nullable(Day),
    reading: literalUnion(ACT_READINGS),
    binding: Type.Boolean({ description: 'False for recommendations: nothing they ask is a violation' }),
  },
  { additionalProperties: false, $id: 'LegalAct' },
)

/**
 * What is owed: `must` the information itself; `must_or_none` the information or the words that there is none
 * («отсутствует», «не предусмотрено», 0); `if_any` only where there is such a thing; `recommended` by advice only.
 */
export const OBLIGATIONS = ['must', 'must_or_none', 'if_any', 'recommended'] as const

/** The form in which an item is recognised without markup: words with a value, a link to a document, a table or list. */
export const ITEM_FORMS = ['text', 'document', 'record', 'record_or_document'] as const

export const RuleItem = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z_]+/[A-Za-z0-9]+(\\.[A-Za-z0-9]+)?$', maxLength: 80 }),
    itemprop: nullable(Type.String({ description: 'Null: no name is recommended for it' })),
    parent: nullable(Type.String({ description: 'itemprop of the main tag that it must stand in' })),
    title: Type.String({ description: 'Name of the thing, as in «не найдено: …»' }),
    asks: Type.String({ description: 'What the rule asks, one plain sentence' }),
    obligation: literalUnion(OBLIGATIONS),
    form: literalUnion(ITEM_FORMS),
    applies_to: Type.Array(literalUnion(ORG_KINDS), { description: 'Empty: asked of no kind that is monitored' }),
    valid_from: Day,
    valid_to: nullable(Day),
    act: Type.String(),
    point: Type.String(),
    checked: Type.String({ description: 'Document, page or table that this row was checked against' }),
    words: Type.Array(Type.String({ description: 'Regular expression over lower-case text with ё as е' })),
    old_names: Type.Array(Type.String({ description: 'itemprop of former rules that meant this' })),
    also_seen_in: Type.Array(literalUnion(SVEDEN_SUBSECTIONS), {
      description: 'Subsections where it stood or will stand under another edition of the rules',
    }),
  },
  { additionalProperties: false, $id: 'RuleItem' },
)

/** Which year a document or table that names its year must be of, and from which event on. */
export const YEAR_PERIODS = ['current_year', 'previous_year', 'school_year'] as const

export const FreshnessRule = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z_]+/[a-z_]+$', maxLength: 80 }),
    title: Type.String(),
    asks: Type.String(),
    act: Type.String(),
    point: Type.String(),
    checked: Type.String(),
    words: Type.String({ description: 'Regular expression; its only group is the year or span of years stated' }),
    period: literalUnion(YEAR_PERIODS),
    event_month: Type.Integer({ minimum: 1, maximum: 12 }),
    event_day: Type.Integer({ minimum: 1, maximum: 31 }),
    grace_working_days: Type.Integer({ minimum: 0, maximum: 60 }),
  },
  { additionalProperties: false, $id: 'FreshnessRule' },
)

export const ChecklistQuestion = Type.Object(
  {
    id: Type.String({ maxLength: 80 }),
    question: Type.String({ description: 'Answered by a person: yes, no, unclear' }),
  },
  { additionalProperties: false, $id: 'ChecklistQuestion' },
)

/** One file sql/reference/website-rules/<subsection>.json. */
export const SubsectionRules = Type.Object(
  {
    subsection: literalUnion(SVEDEN_SUBSECTIONS),
    number: nullable(Type.Integer({ minimum: 1, description: 'Place in table 3.1 of the recommendations' })),
    title: Type.String(),
    asks: Type.String(),
    valid_from: Day,
    valid_to: nullable(Day),
    applies_to: Type.Array(literalUnion(ORG_KINDS), { minItems: 1 }),
    act: Type.String(),
    point: Type.String(),
    checked: Type.String(),
    menu_words: Type.Array(Type.String(), { description: 'Word stems that a menu item or heading must contain, all' }),
    menu_words_old: Type.Array(Type.Array(Type.String()), { description: 'Stems of former or usual other names' }),
    gosweb_paths: Type.Array(Type.String(), { description: 'Last parts of the address on Госвеб' }),
    items: Type.Array(RuleItem),
    freshness: Type.Array(FreshnessRule),
    checklist: Type.Array(ChecklistQuestion),
  },
  { additionalProperties: false, $id: 'SubsectionRules' },
)

/**
 * Texts for one kind of finding, whatever the item: `headline` says it in plain words, `remedy_*` how to mend it on that
 * platform. `{title}`, `{subsection}`, `{address}`, `{itemprop}` and `{fault_remedy}` stand for the item's own words.
 */
export const FindingText = Type.Object(
  {
    level: literalUnion(['subsection', 'item']),
    scale: literalUnion(['presence', 'markup', 'freshness']),
    outcome: literalUnion([...PRESENCE, ...MARKUP, ...FRESHNESS]),
    headline: Type.String(),
    remedy_gosweb: Type.String(),
    remedy_ucoz: Type.String(),
    remedy_own: Type.String(),
  },
  { additionalProperties: false, $id: 'FindingText' },
)

/** A fault of markup that may befall any item; its id stands in SiteFinding.rule. */
export const MarkupFaultRule = Type.Object(
  {
    id: Type.String({ pattern: '^markup/[a-z_]+$', maxLength: 80 }),
    title: Type.String(),
    asks: Type.String(),
    act: Type.String(),
    point: Type.String(),
    remedy: Type.String({ description: 'For uCoz and own sites; on Госвеб the markup is not the school’s' }),
  },
  { additionalProperties: false, $id: 'MarkupFaultRule' },
)

/**
 * The ground of every finding about markup that is no fault of its own kind: the order demands markup, and the names
 * come from the recommendations. `{table}` is the table of the subsection there, `{itemprop}` the item's name.
 */
export const MarkupRule = Type.Object(
  {
    act: Type.String(),
    point: Type.String(),
    names_act: Type.String(),
    names_point: Type.String(),
    asks_subsection: Type.String(),
    asks_item: Type.String(),
    checked: Type.String(),
  },
  { additionalProperties: false, $id: 'MarkupRule' },
)

/** File sql/reference/website-rules/general.json. */
export const GeneralRules = Type.Object(
  {
    rule_sets: Type.Array(Day, { description: 'First days of the rule sets, ascending: a set lasts to the next one' }),
    acts: Type.Array(LegalAct),
    section_title: Type.String(),
    section_words: Type.Array(Type.Array(Type.String()), { description: 'Stems of the section’s name in menus' }),
    none_words: Type.Array(Type.String(), { description: 'Regular expressions of «there is none»' }),
    placeholder_words: Type.Array(Type.String(), { description: 'Regular expressions of a value that is no value' }),
    dropped_names: Type.Array(
      Type.Object({ name: Type.String(), reason: Type.String() }, { additionalProperties: false }),
      {
        description: 'itemprop of former rules with no heir today, and why it has none',
      },
    ),
    stale_after_days: Type.Integer({ minimum: 1, description: 'A stated date older than this is noted, no more' }),
    markup_rule: MarkupRule,
    markup_faults: Type.Array(MarkupFaultRule),
    finding_texts: Type.Array(FindingText),
  },
  { additionalProperties: false, $id: 'GeneralRules' },
)

export type LegalAct = Type.Static<typeof LegalAct>
export type RuleItem = Type.Static<typeof RuleItem>
export type FreshnessRule = Type.Static<typeof FreshnessRule>
export type SubsectionRules = Type.Static<typeof SubsectionRules>
export type GeneralRules = Type.Static<typeof GeneralRules>

/** All rule data as read from sql/reference/website-rules. */
export interface WebsiteRules {
  general: GeneralRules
  subsections: SubsectionRules[]
}
