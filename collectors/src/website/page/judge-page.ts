import type { SiteCause } from '@edumon/server/contract'
import type { PageFacts } from './page-facts.ts'
import {
  CAPTCHA_MARKS,
  CAPTCHA_WORDS,
  CHALLENGE_MARKS,
  CHALLENGE_WORDS,
  COOKIE_RELOAD,
  HOSTER_WORDS,
  PARKED_WORDS,
  REPAIR_WORDS,
  SCHOOL_WORDS,
} from './page-signs.ts'

/** A page below this is too small to be only judged by its size, and small enough to be a stub. */
const STUB_TEXT_LENGTH = 2500
/** A stub leads nowhere; a real page has a menu. */
const STUB_SITE_LINKS = 2
const SHELL_TEXT_LENGTH = 60
const EMPTY_TEXT_LENGTH = 3
/** Ten times what a browser shows: such a page is made to break its readers, and what it says is no evidence. */
const MAX_DEPTH = 5120

function isStubSized(facts: PageFacts): boolean {
  return facts.text_length <= STUB_TEXT_LENGTH && facts.site_links <= STUB_SITE_LINKS && facts.frames === 0
}

function saysInTitle(facts: PageFacts, words: RegExp): boolean {
  return words.test(`${facts.title ?? ''} . ${facts.headings}`)
}

/** The title and headings say what a page is about; the text of a short page too. */
function says(facts: PageFacts, words: RegExp): boolean {
  return saysInTitle(facts, words) || words.test(facts.text)
}

function findRobotCheck(facts: PageFacts): SiteCause | null {
  const marks = `${facts.resources.join(' ')} ${facts.inline_script}`
  const bare = facts.text_length < 800
  if (CAPTCHA_MARKS.test(marks) && (bare || says(facts, CAPTCHA_WORDS)) && !CHALLENGE_WORDS.test(facts.title ?? ''))
    return 'captcha'
  if (bare && says(facts, CAPTCHA_WORDS)) return 'captcha'
  if (bare && (CHALLENGE_MARKS.test(marks) || says(facts, CHALLENGE_WORDS))) return 'challenge'
  return facts.text_length < 300 && COOKIE_RELOAD.test(facts.inline_script) ? 'challenge' : null
}

function findPlaceholder(facts: PageFacts): SiteCause | null {
  // The title "Index of /" is the web server's own, however many files it lists.
  if (/^index of \//i.test(facts.title ?? '')) return 'placeholder_hoster'
  if (!isStubSized(facts)) return null
  if (saysInTitle(facts, REPAIR_WORDS)) return 'placeholder_repair'
  const own_words = SCHOOL_WORDS.test(facts.text) && facts.text_length > 400
  if (own_words) return null
  if (says(facts, REPAIR_WORDS)) return 'placeholder_repair'
  if (says(facts, PARKED_WORDS)) return 'placeholder_parked'
  return says(facts, HOSTER_WORDS) ? 'placeholder_hoster' : null
}

function findEmptiness(facts: PageFacts): SiteCause | null {
  const seen_things = facts.images + facts.frames
  if (facts.text_length <= SHELL_TEXT_LENGTH && facts.scripts > 0 && facts.links === 0 && seen_things === 0)
    return 'script_shell'
  const nothing = facts.text_length <= EMPTY_TEXT_LENGTH && facts.links === 0 && seen_things === 0
  return nothing ? 'empty_page' : null
}

/**
 * What a page answered with a good status shows instead of a school's site; null when nothing speaks against it.
 * A doubt goes to the school: a small page with a school's words and links is a working site.
 */
export function judgePage(facts: PageFacts): SiteCause | null {
  if (facts.depth > MAX_DEPTH) return 'parse_failed'
  if (isStubSized(facts)) {
    const check = findRobotCheck(facts)
    if (check !== null) return check
  }
  return findPlaceholder(facts) ?? findEmptiness(facts)
}
