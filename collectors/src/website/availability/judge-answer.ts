import type { SiteCause } from '@edumon/server/contract'
import { findHeader } from '../../net/guarded-fetch.ts'
import type { FetchResult } from '../../net/guarded-fetch.ts'
import type { PageReading } from '../page/page-reading.ts'
import { PROTECTION_SERVERS } from '../page/page-signs.ts'

const PAGE_TYPES = /^(text\/html|application\/xhtml\+xml|text\/xml|application\/xml)\b/i
const MARKUP_START = /^\s*(<!doctype|<html|<head|<body|<meta|<title|<\?xml|<!--|<div|<table|<center|<h1|<p\b)/i

/** Whether a body is worth reading as a page: by its type, or by its first bytes when the type is missing. */
export function isPage(answer: FetchResult): boolean {
  const type = findHeader(answer.headers, 'content-type')
  if (type !== null && type.trim() !== '') return PAGE_TYPES.test(type.trim())
  return MARKUP_START.test(
    answer.body
      .subarray(0, 512)
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, ''),
  )
}

/** Statuses by which a site or its guard turns a visitor away. */
const TURNS_AWAY = new Set([401, 403, 405, 406, 418, 429, 503])

function findRefusal(answer: FetchResult, status: number, reading: PageReading | null): SiteCause | null {
  if (findHeader(answer.headers, 'cf-mitigated') === 'challenge') return 'challenge'
  if (!TURNS_AWAY.has(status)) return null
  if (reading?.cause === 'captcha') return 'captcha'
  if (reading?.cause === 'challenge' || reading?.challenge === true) return 'challenge'
  if (status === 429) return 'refused_to_robot'
  const guarded = PROTECTION_SERVERS.test(findHeader(answer.headers, 'server') ?? '')
  return (guarded && status !== 503) || reading?.robot_words === true ? 'refused_to_robot' : null
}

function judgeStatus(status: number): SiteCause | null {
  if (status >= 500 && status < 600) return 'http_server_error'
  if (status >= 400 && status < 500) return 'http_client_error'
  return status === 200 || status === 203 || status === 204 || status === 206 ? null : 'http_unexpected_status'
}

/**
 * The cause that a whole answer leads to; null: the site works. `reading` is null when the body was not a page,
 * `'failed'` when it could not be read within its limits.
 */
export function judgeAnswer(
  answer: FetchResult,
  status: number,
  reading: PageReading | 'failed' | null,
): SiteCause | null {
  const page = reading === 'failed' ? null : reading
  const by_status = findRefusal(answer, status, page) ?? judgeStatus(status)
  if (by_status !== null) return by_status
  if (answer.body.length === 0) return 'empty_page'
  if (reading === 'failed') return 'parse_failed'
  return page === null ? 'not_a_page' : page.cause
}
