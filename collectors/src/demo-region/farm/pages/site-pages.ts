import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTENT_GRADES } from '../../content-grades.ts'
import type { Site } from '../../sites.ts'
import { escapeHtml } from './escape.ts'
import { writeHome } from './home.ts'
import { writePage } from './layout.ts'
import { writeBlock } from './markup.ts'
import { inventSchoolFacts } from './school-facts.ts'
import { findSectionByPath, findSectionRoot, SECTION_ADDRESSES, writeSectionPath } from './section-addresses.ts'
import { writeSectionBlocks } from './section-content.ts'

export interface PageSource {
  seed: number
  /** Day for which the pages are written, YYYY-MM-DD. */
  as_of: string
  /** Folder of real sample pages; null when there is none. */
  samples: string | null
}

const SECTION_TITLE = 'Сведения об образовательной организации'

/** Sites with old markup serve the real pages of 2019 in these places, where the sample data are present. */
const SAMPLE_PAGES: Partial<Record<string, string>> = {
  common: 'common-rich-2019.html',
  vacant: 'vacant-large-2019.html',
}
const SAMPLE_SHARE = 12

/** A sample page as text; null when the sample data are absent. */
export function readSamplePage(source: PageSource, file: string): string | null {
  if (source.samples === null) return null
  try {
    return readFileSync(join(source.samples, file), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function servesSamples(site: Site): boolean {
  return site.grade === 'whole_outdated' && site.charset === 'utf-8' && site.host.length % SAMPLE_SHARE === 0
}

function writeSectionList(site: Site): string {
  const grade = CONTENT_GRADES[site.grade]
  const links = SECTION_ADDRESSES.filter(({ subsection }) => !grade.missing.some((missing) => missing === subsection))
    .map((address) => `<li><a href="${writeSectionPath(site.platform, address)}">${escapeHtml(address.title)}</a></li>`)
    .join('\n')
  return `<h1>${SECTION_TITLE}</h1>\n<ul>\n${links}\n</ul>`
}

function isSectionRoot(site: Site, path: string): boolean {
  return path.replace(/\/$/, '') === findSectionRoot(site.platform).replace(/\/$/, '')
}

/** The HTML of a site's page as text, before it is put into the site's charset; null: no such page. */
export function writeSitePage(site: Site, path: string, source: PageSource): string | null {
  const grade = CONTENT_GRADES[site.grade]
  const facts = inventSchoolFacts(site, source.seed)
  const page = (title: string, main: string) => writePage({ site, facts, title, main, hasSection: grade.section })
  if (path === '/' || path === '/index.html') {
    return page(`${facts.place.short_name} — официальный сайт`, writeHome(facts, source.seed, source.as_of))
  }
  if (!grade.section) return null
  if (isSectionRoot(site, path)) return page(SECTION_TITLE, writeSectionList(site))
  const address = findSectionByPath(site.platform, path)
  if (address === undefined || grade.missing.some((missing) => missing === address.subsection)) return null
  const sample = servesSamples(site) ? SAMPLE_PAGES[address.subsection] : undefined
  const real = sample === undefined ? null : readSamplePage(source, sample)
  if (real !== null) return real
  const isEmpty = grade.empty.some((empty) => empty === address.subsection)
  const context = { facts, as_of: source.as_of, stale: grade.stale }
  const blocks = isEmpty ? [] : writeSectionBlocks(address.subsection, context)
  const body = blocks.map((block) => writeBlock(grade.markup, block)).join('\n')
  return page(`${address.title} — ${facts.place.short_name}`, `<h1>${escapeHtml(address.title)}</h1>\n${body}`)
}
