import type { SitePlatform, SubsectionRules, SvedenSubsection } from '@edumon/server/contract'
import type { FoundSubsection } from './judge.ts'
import type { PageContent } from './page-content.ts'
import type { RulesInForce } from './rules.ts'
import { findCandidates, findSectionLink, foundBy, guessAddresses, guessSections, isNamedAs } from './section-links.ts'
import type { Candidate } from './section-links.ts'
import type { SiteVisitor, Visit } from './site-visitor.ts'

export interface FoundSection {
  section_url: string | null
  subsections: FoundSubsection[]
  /** robots.txt kept us from every page of the section that we know of. */
  is_refused: boolean
}

const TRIES_PER_SUBSECTION = 3
/** By the recommendations (chapter 3) a subsection should not be spread over more. */
const ADDITIONAL_PAGES = 10
const NOT_FOUND = /(^|\D)404(\D|$)|не найден|не существует|not found/i

/** Names that belong to one subsection only say what a page is about. */
function isAbout(page: PageContent, subsection: SubsectionRules): boolean {
  const mains = new Set(subsection.items.filter((item) => item.parent === null).map((item) => item.itemprop))
  const telling = page.marks.some(
    (mark) => mains.has(mark.name) && !['address', 'telephone', 'email', 'copy'].includes(mark.name),
  )
  const headings = page.blocks.filter((block) => block.kind === 'heading').map((block) => block.text)
  return telling || [page.title.split(/[|–—·]| - /u)[0] ?? '', ...headings].some((text) => isNamedAs(text, subsection))
}

const isSoftMissing = (page: PageContent): boolean =>
  NOT_FOUND.test(page.title) || page.blocks.some((block) => block.kind === 'heading' && NOT_FOUND.test(block.text))

/** The part of a page below the heading that names the subsection: a section may be one long page (№ 1493, п. 2). */
function cutPart(page: PageContent, subsection: SubsectionRules): PageContent | null {
  const heading = page.blocks.find(
    (block) => block.kind === 'heading' && block.value !== '' && isNamedAs(block.text, subsection),
  )
  if (heading === undefined) return null
  const { start, end } = heading
  const inside = (piece: { start: number }) => piece.start >= start && piece.start < end
  return { ...page, blocks: page.blocks.filter(inside), content_length: end - start, images: 0, frames: 0 }
}

class SectionSearch {
  readonly #visitor: SiteVisitor
  readonly #rules: RulesInForce
  readonly #home: URL
  readonly #platform: SitePlatform
  readonly #candidates = new Map<SvedenSubsection, Candidate[]>()
  readonly #found = new Map<SvedenSubsection, FoundSubsection>()
  readonly #unread = new Map<SvedenSubsection, { url: string; why: string }>()
  #section: PageContent | null = null
  #refusals = 0

  constructor(visitor: SiteVisitor, home: URL, platform: SitePlatform, rules: RulesInForce) {
    this.#visitor = visitor
    this.#rules = rules
    this.#home = home
    this.#platform = platform
  }

  async run(home_page: PageContent): Promise<FoundSection> {
    this.#collect(home_page)
    await this.#openSection(home_page)
    for (const subsection of this.#rules.subsections) await this.#openCandidates(subsection)
    // Pages of the section lead to one another: what the first pass met on them is tried now, then official addresses.
    for (const subsection of this.#missing()) await this.#openCandidates(subsection)
    if (this.#section !== null || this.#found.size > 0) {
      for (const subsection of this.#missing()) await this.#openGuesses(subsection)
    }
    for (const subsection of this.#missing()) this.#takePart(subsection)
    for (const found of this.#found.values()) await this.#addPages(found)
    return {
      section_url: this.#section?.url ?? null,
      subsections: this.#rules.subsections.map((row) => this.#found.get(row.subsection) ?? this.#describeMissing(row)),
      is_refused: this.#refusals > 0 && this.#found.size === 0,
    }
  }

  #missing(): SubsectionRules[] {
    return this.#rules.subsections.filter((row) => !this.#found.has(row.subsection))
  }

  #describeMissing({ subsection }: SubsectionRules): FoundSubsection {
    const unread = this.#unread.get(subsection)
    return { subsection, found_by: null, url: unread?.url ?? null, pages: [], unread: unread?.why ?? null }
  }

  #collect(page: PageContent): void {
    for (const [subsection, links] of findCandidates(page, this.#section?.url ?? null, this.#rules)) {
      const known = this.#candidates.get(subsection) ?? []
      const urls = new Set(known.map((candidate) => candidate.url))
      const fresh = links.filter((link) => !urls.has(link.url) && link.url !== this.#home.href)
      this.#candidates.set(
        subsection,
        [...known, ...fresh].sort((one, two) => one.score - two.score),
      )
    }
  }

  async #openSection(home_page: PageContent): Promise<void> {
    const link = findSectionLink(home_page, this.#rules)
    const known = this.#candidates.size >= 3
    const addresses = link === null ? (known ? [] : guessSections(this.#home, this.#platform)) : [new URL(link)]
    for (const address of addresses) {
      const visit = await this.#visit(address)
      if (visit.kind !== 'page' || isSoftMissing(visit.page) || visit.page.url === this.#home.href) continue
      const is_section = link !== null || this.#rules.subsections.some((row) => isAbout(visit.page, row))
      if (!is_section) continue
      this.#section = visit.page
      this.#collect(visit.page)
      return
    }
  }

  async #visit(url: URL): Promise<Visit> {
    const visit = await this.#visitor.visit(url)
    if (visit.kind === 'not_allowed') this.#refusals += 1
    return visit
  }

  #take(subsection: SubsectionRules, page: PageContent): void {
    this.#found.set(subsection.subsection, {
      subsection: subsection.subsection,
      found_by: foundBy(page.url),
      url: page.url,
      pages: [page],
      unread: null,
    })
    this.#collect(page)
  }

  async #openCandidates(subsection: SubsectionRules): Promise<void> {
    const candidates = this.#candidates.get(subsection.subsection) ?? []
    for (const { url } of candidates.slice(0, TRIES_PER_SUBSECTION)) {
      const visit = await this.#visit(new URL(url))
      if (visit.kind === 'page' && !isSoftMissing(visit.page) && visit.page.url !== this.#home.href) {
        this.#take(subsection, visit.page)
        return
      }
      this.#noteUnread(subsection, url, visit)
    }
  }

  #noteUnread({ subsection }: SubsectionRules, url: string, visit: Visit): void {
    if (visit.kind === 'unread') this.#unread.set(subsection, { url, why: visit.why })
    if (visit.kind === 'not_allowed') this.#unread.set(subsection, { url, why: 'закрыто для программ в robots.txt' })
  }

  /** A guessed address proves itself by its content; a site may answer 200 to anything. */
  async #openGuesses(subsection: SubsectionRules): Promise<void> {
    for (const address of guessAddresses(this.#home, subsection, this.#platform)) {
      const visit = await this.#visit(address)
      if (visit.kind !== 'page' || isSoftMissing(visit.page) || !isAbout(visit.page, subsection)) continue
      this.#take(subsection, visit.page)
      return
    }
  }

  #takePart(subsection: SubsectionRules): void {
    const part = this.#section === null ? null : cutPart(this.#section, subsection)
    if (part === null) return
    this.#found.set(subsection.subsection, {
      subsection: subsection.subsection,
      found_by: foundBy(part.url),
      url: part.url,
      pages: [part],
      unread: null,
    })
  }

  async #addPages(found: FoundSubsection): Promise<void> {
    const [main] = found.pages
    if (main === undefined) return
    const references = main.marks.filter((mark) => mark.name === 'addRef' && mark.href !== null)
    for (const { href } of references.slice(0, ADDITIONAL_PAGES)) {
      const url = URL.parse(href ?? '', main.url)
      if (url === null || !this.#visitor.isSameSite(url)) continue
      const visit = await this.#visit(url)
      if (visit.kind === 'page' && !found.pages.includes(visit.page)) found.pages.push(visit.page)
    }
  }
}

/**
 * Finds the section «Сведения об образовательной организации» from the home page: by `/sveden/*`, by the addresses of
 * Госвеб and by the menu's Russian words. A subsection with a link that could not be read is `unread`, not missing.
 */
export function findSection(
  visitor: SiteVisitor,
  home_page: PageContent,
  platform: SitePlatform,
  rules: RulesInForce,
): Promise<FoundSection> {
  return new SectionSearch(visitor, new URL(home_page.url), platform, rules).run(home_page)
}
