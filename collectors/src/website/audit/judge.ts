import type {
  Freshness,
  Presence,
  SiteFinding,
  SubsectionJudgement,
  SubsectionRules,
  SvedenSubsection,
  WorkingDayCalendar,
} from '@edumon/server/contract'
import { daysBetween, findStatedDate, seeYear } from './freshness.ts'
import { clipSeen, isOwed, reportPresence, seeItems } from './judge-items.ts'
import { judgeMarkup } from './judge-markup.ts'
import { countMarks } from './microdata.ts'
import type { MarkCount } from './microdata.ts'
import type { PageContent } from './page-content.ts'
import { saysNone } from './presence.ts'
import type { RulesInForce } from './rules.ts'
import { isNamedAs } from './section-links.ts'

/** What the search for one subsection ended in. */
export interface FoundSubsection {
  subsection: SvedenSubsection
  found_by: SubsectionJudgement['found_by']
  /** Address of the page, or of the one that could not be read. */
  url: string | null
  /** The page and its additional ones; empty when there is none to judge. */
  pages: PageContent[]
  /** Why a page that may be there was not read; null: it was read, or the site has no link to any. */
  unread: string | null
}

export interface JudgedDay {
  /** YYYY-MM-DD in the region's zone. */
  today: string
  calendar: WorkingDayCalendar
}

/** Less own content than this, without files, pictures or «нет», is an empty page. */
const EMPTY_LENGTH = 60
const FINDINGS_KEPT = 100

function judgeUnfound(found: FoundSubsection, rules: SubsectionRules): SubsectionJudgement {
  const presence: Presence = found.unread === null ? 'absent' : 'not_confirmed'
  return {
    subsection: found.subsection,
    url: found.url,
    found_by: null,
    presence,
    markup: null,
    freshness: null,
    items_present: 0,
    items_expected: rules.items.filter((item) => isOwed(item) && item.parent === null).length,
    items_marked: 0,
    dated_on: null,
    findings: [
      {
        rule: found.subsection,
        scale: 'presence',
        outcome: presence,
        grade: presence === 'absent' ? 'violation' : 'warning',
        seen: clipSeen(found.unread),
        url: found.url,
        place: null,
      },
    ],
  }
}

/** The page's name alone is no content; a picture, a frame or a script may be one that cannot be read. */
function findEmptiness(
  pages: readonly PageContent[],
  count: MarkCount,
  rules: RulesInForce,
): 'filled' | 'empty' | 'unreadable' {
  const is_marked = [...count.counted.values()].some((marks) => marks.some(({ mark }) => mark.value !== ''))
  const told = pages.some((page) =>
    page.blocks.some((block) => block.has_link || saysNone(block.value ?? block.text, rules)),
  )
  const length = pages.reduce((sum, page) => {
    const headings = page.blocks.filter((block) => block.kind === 'heading')
    return sum + page.content_length - headings.reduce((all, block) => all + block.text.length, 0)
  }, 0)
  if (is_marked || told || length >= EMPTY_LENGTH) return 'filled'
  const is_shell = pages.every((page) => page.text_length < EMPTY_LENGTH && page.scripts > 0)
  return is_shell || pages.some((page) => page.images + page.frames > 0) ? 'unreadable' : 'empty'
}

/** The subsection's own name as a heading would prove everything that it names: «Педагогический состав». */
function leaveOutOwnName(page: PageContent, subsection: SubsectionRules): PageContent {
  const own = new Set(page.blocks.filter((block) => block.kind === 'heading' && isNamedAs(block.text, subsection)))
  const own_length = [...own].reduce((sum, block) => sum + block.text.length, 0)
  return {
    ...page,
    blocks: page.blocks.filter((block) => !own.has(block)),
    content_length: Math.max(0, page.content_length - own_length),
  }
}

function judgeFreshness(
  found: FoundSubsection,
  subsection: SubsectionRules,
  rules: RulesInForce,
  { today, calendar }: JudgedDay,
): { freshness: Freshness; dated_on: string | null; findings: SiteFinding[] } {
  const stated = findStatedDate(found.pages, today)
  const years = subsection.freshness
    .map((rule) => seeYear(rule, found.pages, today, calendar))
    .filter((sight) => sight !== null)
  const overdue = years.filter((sight) => sight.is_overdue)
  const findings: SiteFinding[] = overdue.map((sight) => ({
    rule: sight.rule.id,
    scale: 'freshness',
    outcome: 'overdue',
    grade: rules.binding_acts.has(sight.rule.act) ? 'violation' : 'warning',
    seen: clipSeen(sight.seen),
    url: sight.page.url,
    place: sight.place,
  }))
  if (stated !== null && overdue.length === 0 && daysBetween(stated.day, today) > rules.general.stale_after_days)
    findings.push({
      rule: subsection.subsection,
      scale: 'freshness',
      outcome: 'dated',
      grade: 'note',
      seen: clipSeen(stated.seen),
      url: stated.page.url,
      place: stated.place,
    })
  const freshness = overdue.length > 0 ? 'overdue' : stated !== null || years.length > 0 ? 'dated' : 'undated'
  return { freshness, dated_on: stated?.day ?? null, findings }
}

function judgeSubsection(
  found: FoundSubsection,
  subsection: SubsectionRules,
  other: ReadonlyMap<string, readonly PageContent[]>,
  rules: RulesInForce,
  day: JudgedDay,
): SubsectionJudgement {
  const page_url = found.url ?? found.pages[0]?.url ?? ''
  const whole_page = (presence: 'empty' | 'not_confirmed'): SubsectionJudgement => ({
    ...judgeUnfound({ ...found, unread: 'текста на странице нет' }, subsection),
    found_by: found.found_by,
    presence,
    findings: [
      {
        rule: found.subsection,
        scale: 'presence',
        outcome: presence,
        grade: presence === 'empty' ? 'violation' : 'warning',
        seen: presence === 'empty' ? null : 'содержание показано картинкой, во фрейме или скриптом',
        url: page_url,
        place: null,
      },
    ],
  })
  const pages = found.pages.map((page) => leaveOutOwnName(page, subsection))
  const count = countMarks(pages, subsection, rules)
  const emptiness = findEmptiness(pages, count, rules)
  if (emptiness !== 'filled') return whole_page(emptiness === 'empty' ? 'empty' : 'not_confirmed')
  const judged = seeItems(subsection, pages, count, rules)
  const owed = judged.filter(({ item }) => isOwed(item))
  const present = owed.filter(({ sight }) => sight.outcome === 'present')
  const markup = judgeMarkup(subsection, count, judged, page_url, rules)
  const freshness = judgeFreshness(found, subsection, rules, day)
  return {
    subsection: found.subsection,
    url: page_url,
    found_by: found.found_by,
    presence: present.length === 0 && owed.length > 0 ? 'not_confirmed' : 'present',
    markup: markup.markup,
    freshness: freshness.freshness,
    items_present: present.length,
    items_expected: owed.length,
    items_marked: owed.filter(({ sight }) => sight.is_marked).length,
    dated_on: freshness.dated_on,
    findings: [...reportPresence(judged, other, page_url, rules), ...freshness.findings, ...markup.findings].slice(
      0,
      FINDINGS_KEPT,
    ),
  }
}

/**
 * Judges every subsection that the rules of the day ask of this kind of organisation, in official order, on the scales
 * of presence, markup and freshness apart. Pure: the same pages, rules and day give the same judgement.
 */
export function judgeSection(
  found: readonly FoundSubsection[],
  rules: RulesInForce,
  day: JudgedDay,
): SubsectionJudgement[] {
  const pages_of = new Map<string, readonly PageContent[]>(found.map((one) => [one.subsection, one.pages]))
  return rules.subsections.map((subsection) => {
    const one = found.find((candidate) => candidate.subsection === subsection.subsection)
    const here = one ?? { subsection: subsection.subsection, found_by: null, url: null, pages: [], unread: null }
    return here.pages.length === 0
      ? judgeUnfound(here, subsection)
      : judgeSubsection(here, subsection, pages_of, rules, day)
  })
}
