import type { SiteFinding, SitePlatform, SubsectionRules, SvedenSubsection, WebsiteRules } from '../contract/index.ts'

/** A finding in words for a director: what the rule asks, by which act, and how to mend it on that platform. */
export interface FindingWords {
  headline: string
  asks: string
  /** Act and point; null when the rule is not in the data any more. */
  source: string | null
  /** Null when there is nothing that the school could do. */
  remedy: string | null
  /** Ready piece of markup; null where the school cannot edit markup or it is not about markup. */
  markup_sample: string | null
}

interface RuleFacts {
  level: 'subsection' | 'item'
  title: string
  asks: string
  act: string
  point: string
  itemprop: string | null
  parent: string | null
  fault_remedy: string
}

function findRuleFacts(rules: WebsiteRules, subsection: SubsectionRules | undefined, rule: string): RuleFacts | null {
  const plain = { itemprop: null, parent: null, fault_remedy: '' }
  const fault = rules.general.markup_faults.find((candidate) => candidate.id === rule)
  if (fault !== undefined) return { ...plain, ...fault, level: 'item', fault_remedy: fault.remedy }
  if (subsection === undefined) return null
  if (subsection.subsection === rule) return { ...plain, ...subsection, level: 'subsection' }
  const item = subsection.items.find((candidate) => candidate.id === rule)
  if (item !== undefined) return { ...item, level: 'item', fault_remedy: '' }
  const freshness = subsection.freshness.find((candidate) => candidate.id === rule)
  return freshness === undefined ? null : { ...plain, ...freshness, level: 'item' }
}

/** Act and point as a director reads them; null for an act that is not in the data any more. */
function citeAct(rules: WebsiteRules, act: string, point: string): string | null {
  const found = rules.general.acts.find((candidate) => candidate.act === act)
  return found === undefined ? null : `${found.title}, ${point}`
}

/** What a finding rests on. Presence and freshness rest on the item's own rule, markup on the rule of markup. */
function findGround(
  rules: WebsiteRules,
  subsection: SubsectionRules | undefined,
  scale: SiteFinding['scale'],
  facts: RuleFacts,
): { asks: string; source: string | null } {
  if (scale !== 'markup' || facts.fault_remedy !== '') {
    return { asks: facts.asks, source: citeAct(rules, facts.act, facts.point) }
  }
  const { markup_rule } = rules.general
  const number = subsection?.number ?? null
  // Table 3.1 lists the subsections, so that the names of the first one stand in table 3.2.1.
  const table = number === null ? null : `3.${number + 1}.1`
  const names =
    table === null ? null : citeAct(rules, markup_rule.names_act, markup_rule.names_point.replace('{table}', table))
  const cited = [citeAct(rules, markup_rule.act, markup_rule.point), names].filter((part) => part !== null)
  const asks =
    facts.itemprop === null ? markup_rule.asks_subsection : markup_rule.asks_item.replace('{itemprop}', facts.itemprop)
  return { asks, source: cited.length === 0 ? null : cited.join('; ') }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}

/** What stands on the page for one item, with its itemprop; inside its main tag where it has one. */
function sampleOf(facts: RuleFacts): string | null {
  if (facts.itemprop === null) return null
  const own = `<div itemprop="${escapeAttribute(facts.itemprop)}">${escapeAttribute(facts.title)}</div>`
  return facts.parent === null ? own : `<div itemprop="${escapeAttribute(facts.parent)}">\n  ${own}\n</div>`
}

/**
 * Words for one finding, by the rule data.
 * @param platform decides the remedy: on Госвеб a school cannot edit markup, so it gets no piece of it
 */
export function describeFinding(
  rules: WebsiteRules,
  code: SvedenSubsection,
  finding: Pick<SiteFinding, 'rule' | 'scale' | 'outcome'>,
  platform: SitePlatform,
): FindingWords {
  const subsection = rules.subsections.find((candidate) => candidate.subsection === code)
  const facts = findRuleFacts(rules, subsection, finding.rule)
  if (facts === null) {
    return { headline: finding.rule, asks: finding.rule, source: null, remedy: null, markup_sample: null }
  }
  const texts = rules.general.finding_texts.find(
    (text) => text.level === facts.level && text.scale === finding.scale && text.outcome === finding.outcome,
  )
  const values: Record<string, string> = {
    title: facts.title,
    subsection: subsection?.title ?? code,
    address: `/sveden/${code}`,
    itemprop: facts.itemprop ?? '',
    fault_remedy: facts.fault_remedy,
  }
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
  const remedies = { gosweb: texts?.remedy_gosweb, ucoz: texts?.remedy_ucoz, own: texts?.remedy_own }
  const remedy = platform === 'unknown' ? remedies.own : remedies[platform]
  return {
    headline: fill(texts?.headline ?? facts.title),
    ...findGround(rules, subsection, finding.scale, facts),
    remedy: remedy === undefined || remedy === '' ? null : fill(remedy),
    markup_sample: finding.scale === 'markup' && platform !== 'gosweb' ? sampleOf(facts) : null,
  }
}
