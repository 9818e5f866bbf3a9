/** Where a piece of text stands, which decides what counts as its value. */
export type BlockKind = 'heading' | 'label' | 'column' | 'link' | 'text'

/** A visible piece of a page's own content: no menus, headers, footers or scripts. */
export interface TextBlock {
  kind: BlockKind
  text: string
  /** What the heading, label or column names: '' when nothing stands there, null for links and running text. */
  value: string | null
  /** A link to a page or file stands in the value (or is the block). */
  has_link: boolean
  href: string | null
  /** Offset in the page's text; a heading's section ends at `end`. */
  start: number
  end: number
  place: string
}

/** One name of one element with `itemprop`. */
export interface Mark {
  name: string
  /** As written, when it had quotes or spaces around the name. */
  written: string
  tag: string
  /** Position of the nearest marked ancestor in the page's list of marks; null: none. */
  parent: number | null
  /** Visible text, else the address or content attribute; '' when there is neither. */
  value: string
  /** As written in the element; null: it has none. */
  href: string | null
  is_void: boolean
  is_hidden: boolean
  is_header_cell: boolean
  /** Ids of the furniture (header, footer, menu) and schema.org items that it stands in. */
  enclosures: number[]
  start: number
  place: string
}

export interface PageLink {
  url: string
  text: string
}

/** One page read for the content audit: plain data, bounded, fit to cross from a worker thread. */
export interface PageContent {
  url: string
  title: string
  /** Characters of visible text, furniture included. */
  text_length: number
  /** Characters of the page's own content. */
  content_length: number
  blocks: TextBlock[]
  marks: Mark[]
  links: PageLink[]
  images: number
  frames: number
  scripts: number
  /** Something was left out because the page is too large. */
  is_cut: boolean
}
