import { html as names, parse } from 'parse5'
import type { DefaultTreeAdapterTypes } from 'parse5'

/** What a page consists of, as far as a verdict needs it. Counts are of elements; texts are normalised to one line. */
export interface PageFacts {
  title: string | null
  /** First part of the visible text: no scripts, styles or noscript. */
  text: string
  text_length: number
  /** h1 and h2. */
  headings: string
  noscript: string
  /** First part of the scripts that stand in the page. */
  inline_script: string
  generator: string
  /** Addresses of scripts, styles, images, frames and form targets. */
  resources: string[]
  /** Links to other pages of the same site. */
  site_links: number
  links: number
  scripts: number
  images: number
  frames: number
  /** Deepest level of elements; browsers flatten what lies below 512. */
  depth: number
  /** Target of a meta refresh within ten seconds. */
  refresh_url: string | null
}

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

const TEXT_KEPT = 20_000
const SCRIPT_KEPT = 8_000
const RESOURCES_KEPT = 200
const REFRESH_WITHIN_S = 10

function attribute(element: Element, name: string): string {
  return element.attrs.find((attr) => attr.name === name)?.value ?? ''
}

/** Where text of an element's children goes. */
type Channel = 'text' | 'heading' | 'title' | 'script' | 'noscript' | 'none'

const CHANNELS: Readonly<Record<string, Channel>> = {
  title: 'title',
  script: 'script',
  noscript: 'noscript',
  style: 'none',
  template: 'none',
  h1: 'heading',
  h2: 'heading',
}

class FactCollector {
  readonly facts: PageFacts = {
    title: null,
    text: '',
    text_length: 0,
    headings: '',
    noscript: '',
    inline_script: '',
    generator: '',
    resources: [],
    site_links: 0,
    links: 0,
    scripts: 0,
    images: 0,
    frames: 0,
    depth: 0,
    refresh_url: null,
  }
  readonly #url: URL

  constructor(url: URL) {
    this.#url = url
  }

  addText(value: string, channel: Channel): void {
    const { facts } = this
    if (channel === 'script' && facts.inline_script.length < SCRIPT_KEPT)
      facts.inline_script += value.slice(0, SCRIPT_KEPT)
    if (channel === 'script' || channel === 'none') return
    const line = value.replace(/\s+/g, ' ').trim()
    if (line === '') return
    if (channel === 'title') facts.title ??= line
    else if (channel === 'noscript') facts.noscript = `${facts.noscript} ${line}`.slice(0, TEXT_KEPT)
    else {
      facts.text_length += line.length
      if (facts.text.length < TEXT_KEPT) facts.text += ` ${line.slice(0, TEXT_KEPT)}`
      if (channel === 'heading' && facts.headings.length < TEXT_KEPT) facts.headings += ` ${line.slice(0, 1000)}`
    }
  }

  addElement(element: Element): void {
    const { facts } = this
    const resource = attribute(
      element,
      element.tagName === 'link' ? 'href' : element.tagName === 'form' ? 'action' : 'src',
    )
    if (resource !== '' && facts.resources.length < RESOURCES_KEPT) facts.resources.push(resource.slice(0, 300))
    switch (element.tagName) {
      case 'a':
      case 'area':
        this.#addLink(attribute(element, 'href'))
        break
      case 'script':
        facts.scripts += 1
        break
      case 'img':
      case 'object':
      case 'embed':
      case 'svg':
        facts.images += 1
        break
      case 'frame':
      case 'iframe':
        facts.frames += 1
        break
      case 'meta':
        this.#addMeta(element)
        break
    }
  }

  #addLink(href: string): void {
    if (href === '' || href.startsWith('#')) return
    this.facts.links += 1
    const target = URL.parse(href, this.#url.href)
    if (
      target?.hostname === this.#url.hostname &&
      target.pathname + target.search !== this.#url.pathname + this.#url.search
    )
      this.facts.site_links += 1
  }

  #addMeta(element: Element): void {
    if (attribute(element, 'name').toLowerCase() === 'generator')
      this.facts.generator = attribute(element, 'content').slice(0, 200)
    if (attribute(element, 'http-equiv').toLowerCase() !== 'refresh') return
    const refresh = /^\s*(\d{1,5})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'\s]+)/i.exec(
      attribute(element, 'content'),
    )
    if (refresh?.[1] !== undefined && refresh[2] !== undefined && Number(refresh[1]) <= REFRESH_WITHIN_S)
      this.facts.refresh_url ??= refresh[2]
  }
}

/** Reads a page's facts. The walk keeps its own stack: a page nested 100,000 deep must not end the program's. */
export function readPageFacts(html: string, url: URL): PageFacts {
  const collector = new FactCollector(url)
  const stack: { node: Node; channel: Channel; depth: number }[] = [
    { node: parse(html, { scriptingEnabled: false }), channel: 'text', depth: 0 },
  ]
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { node, channel, depth } = item
    if (depth > collector.facts.depth) collector.facts.depth = depth
    if (node.nodeName === '#text' && 'value' in node) collector.addText(node.value, channel)
    let below = channel
    if ('tagName' in node) {
      collector.addElement(node)
      below = CHANNELS[node.tagName] ?? channel
      // A title inside a drawing is not the page's.
      if (node.tagName === 'title' && node.namespaceURI !== names.NS.HTML) below = 'none'
    }
    if (!('childNodes' in node)) continue
    for (let i = node.childNodes.length - 1; i >= 0; i -= 1) {
      const child = node.childNodes[i]
      if (child !== undefined) stack.push({ node: child, channel: below, depth: depth + 1 })
    }
  }
  return collector.facts
}
