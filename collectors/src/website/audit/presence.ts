import type { Presence, RuleItem } from '@edumon/server/contract'
import type { MarkCount } from './microdata.ts'
import type { PageContent, TextBlock } from './page-content.ts'
import { normaliseText } from './russian-words.ts'
import type { RulesInForce } from './rules.ts'

/** What was seen of one item. `says_none`: the school itself says that there is no such thing. */
export interface ItemSight {
  outcome: Presence
  says_none: boolean
  /** Confirmed by markup that counts. */
  is_marked: boolean
  /** A document stands for the whole record: its children cannot be looked for. */
  is_document: boolean
  seen: string | null
  page: PageContent | null
  place: string | null
}

const NOT_SEEN: ItemSight = {
  outcome: 'not_confirmed',
  says_none: false,
  is_marked: false,
  is_document: false,
  seen: null,
  page: null,
  place: null,
}

const DOCUMENT_FILE = /\.(pdf|docx?|odt|rtf|xlsx?|ods|zip|sig)([?#]|$)/i
/** «Отсутствует» is said in few words; in a longer text a «нет» means something else. */
const NONE_LENGTH = 160
/** Below a heading or in a row stand more things than one: only a short answer is said of the name itself. */
const VALUE_NONE_LENGTH = 60
/** A page of so few characters that says «не предусмотрено» says it of everything on it. */
const SHORT_PAGE_LENGTH = 300

export function saysNone(text: string, rules: RulesInForce): boolean {
  const normal = normaliseText(text)
  return normal.length <= NONE_LENGTH && rules.none.some((pattern) => pattern.test(normal))
}

function isPlaceholder(text: string, rules: RulesInForce): boolean {
  const normal = normaliseText(text)
  return normal === '' || rules.placeholder.some((pattern) => pattern.test(normal))
}

/** The item by markup: its best counted mark. Null when no mark counts. */
function seeByMarkup(item: RuleItem, count: MarkCount, rules: RulesInForce): ItemSight | null {
  const marks = count.counted.get(item.id) ?? []
  const is_good = (value: string) => !isPlaceholder(value, rules)
  const best = marks.find(({ mark }) => !mark.is_void && is_good(mark.value)) ?? marks[0]
  if (best === undefined) return null
  const sight = { ...NOT_SEEN, seen: best.mark.value, page: best.page, place: best.mark.place }
  if (best.mark.is_void || best.mark.is_hidden) return sight
  if (!is_good(best.mark.value)) return { ...sight, outcome: 'empty' }
  const own_at = best.page.marks.indexOf(best.mark)
  // A record says «нет» only when none of its parts says anything else.
  const says_more = best.page.marks.some(
    (mark) => mark.parent === own_at && is_good(mark.value) && !saysNone(mark.value, rules),
  )
  const says_none = !says_more && saysNone(best.mark.value, rules)
  return { ...sight, outcome: 'present', is_marked: true, says_none }
}

/** One block that names the item: what it proves. Null: it proves nothing. */
function weighBlock(item: RuleItem, block: TextBlock, rules: RulesInForce): Partial<ItemSight> | null {
  const wants_document = item.form === 'document'
  switch (block.kind) {
    case 'label':
    case 'column': {
      if (block.value === null) return null
      if (isPlaceholder(block.value, rules) && !block.has_link) return { outcome: 'empty' }
      if (block.value.length <= VALUE_NONE_LENGTH && saysNone(block.value, rules))
        return { outcome: 'present', says_none: true }
      return wants_document && !block.has_link ? null : { outcome: 'present' }
    }
    case 'heading': {
      if (block.value === null || isPlaceholder(block.value, rules))
        return block.has_link ? { outcome: 'present' } : null
      if (block.value.length <= VALUE_NONE_LENGTH && saysNone(block.value, rules))
        return { outcome: 'present', says_none: true }
      return wants_document && !block.has_link ? null : { outcome: 'present' }
    }
    case 'link': {
      const is_file = DOCUMENT_FILE.test(block.href ?? '')
      if (item.form === 'record' && is_file) return null
      return { outcome: 'present', is_document: item.form === 'record_or_document' && is_file }
    }
    case 'text': {
      if (saysNone(block.text, rules)) return { outcome: 'present', says_none: true }
      if (wants_document && !block.has_link) return null
      // Bare words with a colon name a thing that may or may not follow.
      return /[:：]\s*$/u.test(block.text) ? null : { outcome: 'present' }
    }
  }
}

function seeByWords(item: RuleItem, pages: readonly PageContent[], rules: RulesInForce): ItemSight {
  const patterns = rules.words.get(item) ?? []
  let empty: ItemSight | null = null
  let none: ItemSight | null = null
  for (const page of pages) {
    for (const block of page.blocks) {
      const text = normaliseText(block.text)
      if (!patterns.some((pattern) => pattern.test(text))) continue
      const proof = weighBlock(item, block, rules)
      if (proof === null) continue
      const seen = block.value === null ? block.text : `${block.text} ${block.value}`
      const sight = { ...NOT_SEEN, ...proof, seen, page, place: block.place }
      if (sight.outcome === 'empty') empty ??= sight
      else if (sight.says_none) none ??= sight
      else return sight
    }
  }
  return none ?? empty ?? NOT_SEEN
}

/** The words «не предусмотрено» of a page that says little else, and says them of no other item in particular. */
function findGeneralNone(
  pages: readonly PageContent[],
  siblings: readonly RuleItem[],
  rules: RulesInForce,
): ItemSight | null {
  for (const page of pages) {
    if (page.content_length > SHORT_PAGE_LENGTH) continue
    const block = page.blocks.find((other) => {
      if (other.kind !== 'text' || /(^| )t[dh]/.test(other.place) || !saysNone(other.text, rules)) return false
      const text = normaliseText(other.text)
      return !siblings.some((item) => rules.words.get(item)?.some((pattern) => pattern.test(text)))
    })
    if (block !== undefined)
      return { ...NOT_SEEN, outcome: 'present', says_none: true, seen: block.text, page, place: block.place }
  }
  return null
}

/**
 * Looks for one item: by markup that counts, else by the words of the rule data in headings, labels, columns, links and
 * text. What cannot be recognised is `not_confirmed`, never absent; `empty` needs a place for the value that is empty;
 * `siblings` are the other items that a general «нет» of the page might be said of;
 * `absent` is said only of a thing that must be and that the school itself says is not.
 */
export function seeItem(
  item: RuleItem,
  siblings: readonly RuleItem[],
  pages: readonly PageContent[],
  count: MarkCount,
  rules: RulesInForce,
): ItemSight {
  const by_markup = seeByMarkup(item, count, rules)
  if (by_markup?.outcome === 'present' && !by_markup.says_none) return by_markup
  const by_words = seeByWords(item, pages, rules)
  const may_be_none = item.obligation !== 'must'
  let sight = by_markup?.outcome === 'present' ? by_markup : by_words
  if (sight.outcome === 'not_confirmed' && by_markup?.outcome === 'empty') sight = by_markup
  if (may_be_none && (sight.outcome === 'not_confirmed' || sight.outcome === 'empty'))
    sight = findGeneralNone(pages, siblings, rules) ?? sight
  if (sight.says_none && !may_be_none)
    return { ...sight, outcome: item.form === 'document' ? 'absent' : 'not_confirmed' }
  return sight
}
