import type { SubsectionRules } from '@edumon/server/contract'
import type { MarkCount, PlacedMark } from './microdata.ts'
import { normaliseText } from './russian-words.ts'
import type { RulesInForce } from './rules.ts'

export interface MarkupFault extends PlacedMark {
  fault: string
  /** Name that was meant, when it can be told. */
  meant: string
  seen: string
}

/** Edits between two names, at most `limit`; beyond it `limit + 1`. */
function editDistance(one: string, two: string, limit: number): number {
  if (Math.abs(one.length - two.length) > limit) return limit + 1
  let row = Array.from({ length: two.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= two.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === two[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return Math.min(row[two.length] ?? 0, limit + 1)
}

/** The name that was meant by a misspelt one: another case, two letters swapped or one wrong in a long name. */
export function findMeantName(name: string, names: readonly string[]): string | null {
  const lower = name.toLowerCase()
  const same = names.find((other) => other.toLowerCase() === lower)
  if (same !== undefined) return same
  if (name.length < 7) return null
  return names.find((other) => other.length >= 7 && editDistance(lower, other.toLowerCase(), 2) <= 2) ?? null
}

const LABEL_INSIDE = /^([а-я][а-я ,()-]{3,60}):\s*\S/u
const QUOTES = /[«»“”„]/u

/** What is wrong with one mark that has a current name; null: nothing. A parent's own text is its children's. */
function faultOf({ mark }: PlacedMark, is_main: boolean, rules: RulesInForce): string | null {
  if (QUOTES.test(mark.written)) return 'curly_quotes'
  if (is_main && mark.is_void) return 'void_container'
  if (mark.is_header_cell) return 'header_row'
  const value = normaliseText(mark.value)
  if (mark.is_hidden) return 'hidden_value'
  if (value === '' || rules.placeholder.some((pattern) => pattern.test(value))) return 'empty_value'
  if (!is_main && LABEL_INSIDE.test(value)) return 'label_inside'
  return null
}

/** A main tag on a row of column names has no data below it, only headings. */
function isOnHeaderRow({ mark, page }: PlacedMark): boolean {
  return (
    mark.tag === 'tr' &&
    page.blocks.some((block) => block.kind === 'column' && block.start >= mark.start && block.start <= mark.start + 2)
  )
}

/** Faults of marks that mean something to this subsection, in page order. */
export function findMarkupFaults(count: MarkCount, subsection: SubsectionRules, rules: RulesInForce): MarkupFault[] {
  const mains = new Set(subsection.items.map((item) => item.parent))
  const names = [...new Set(subsection.items.map((item) => item.itemprop).filter((name) => name !== null))]
  const former = new Set([...subsection.items.flatMap((item) => item.old_names), ...rules.dropped_names])
  const faults: MarkupFault[] = []
  const add = (placed: PlacedMark, fault: string, meant: string) =>
    faults.push({ ...placed, fault: `markup/${fault}`, meant, seen: describeMark(placed) })
  for (const placed of [...count.counted.values()].flat()) {
    const is_main = mains.has(placed.mark.name)
    const fault = is_main && isOnHeaderRow(placed) ? 'header_row' : faultOf(placed, is_main, rules)
    if (fault !== null) add(placed, fault, placed.mark.name)
  }
  for (const placed of count.misplaced) add(placed, 'wrong_parent', placed.mark.name)
  for (const placed of count.unknown) {
    if (former.has(placed.mark.name)) continue
    const meant = findMeantName(placed.mark.name, names)
    if (meant !== null) add(placed, 'misspelt', meant)
  }
  return faults
}

export function describeMark({ mark }: PlacedMark): string {
  const value = mark.value === '' ? '' : ` → «${mark.value.slice(0, 120)}»`
  return `<${mark.tag} itemprop="${mark.written}">${value}`
}
