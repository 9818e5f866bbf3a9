import type { SiteCause, SiteCheck, SitePlatform } from '@edumon/server/contract'
import { cleanText } from '../../net/clean-text.ts'
import { decodeCharset } from './decode-charset.ts'
import { findPlatform } from './find-platform.ts'
import { judgePage } from './judge-page.ts'
import { readPageFacts } from './page-facts.ts'
import { CHALLENGE_MARKS, CHALLENGE_WORDS, ROBOT_WORDS } from './page-signs.ts'

export interface PageInput {
  bytes: Uint8Array
  content_type: string | null
  url: string
}

/** All that availability needs of a page, small enough to keep for every site. */
export interface PageReading {
  charset: string
  charset_source: NonNullable<SiteCheck['charset_source']>
  title: string | null
  platform: SitePlatform
  /** What the page shows instead of a site, if its status is good. */
  cause: SiteCause | null
  /** The page checks or refuses robots, whatever its status. */
  challenge: boolean
  robot_words: boolean
  /** Where the page sends its visitor at once. */
  refresh_url: string | null
}

/** A page with more text than this is not a mere way station. */
const WAY_STATION_TEXT_LENGTH = 400

/** Reads one page; runs in a worker thread. */
export function readPage(input: PageInput): PageReading {
  const url = new URL(input.url)
  const decoded = decodeCharset(input.bytes, input.content_type)
  const facts = readPageFacts(decoded.text, url)
  const words = `${facts.title ?? ''} ${facts.text}`
  const marks = `${facts.resources.join(' ')} ${facts.inline_script}`
  const title = facts.title === null ? '' : cleanText(facts.title, 300)
  return {
    charset: decoded.charset,
    charset_source: decoded.source,
    title: title === '' ? null : title,
    platform: findPlatform(url, facts),
    cause: judgePage(facts),
    challenge: CHALLENGE_MARKS.test(marks) || CHALLENGE_WORDS.test(words),
    robot_words: ROBOT_WORDS.test(words),
    refresh_url: facts.text_length <= WAY_STATION_TEXT_LENGTH ? facts.refresh_url : null,
  }
}
