import { attributeOf, describePlace, isHidden, isVoid } from './element-facts.ts'
import type { Element } from './element-facts.ts'
import type { Mark } from './page-content.ts'
import { PIECE_KEPT } from './text-tape.ts'
import type { TextTape } from './text-tape.ts'

const NAMES_PER_ELEMENT = 4
const VALUE_ATTRIBUTES = ['href', 'content', 'src', 'datetime']

/** Names of one itemprop attribute; quotes copied from a printed page are stripped and stay in `written`. */
function namesOf(written: string): string[] {
  return written
    .split(/\s+/)
    .map((name) => name.replace(/^[«»“”„"'‘’]+|[«»“”„"'‘’]+$/gu, ''))
    .filter((name) => name !== '' && name.length <= 60)
    .slice(0, NAMES_PER_ELEMENT)
}

/** Begins the marks of an element, none when it has no itemprop. Their values are known when it is left. */
export function openMarks(element: Element, parent: number | null, enclosures: number[], start: number): Mark[] {
  const written = attributeOf(element, 'itemprop')
  if (written === null) return []
  return namesOf(written).map((name) => ({
    name,
    written: written.slice(0, 120),
    tag: element.tagName,
    parent,
    value: '',
    href: attributeOf(element, 'href'),
    is_void: isVoid(element),
    is_hidden: isHidden(element),
    is_header_cell: element.tagName === 'th' || element.tagName === 'thead',
    enclosures,
    start,
    place: describePlace(element),
  }))
}

export function closeMarks(element: Element, marks: readonly Mark[], start: number, tape: TextTape): void {
  const address = VALUE_ATTRIBUTES.map((name) => attributeOf(element, name)).find((value) => value)
  const text = tape.read(start)
  for (const mark of marks) mark.value = text === '' ? (address ?? '').slice(0, PIECE_KEPT) : text
}
