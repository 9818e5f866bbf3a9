import type { RuleItem, SiteFinding, SubsectionRules } from '@edumon/server/contract'
import type { MarkCount } from './microdata.ts'
import type { PageContent } from './page-content.ts'
import { seeItem } from './presence.ts'
import type { ItemSight } from './presence.ts'
import type { RulesInForce } from './rules.ts'

export interface JudgedItem {
  item: RuleItem
  sight: ItemSight
}

const SEEN_LENGTH = 500

export const isOwed = (item: RuleItem): boolean => item.obligation === 'must' || item.obligation === 'must_or_none'

export function clipSeen(text: string | null): string | null {
  return text === null || text === '' ? null : text.slice(0, SEEN_LENGTH)
}

/**
 * Items of one subsection that can be looked for: main ones, and the parts of a record that is there. The parts of a
 * record that was not found, does not exist or is a document are not asked for one by one.
 */
export function seeItems(
  subsection: SubsectionRules,
  pages: readonly PageContent[],
  count: MarkCount,
  rules: RulesInForce,
): JudgedItem[] {
  const main_items = subsection.items.filter((item) => item.parent === null)
  const mains = main_items.map((item) => ({ item, sight: seeItem(item, main_items, pages, count, rules) }))
  const open_records = new Set(
    mains
      .filter(({ sight }) => sight.outcome === 'present' && !sight.says_none && !sight.is_document)
      .map(({ item }) => item.itemprop),
  )
  const parts = subsection.items
    .filter((item) => item.parent !== null && open_records.has(item.parent))
    .map((item) => ({ item, sight: seeItem(item, main_items, pages, count, rules) }))
  return [...mains, ...parts]
}

/** Where else an item that is missing here stands: under another edition of the rules it belonged there. */
function seeElsewhere(
  item: RuleItem,
  other: ReadonlyMap<string, readonly PageContent[]>,
  rules: RulesInForce,
): ItemSight | null {
  const nothing_marked = { counted: new Map(), misplaced: [], unknown: [] }
  for (const subsection of item.also_seen_in) {
    const sight = seeItem(item, [], other.get(subsection) ?? [], nothing_marked, rules)
    if (sight.outcome === 'present' && sight.page !== null) return sight
  }
  return null
}

/** A violation needs an act that binds, an obligation, and something seen; what was not recognised only warns. */
function gradeOf({ item, sight }: JudgedItem, rules: RulesInForce): SiteFinding['grade'] {
  if (!isOwed(item)) return 'note'
  if (sight.outcome === 'not_confirmed') return item.parent === null ? 'warning' : 'note'
  return rules.binding_acts.has(item.act) ? 'violation' : 'warning'
}

/** Findings on presence: nothing for what is there, nor for what nobody owes and is simply not there. */
export function reportPresence(
  judged: readonly JudgedItem[],
  other: ReadonlyMap<string, readonly PageContent[]>,
  page_url: string,
  rules: RulesInForce,
): SiteFinding[] {
  return judged
    .filter(({ item, sight }) => sight.outcome !== 'present' && (isOwed(item) || sight.outcome === 'empty'))
    .map((one) => {
      const elsewhere = one.sight.outcome === 'not_confirmed' ? seeElsewhere(one.item, other, rules) : null
      const shown = elsewhere ?? one.sight
      return {
        rule: one.item.id,
        scale: 'presence',
        outcome: one.sight.outcome,
        grade: gradeOf(one, rules),
        seen: clipSeen(shown.seen),
        url: shown.page?.url ?? page_url,
        place: shown.place,
      }
    })
}
