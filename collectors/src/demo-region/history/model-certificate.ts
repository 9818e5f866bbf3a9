import { createHash } from 'node:crypto'
import type { SiteCause, SiteCertificate } from '@edumon/server/contract'
import type { SiteTruth } from '../farm/farm-files.ts'
import { createRandom } from '../random.ts'
import type { Span, Trouble } from './story.ts'

const DAY_MS = 86_400_000

/** Faults of a certificate that was shown; other TLS faults end before there is one. */
export const SHOWN_CERTIFICATE_CAUSES: ReadonlySet<SiteCause> = new Set<SiteCause>([
  'tls_expired',
  'tls_not_yet_valid',
  'tls_name_mismatch',
  'tls_self_signed',
  'tls_untrusted_root',
  'tls_incomplete_chain',
  'tls_certificate_invalid',
  'tls_national_root',
])
const STILL_TRUSTED: ReadonlySet<SiteCause> = new Set<SiteCause>([
  'tls_expired',
  'tls_not_yet_valid',
  'tls_name_mismatch',
])

function instant(at_ms: number): string {
  return new Date(Math.floor(at_ms / 1000) * 1000).toISOString()
}

/** A certificate as the site showed it while `trouble` lasted: good in every way that the cause does not deny. */
export function modelCertificate(site: SiteTruth, trouble: Trouble | null, span: Span, seed: number): SiteCertificate {
  const random = createRandom(seed, `${site.key}-certificate`)
  const cause = trouble !== null && SHOWN_CERTIFICATE_CAUSES.has(trouble.cause) ? trouble.cause : null
  const issued_ms = span.until_ms - random.int(span.days + 1, 300) * DAY_MS
  const starts_ms = cause === 'tls_not_yet_valid' ? span.until_ms + 30 * DAY_MS : issued_ms
  const ends_ms = cause === 'tls_expired' && trouble !== null ? trouble.from_ms : starts_ms + 397 * DAY_MS
  const isTrusted = cause === null || STILL_TRUSTED.has(cause)
  const store = site.fault === 'tls_national_listed' ? 'extra' : 'system'
  return {
    issuer: cause === 'tls_self_signed' ? `CN=${site.host}` : 'CN=Edumon Demo Public CA',
    subject: `CN=${cause === 'tls_name_mismatch' ? 'hosting.example' : site.host}`.slice(0, 300),
    not_before: instant(Math.min(starts_ms, ends_ms - DAY_MS)),
    not_after: instant(ends_ms),
    name_matches: cause !== 'tls_name_mismatch',
    chain_trusted: isTrusted,
    trust_store: isTrusted ? store : null,
    chain_fault: null,
    fingerprint_sha256: createHash('sha256').update(`${seed}/${site.host}/${ends_ms}`).digest('hex'),
  }
}
