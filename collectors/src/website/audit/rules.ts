import { readFileSync } from 'node:fs'
import { SVEDEN_SUBSECTIONS } from '@edumon/server/contract'
import type { GeneralRules, OrgKind, RuleItem, SubsectionRules, WebsiteRules } from '@edumon/server/contract'

const RULES_FOLDER = new URL('../../../../sql/reference/website-rules/', import.meta.url)

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, RULES_FOLDER), 'utf8'))

/** Reads the rule data of the repository, which a test holds to its schema. Throws when a file is missing. */
export function loadWebsiteRules(): WebsiteRules {
  return {
    general: readJson('general') as GeneralRules,
    subsections: SVEDEN_SUBSECTIONS.map((name) => readJson(name) as SubsectionRules),
  }
}

/** The rules of one day for one kind of organisation, with patterns ready to use. */
export interface RulesInForce {
  /** First day of the rule set. */
  rule_set: string
  general: GeneralRules
  none: readonly RegExp[]
  placeholder: readonly RegExp[]
  /** Acts whose demands bind: what only recommendations ask is never a violation. */
  binding_acts: ReadonlySet<string>
  subsections: readonly SubsectionRules[]
  /** Names of other kinds of organisation or other days: neither asked nor a mistake. */
  unasked_names: ReadonlySet<string>
  /** Names of former rules without an heir. */
  dropped_names: ReadonlySet<string>
  /** Names of former rules, with or without an heir. */
  former_names: ReadonlySet<string>
  words: ReadonlyMap<RuleItem, readonly RegExp[]>
}

const inForce = (row: { valid_from: string; valid_to: string | null }, day: string): boolean =>
  row.valid_from <= day && (row.valid_to === null || day < row.valid_to)

const compile = (patterns: readonly string[]): RegExp[] => patterns.map((pattern) => new RegExp(pattern, 'u'))

/**
 * Picks what applies on `day` (YYYY-MM-DD, in the region's zone) to `org_kind`; null is taken for a school, the kind
 * that the system watches. Before the first rule set its first day's rules hold.
 */
export function selectRules(rules: WebsiteRules, day: string, org_kind: OrgKind | null): RulesInForce {
  const { general } = rules
  const rule_set = general.rule_sets.findLast((first) => first <= day) ?? general.rule_sets[0] ?? day
  const judged_day = day < rule_set ? rule_set : day
  const kind = org_kind ?? 'school'
  const subsections = rules.subsections
    .filter((row) => inForce(row, judged_day) && row.applies_to.includes(kind))
    .map((row) => ({
      ...row,
      items: row.items.filter((item) => inForce(item, judged_day) && item.applies_to.includes(kind)),
    }))
  const asked = new Set(subsections.flatMap((row) => row.items.map((item) => item.itemprop)))
  const known = rules.subsections.flatMap((row) => row.items.map((item) => item.itemprop))
  const dropped_names = new Set(general.dropped_names.map(({ name }) => name))
  return {
    rule_set,
    general,
    dropped_names,
    none: compile(general.none_words),
    placeholder: compile(general.placeholder_words),
    binding_acts: new Set(general.acts.filter((act) => act.binding).map((act) => act.act)),
    subsections,
    unasked_names: new Set(known.filter((name) => name !== null).filter((name) => !asked.has(name))),
    former_names: new Set([
      ...dropped_names,
      ...rules.subsections.flatMap((row) => row.items.flatMap((item) => item.old_names)),
    ]),
    words: new Map(subsections.flatMap((row) => row.items.map((item) => [item, compile(item.words)] as const))),
  }
}
