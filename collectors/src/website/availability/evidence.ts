import { gzipSync } from 'node:zlib'
import type { PageEvidence } from '@edumon/server/contract'
import { cleanText } from '../../net/clean-text.ts'
import type { FetchResult } from '../../net/guarded-fetch.ts'
import { decodeCharset } from '../page/decode-charset.ts'
import { findHeader } from '../../net/guarded-fetch.ts'

const HEADERS_KEPT = 60
/** Of the decoded body; base64 of it stays below the contract's limit even when it does not compress. */
const BODY_KEPT_BYTES = 65_536

/** A visitor's session is nobody's evidence: of a cookie only the name is kept. */
function keepHeader([name, value]: readonly [string, string]): [string, string] {
  const kept = name === 'set-cookie' ? `${value.split('=', 1)[0] ?? ''}=…` : value
  return [cleanText(name, 100), cleanText(kept, 1000)]
}

/** What is kept of one answer for a person to look at later: headers, hash and the first part of the text as UTF-8. */
export function keepEvidence(answer: FetchResult): PageEvidence {
  const part = answer.body.subarray(0, BODY_KEPT_BYTES)
  const text = part.length === 0 ? null : decodeCharset(part, findHeader(answer.headers, 'content-type')).text
  return {
    url: answer.url,
    fetched_at: answer.started_at.toISOString(),
    http_status: answer.http_status,
    headers: answer.headers.slice(0, HEADERS_KEPT).map(keepHeader),
    body_sha256: answer.body_sha256,
    body_bytes: answer.body_bytes ?? 0,
    body_gzip_base64: text === null ? null : gzipSync(text.slice(0, BODY_KEPT_BYTES)).toString('base64'),
    trimmed: answer.body.length > BODY_KEPT_BYTES || answer.headers.length > HEADERS_KEPT,
  }
}
