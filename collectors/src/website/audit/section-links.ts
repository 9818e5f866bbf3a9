import type { SubsectionRules, SvedenSubsection } from '@edumon/server/contract'
import type { PageContent } from './page-content.ts'
import { matchName } from './russian-words.ts'
import type { KnownName } from './russian-words.ts'
import type { RulesInForce } from './rules.ts'

export interface Candidate {
  url: string
  /** 0 is an official address, more is a looser name. */
  score: number
}

const GOSWEB_SECTION = 'svedeniya-ob-obrazovatelnoy-organizatsii'
const FILE = /\.(pdf|docx?|odt|rtf|xlsx?|ods|pptx?|zip|rar|7z|jpe?g|png|gif|mp4|sig)$/i

/** Weight of a name in a menu against an official address, and of a link outside the section. */
const NAME_SCORE = 1
const OUTSIDE_SCORE = 2

function pathOf(address: string): string {
  return decodeURI(new URL(address).pathname.replace(/%(?![0-9a-f]{2})/gi, '')).toLowerCase()
}

const lastPart = (path: string): string =>
  path
    .replace(/\/+$/, '')
    .replace(/\.(html?|php|aspx?)$/, '')
    .split('/')
    .at(-1) ?? ''

/** How a page's address says what it is. */
export function foundBy(address: string): 'sveden' | 'gosweb' | 'menu' {
  const path = new URL(address).pathname.toLowerCase()
  if (/\/sveden(\/|$)/.test(path)) return 'sveden'
  return path.includes(GOSWEB_SECTION) ? 'gosweb' : 'menu'
}

function namesOf({ title, menu_words, menu_words_old }: SubsectionRules): KnownName {
  return { title, names: [menu_words, ...menu_words_old] }
}

export function isNamedAs(text: string, subsection: SubsectionRules): boolean {
  return matchName(text, namesOf(subsection)) !== null
}

function isOfficialAddress(address: string, subsection: SubsectionRules): boolean {
  const path = pathOf(address)
  const last = lastPart(path)
  if (foundBy(address) === 'sveden') return last === subsection.subsection.toLowerCase()
  return foundBy(address) === 'gosweb' && subsection.gosweb_paths.includes(last)
}

/** Links of a page that may lead to subsections, by name or address, best first. */
export function findCandidates(
  page: PageContent,
  section_url: string | null,
  rules: RulesInForce,
): Map<SvedenSubsection, Candidate[]> {
  const inside = section_url === null ? null : pathOf(section_url).replace(/\/?$/, '/')
  const candidates = new Map<SvedenSubsection, Candidate[]>()
  for (const link of page.links) {
    if (!link.url.startsWith('http') || FILE.test(new URL(link.url).pathname)) continue
    const outside = inside !== null && inside !== '/' && !pathOf(link.url).startsWith(inside) ? OUTSIDE_SCORE : 0
    for (const subsection of rules.subsections) {
      const name = matchName(link.text, namesOf(subsection))
      const official = isOfficialAddress(link.url, subsection)
      if (name === null && !official) continue
      const score = official ? 0 : NAME_SCORE + (name ?? 0) + outside
      const list = candidates.get(subsection.subsection) ?? []
      list.push({ url: link.url, score })
      candidates.set(subsection.subsection, list)
    }
  }
  return candidates
}

/** The link to the section itself: by its name in the menu, or by its address. Null: the page has none. */
export function findSectionLink(page: PageContent, rules: RulesInForce): string | null {
  const { section_title, section_words } = rules.general
  let best: Candidate | null = null
  for (const link of page.links) {
    if (!link.url.startsWith('http')) continue
    const path = pathOf(link.url).replace(/\/+$/, '')
    const by_address = /\/sveden$/.test(path) || path.endsWith(`/${GOSWEB_SECTION}`)
    const name = matchName(link.text, { title: section_title, names: section_words })
    if (!by_address && name === null) continue
    const score = by_address ? 0 : NAME_SCORE + (name ?? 0)
    if (best === null || score < best.score) best = { url: link.url, score }
  }
  return best?.url ?? null
}

/** Where a section may be though no menu leads there: `/sveden/*` and the addresses of Госвеб. */
export function guessAddresses(home: URL, subsection: SubsectionRules, platform: string): URL[] {
  const gosweb = subsection.gosweb_paths.map((last) => new URL(`/${GOSWEB_SECTION}/${last}/`, home))
  return platform === 'gosweb' ? gosweb : [new URL(`/sveden/${subsection.subsection}`, home)]
}

export function guessSections(home: URL, platform: string): URL[] {
  const gosweb = new URL(`/${GOSWEB_SECTION}/`, home)
  const sveden = [new URL('/sveden/common', home), new URL('/sveden/', home)]
  return platform === 'gosweb' ? [gosweb] : [...sveden, gosweb]
}
