import type { DefaultTreeAdapterTypes } from 'parse5'

export type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element

const SILENT = new Set(['script', 'style', 'template', 'noscript', 'head', 'svg', 'math', 'select', 'textarea'])
const BLOCK = new Set(
  (
    'address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
)
const VOID = new Set(['br', 'hr', 'img', 'input', 'wbr', 'area', 'col', 'embed', 'source', 'track'])
const FURNITURE = new Set(['header', 'footer', 'nav', 'aside'])
const FURNITURE_ROLES = new Set(['banner', 'contentinfo', 'navigation', 'search', 'complementary'])

export function attributeOf(element: Element, name: string): string | null {
  return element.attrs.find((attr) => attr.name === name)?.value ?? null
}

export const isSilent = (element: Element): boolean => SILENT.has(element.tagName)
export const isBlock = (element: Element): boolean => BLOCK.has(element.tagName)
export const isVoid = (element: Element): boolean => VOID.has(element.tagName)
export const isHeading = (element: Element): boolean => /^(h[1-6]|summary|legend)$/.test(element.tagName)

/** Menus, page headers and footers. A `header` inside an article or the main part heads content and stays. */
export function isFurniture(element: Element, in_content: boolean): boolean {
  if (FURNITURE_ROLES.has(attributeOf(element, 'role') ?? '')) return true
  if (!FURNITURE.has(element.tagName)) return false
  return !(in_content && (element.tagName === 'header' || element.tagName === 'footer'))
}

export const isContentRoot = (element: Element): boolean =>
  element.tagName === 'main' || element.tagName === 'article' || attributeOf(element, 'role') === 'main'

export const isSchemaOrgItem = (element: Element): boolean =>
  attributeOf(element, 'itemscope') !== null && (attributeOf(element, 'itemtype') ?? '').includes('schema.org')

/** Hidden by the element itself: what a spoiler around it does is the visitor's to open. */
export function isHidden(element: Element): boolean {
  const style = (attributeOf(element, 'style') ?? '').replace(/\s+/g, '').toLowerCase()
  return attributeOf(element, 'hidden') !== null || /display:none|visibility:hidden|font-size:0(;|$)/.test(style)
}

/** Short path of an element for a person: `table.info > tr > td[itemprop="fio"]`. */
export function describePlace(element: Element): string {
  const parts: string[] = []
  let at: Node | null = element
  while (at !== null && 'tagName' in at && at.tagName !== 'body' && at.tagName !== 'html' && parts.length < 5) {
    const id = attributeOf(at, 'id')
    const name = attributeOf(at, 'itemprop')
    const own = at.tagName + (id ? `#${id}` : '') + (name === null ? '' : `[itemprop="${name}"]`)
    parts.unshift(own.slice(0, 80))
    at = at.parentNode
  }
  return parts.join(' > ').slice(0, 300)
}
