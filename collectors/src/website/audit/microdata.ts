import type { RuleItem, SubsectionRules } from '@edumon/server/contract'
import type { Mark, PageContent } from './page-content.ts'
import type { RulesInForce } from './rules.ts'

/** Names that schema.org has too: in page furniture or a schema.org item they say nothing of the section. */
const AMBIGUOUS = new Set(['name', 'telephone', 'email', 'address'])

/** A mark on the way to being counted: its page, and its parents among the marks of that page. */
export interface PlacedMark {
  mark: Mark
  page: PageContent
}

export interface MarkCount {
  /** Marks that count for an item, by the item's id. */
  counted: Map<string, PlacedMark[]>
  /** Marks with a current name that do not count: the main tag that they need is not around them. */
  misplaced: PlacedMark[]
  /** Marks whose name is none of the subsection's, furniture left out. */
  unknown: PlacedMark[]
}

function meaningfulEnclosures(page: PageContent, own_names: ReadonlySet<string>): Set<number> {
  const telling = page.marks.filter((mark) => own_names.has(mark.name) && !AMBIGUOUS.has(mark.name))
  return new Set(telling.flatMap((mark) => mark.enclosures))
}

/** The nearest marked ancestor that is an allowed main tag; null: none. */
function findMainTag(mark: Mark, page: PageContent, allowed: ReadonlySet<string>): Mark | null {
  let at = mark.parent
  while (at !== null) {
    const above = page.marks[at]
    if (above === undefined) return null
    if (allowed.has(above.name)) return above
    at = above.parent
  }
  return null
}

/**
 * Counts marks as the recommendations do (v9.0.0, chapter 5): every tag is a root or the child of the first allowed
 * main tag above it, however deep between; one level of nesting only; a child whose main tag is missing counts as a
 * root and so is not recorded; what is asked of other kinds of organisation is passed over. Names are case-sensitive, attribute names are not.
 */
export function countMarks(
  pages: readonly PageContent[],
  subsection: SubsectionRules,
  { unasked_names, former_names }: Pick<RulesInForce, 'unasked_names' | 'former_names'>,
): MarkCount {
  const by_name = Map.groupBy(subsection.items, (item) => item.itemprop ?? '')
  const own_names = new Set(by_name.keys())
  const count: MarkCount = { counted: new Map(), misplaced: [], unknown: [] }
  for (const page of pages) {
    const telling = meaningfulEnclosures(page, own_names)
    for (const mark of page.marks) {
      if (AMBIGUOUS.has(mark.name) && mark.enclosures.some((id) => !telling.has(id))) continue
      if (unasked_names.has(mark.name) || findMainTag(mark, page, unasked_names) !== null) continue
      const placed = { mark, page }
      const items = by_name.get(mark.name)
      if (items === undefined) {
        if (mark.name !== 'addRef' && mark.name !== 'copy') count.unknown.push(placed)
        continue
      }
      const item = findItem(mark, page, items)
      // Below a main tag of former rules it is outdated with it, not a mistake of its own.
      if (item === null) {
        if (findMainTag(mark, page, former_names) === null) count.misplaced.push(placed)
      } else {
        const before = count.counted.get(item.id)
        if (before === undefined) count.counted.set(item.id, [placed])
        else before.push(placed)
      }
    }
  }
  return count
}

function findItem(mark: Mark, page: PageContent, items: readonly RuleItem[]): RuleItem | null {
  const mains = new Set(items.map((item) => item.parent).filter((parent) => parent !== null))
  const main = mains.size === 0 ? null : findMainTag(mark, page, mains)
  return items.find((item) => item.parent === (main?.name ?? null)) ?? null
}
