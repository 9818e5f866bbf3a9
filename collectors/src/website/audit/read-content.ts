import { parse } from 'parse5'
import { ContentReader } from './content-reader.ts'
import type { Surroundings } from './content-reader.ts'
import { isBlock, isContentRoot, isFurniture, isSchemaOrgItem, isSilent } from './element-facts.ts'
import type { Element, Node } from './element-facts.ts'
import type { PageContent } from './page-content.ts'
import { clip } from './text-tape.ts'

interface Step {
  node: Node
  around: Surroundings
  /** Set when the element's children are done. */
  leave: (() => void) | null
}

function stepInto(
  reader: ContentReader,
  element: Element,
  outer: Surroundings,
): { around: Surroundings; leave: () => void } {
  if (isBlock(element)) reader.flush(element, outer)
  let around = { ...outer, in_content: outer.in_content || isContentRoot(element) }
  if (isFurniture(element, outer.in_content))
    around = { ...around, is_furniture: true, enclosures: reader.newEnclosure(around) }
  else if (isSchemaOrgItem(element)) around = { ...around, enclosures: reader.newEnclosure(around) }
  const leaving = reader.enter(element, around)
  const marked = reader.enterMarks(element, around)
  return {
    around: marked.around,
    leave: () => {
      if (isBlock(element)) reader.flush(element, around)
      for (const leave of leaving) leave()
      marked.leave()
    },
  }
}

function titleOf(element: Element): string {
  const child = element.childNodes[0]
  return child !== undefined && 'value' in child ? clip(child.value) : ''
}

/** Reads the content of one page. An empty or broken page gives empty lists, never an error. */
export function readContent(html: string, url: URL): PageContent {
  const reader = new ContentReader(url)
  const outside: Surroundings = { enclosures: [], is_furniture: false, in_content: false, mark: null }
  const stack: Step[] = [{ node: parse(html, { scriptingEnabled: false }), around: outside, leave: null }]
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (step.leave !== null) {
      step.leave()
      continue
    }
    const { node } = step
    if (node.nodeName === '#text' && 'value' in node) reader.addText(node.value, step.around)
    if (!('childNodes' in node)) continue
    let around = step.around
    if ('tagName' in node) {
      if (node.tagName === 'script') reader.content.scripts += 1
      if (node.tagName === 'title' && reader.content.title === '') reader.content.title = titleOf(node)
      if (isSilent(node) && node.tagName !== 'head') continue
      const inside = stepInto(reader, node, step.around)
      around = inside.around
      stack.push({ node, around, leave: inside.leave })
      if (node.tagName === 'title') continue
    }
    for (let at = node.childNodes.length - 1; at >= 0; at -= 1) {
      const child = node.childNodes[at]
      if (child !== undefined) stack.push({ node: child, around, leave: null })
    }
  }
  return reader.finish()
}
