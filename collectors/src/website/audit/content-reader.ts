import { attributeOf, describePlace, isHeading } from './element-facts.ts'
import type { Element } from './element-facts.ts'
import { closeMarks, openMarks } from './mark-reader.ts'
import type { PageContent, TextBlock } from './page-content.ts'
import { readTable } from './table-blocks.ts'
import type { Cell } from './table-blocks.ts'
import { clip, TextTape } from './text-tape.ts'

const TEXT_KEPT = 400_000
const BLOCKS_KEPT = 4_000
const MARKS_KEPT = 6_000
const LINKS_KEPT = 2_000
const ENCLOSURES_KEPT = 20
/** Characters between links that are no text. */
const PUNCTUATION = 2
/** Headings looked through for the one that ends a section. */
const HEADINGS_AHEAD = 200

interface OpenTable {
  rows: Cell[][]
  /** Blocks before the table: those after it may be found to be mere labels. */
  blocks_before: number
}

export interface Surroundings {
  enclosures: number[]
  is_furniture: boolean
  in_content: boolean
  mark: number | null
}

/**
 * Reads a page in one walk with its own stack: text goes to one long string, every piece is a range of it, so depth and
 * nesting cost nothing extra. Menus and page furniture give links only.
 */
export class ContentReader {
  readonly #url: URL
  #base: string
  readonly #content_tape = new TextTape(TEXT_KEPT)
  /** Apart, so that a footer is no part of the last heading's section. */
  readonly #furniture_tape = new TextTape(TEXT_KEPT)
  #run_start = 0
  #run_has_link = false
  #run_link_length = 0
  #link_count = 0
  #next_enclosure = 0
  readonly #tables: OpenTable[] = []
  #names_open = 0
  readonly #headings: { block: TextBlock; level: number; links_before: number }[] = []
  readonly content: PageContent

  constructor(url: URL) {
    this.#url = url
    this.#base = url.href
    this.content = {
      url: url.href,
      title: '',
      text_length: 0,
      content_length: 0,
      blocks: [],
      marks: [],
      links: [],
      images: 0,
      frames: 0,
      scripts: 0,
      is_cut: false,
    }
  }

  #tapeOf(around: Surroundings): TextTape {
    return around.is_furniture ? this.#furniture_tape : this.#content_tape
  }

  addText(value: string, around: Surroundings): void {
    const { content } = this
    if (!this.#tapeOf(around).append(value)) {
      content.is_cut = true
      return
    }
    const length = value.replace(/\s+/gu, ' ').trim().length
    content.text_length += length
    if (!around.is_furniture) content.content_length += length
  }

  /** Ends a run of text; what stands outside tables and links becomes a block. */
  flush(element: Element, around: Surroundings): void {
    if (around.is_furniture) {
      this.#furniture_tape.append(' ')
      return
    }
    const text = this.#content_tape.read(this.#run_start)
    // A run that is nothing but links is told by their own blocks.
    if (text.length > this.#run_link_length + PUNCTUATION && this.#names_open === 0)
      this.#addBlock({
        kind: 'text',
        text,
        value: null,
        has_link: this.#run_has_link,
        href: null,
        start: this.#run_start,
        end: this.#content_tape.length,
        place: describePlace(element),
      })
    if (text !== '') this.#content_tape.append(' ')
    this.#run_start = this.#content_tape.length
    this.#run_has_link = false
    this.#run_link_length = 0
  }

  /** Counts an element and says what is to be done when its children are read. */
  enter(element: Element, around: Surroundings): (() => void)[] {
    const leaving: (() => void)[] = []
    const start = this.#tapeOf(around).length
    const { content } = this
    switch (element.tagName) {
      case 'img':
        content.images += around.is_furniture ? 0 : 1
        break
      case 'iframe':
      case 'object':
      case 'embed':
        content.frames += around.is_furniture ? 0 : 1
        break
      case 'base':
        this.#base = URL.parse(attributeOf(element, 'href') ?? '', this.#url.href)?.href ?? this.#base
        break
      case 'a':
        leaving.push(() => this.#leaveLink(element, start, around))
        break
      case 'table':
        this.#tables.push({ rows: [], blocks_before: content.blocks.length })
        leaving.push(() => this.#leaveTable(around))
        break
      case 'tr':
        this.#tables.at(-1)?.rows.push([])
        break
      case 'td':
      case 'th':
        leaving.push(this.#enterCell(element))
        break
      case 'dt':
        leaving.push(() => this.#leaveTerm(element, start, around))
        break
      case 'dd':
        leaving.push(this.#enterDefinition())
        break
    }
    if (isHeading(element) || element.tagName === 'dt') {
      this.#names_open += 1
      leaving.push(() => (this.#names_open -= 1))
    }
    if (isHeading(element) && !around.is_furniture) leaving.push(() => this.#leaveHeading(element, start))
    return leaving
  }

  /** Begins the element's marks; what stands inside has the last of them as its parent. */
  enterMarks(element: Element, around: Surroundings): { around: Surroundings; leave: () => void } {
    const tape = this.#tapeOf(around)
    const start = tape.length
    const { marks } = this.content
    const own = openMarks(element, around.mark, around.enclosures, start)
    if (own.length === 0) return { around, leave: () => undefined }
    if (marks.length + own.length > MARKS_KEPT) {
      this.content.is_cut = true
      return { around, leave: () => undefined }
    }
    marks.push(...own)
    return { around: { ...around, mark: marks.length - 1 }, leave: () => closeMarks(element, own, start, tape) }
  }

  newEnclosure(around: Surroundings): number[] {
    this.#next_enclosure += 1
    return [...around.enclosures.slice(-ENCLOSURES_KEPT), this.#next_enclosure]
  }

  finish(): PageContent {
    this.#headings.forEach(({ block, level, links_before }, at) => {
      const next = this.#headings.slice(at + 1, at + HEADINGS_AHEAD).find((other) => other.level <= level)
      const end = next?.block.start ?? this.#content_tape.length
      block.value = this.#content_tape.read(block.end, end)
      block.has_link = (next?.links_before ?? this.#link_count) > links_before
      block.end = end
    })
    return this.content
  }

  #addBlock(block: TextBlock): void {
    if (this.content.blocks.length < BLOCKS_KEPT) this.content.blocks.push(block)
    else this.content.is_cut = true
  }

  #leaveLink(element: Element, start: number, around: Surroundings): void {
    const href = (attributeOf(element, 'href') ?? '').trim()
    if (href === '' || href.startsWith('#')) return
    const target = URL.parse(href, this.#base)
    const shown = this.#tapeOf(around).read(start)
    const text = shown === '' ? clip(attributeOf(element, 'title') ?? '') : shown
    if (target === null || target.href.length > 2048 || !/^(https?|mailto|tel):$/.test(target.protocol)) return
    target.hash = ''
    if (this.content.links.length < LINKS_KEPT) this.content.links.push({ url: target.href, text })
    if (around.is_furniture) return
    this.#run_has_link = true
    this.#run_link_length += shown.length + 1
    this.#link_count += 1
    this.#addBlock({
      kind: 'link',
      text,
      value: null,
      has_link: true,
      href: target.href,
      start,
      end: this.#content_tape.length,
      place: describePlace(element),
    })
  }

  #enterCell(element: Element): () => void {
    const start = this.#content_tape.length
    const links_before = this.#link_count
    return () => {
      const columns = Number(attributeOf(element, 'colspan') ?? '1')
      this.#tables
        .at(-1)
        ?.rows.at(-1)
        ?.push({
          text: this.#content_tape.read(start),
          is_header: element.tagName === 'th',
          has_link: this.#link_count > links_before,
          columns: Number.isInteger(columns) && columns > 0 && columns <= 50 ? columns : 1,
          start,
          end: this.#content_tape.length,
          place: describePlace(element),
        })
    }
  }

  #leaveTable(around: Surroundings): void {
    const table = this.#tables.pop()
    if (table === undefined || around.is_furniture) return
    const { blocks, names } = readTable(table.rows)
    const starts = new Map(names.map((cell) => [cell.start, cell.end]))
    const { content } = this
    const inside = content.blocks.splice(table.blocks_before)
    // The text of a cell that names something says nothing by itself: its label or column block does.
    content.blocks.push(
      ...inside.filter((block) => block.kind !== 'text' || block.end > (starts.get(block.start) ?? -1)),
    )
    for (const block of blocks) this.#addBlock(block)
  }

  #leaveTerm(element: Element, start: number, around: Surroundings): void {
    if (around.is_furniture) return
    const end = this.#content_tape.length
    const text = this.#content_tape.read(start)
    this.#addBlock({
      kind: 'label',
      text,
      value: '',
      has_link: false,
      href: null,
      start,
      end,
      place: describePlace(element),
    })
  }

  #enterDefinition(): () => void {
    const start = this.#content_tape.length
    const links_before = this.#link_count
    const term = this.content.blocks.findLast((block) => block.kind === 'label')
    return () => {
      if (term === undefined || !term.place.endsWith('dt')) return
      term.value = clip(`${term.value ?? ''} ${this.#content_tape.read(start)}`)
      term.has_link ||= this.#link_count > links_before
    }
  }

  #leaveHeading(element: Element, start: number): void {
    const text = this.#content_tape.read(start)
    const level = /^h([1-6])$/.exec(element.tagName)?.[1]
    if (text === '') return
    const end = this.#content_tape.length
    const block: TextBlock = {
      kind: 'heading',
      text,
      value: '',
      has_link: false,
      href: null,
      start,
      end,
      place: describePlace(element),
    }
    this.#addBlock(block)
    this.#headings.push({ block, level: level === undefined ? 6 : Number(level), links_before: this.#link_count })
  }
}
