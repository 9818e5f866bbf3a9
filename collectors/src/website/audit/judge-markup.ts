import type { Markup, SiteFinding, SubsectionRules } from '@edumon/server/contract'
import { clipSeen, isOwed } from './judge-items.ts'
import type { JudgedItem } from './judge-items.ts'
import { describeMark, findMarkupFaults } from './markup-faults.ts'
import type { MarkupFault } from './markup-faults.ts'
import type { MarkCount, PlacedMark } from './microdata.ts'
import type { RulesInForce } from './rules.ts'

const OWN_FINDINGS = 40

function more(count: number): string {
  return count > 1 ? ` (таких мест: ${count})` : ''
}

/** One finding per kind of fault and name, with the first place and the number of them. */
function reportFaults(faults: readonly MarkupFault[]): SiteFinding[] {
  const kinds = Map.groupBy(faults, (fault) => `${fault.fault} ${fault.meant}`)
  return [...kinds.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const { mark, page, fault, seen } = first
    return [
      {
        rule: fault,
        scale: 'markup' as const,
        outcome: 'faulty' as const,
        grade: 'warning' as const,
        seen: clipSeen(seen + more(same.length)),
        url: page.url,
        place: mark.place,
      },
    ]
  })
}

function reportFormerNames(former: readonly PlacedMark[], subsection: SubsectionRules): SiteFinding[] {
  const names = Map.groupBy(former, (placed) => placed.mark.name)
  return [...names].flatMap(([name, same]) => {
    const [first] = same
    if (first === undefined) return []
    const heir = subsection.items.find((item) => item.old_names.includes(name))
    return [
      {
        rule: heir?.id ?? subsection.subsection,
        scale: 'markup' as const,
        outcome: 'outdated' as const,
        grade: 'warning' as const,
        seen: clipSeen(describeMark(first) + more(same.length)),
        url: first.page.url,
        place: first.mark.place,
      },
    ]
  })
}

/** What is there but not marked: one note for a page without markup, one per item where others are marked. */
function reportUnmarked(
  judged: readonly JudgedItem[],
  markup: Markup,
  subsection: SubsectionRules,
  page_url: string,
): SiteFinding[] {
  const note = { scale: 'markup', outcome: 'none', grade: 'note', seen: null, place: null } as const
  if (markup === 'none') return [{ ...note, rule: subsection.subsection, url: page_url }]
  return judged
    .filter(
      ({ item, sight }) =>
        isOwed(item) && item.itemprop !== null && sight.outcome === 'present' && !sight.is_marked && !sight.says_none,
    )
    .map(({ item, sight }) => ({ ...note, rule: item.id, url: sight.page?.url ?? page_url, place: sight.place }))
}

export interface MarkupJudgement {
  markup: Markup
  findings: SiteFinding[]
}

/**
 * The markup scale of one subsection. `faulty`: a name that counts is misused; `outdated`: names of former rules while
 * not all that is owed is marked by the present ones; `none`: no name that means anything here. Never a violation: the
 * order demands markup but names no attribute, the names are a recommendation.
 */
export function judgeMarkup(
  subsection: SubsectionRules,
  count: MarkCount,
  judged: readonly JudgedItem[],
  page_url: string,
  rules: RulesInForce,
): MarkupJudgement {
  const old_names = new Set([...subsection.items.flatMap((item) => item.old_names), ...rules.dropped_names])
  const former = count.unknown.filter(({ mark }) => old_names.has(mark.name))
  const faults = findMarkupFaults(count, subsection, rules)
  const has_current = count.counted.size > 0
  const owed = judged.filter(({ item }) => isOwed(item) && item.itemprop !== null)
  const is_whole = has_current && owed.every(({ sight }) => sight.is_marked)
  const markup: Markup =
    faults.length > 0 ? 'faulty' : former.length > 0 && !is_whole ? 'outdated' : has_current ? 'current' : 'none'
  const findings = [
    ...reportFaults(faults),
    ...(is_whole ? [] : reportFormerNames(former, subsection)),
    ...reportUnmarked(judged, markup, subsection, page_url),
  ]
  return { markup, findings: findings.slice(0, OWN_FINDINGS) }
}
