import { createHash } from 'node:crypto'
import { SITE_CAUSES, type SiteCause, type SiteCheck, type SiteTimings } from '@edumon/server/contract'
import type { SiteTruth } from '../farm/farm-files.ts'
import { createRandom, type Random } from '../random.ts'
import { modelCertificate, SHOWN_CERTIFICATE_CAUSES } from './model-certificate.ts'
import type { Span, Trouble } from './story.ts'

/** How far a modelled probe got: each step includes the ones before it. */
const STEPS = ['nothing', 'name', 'connection', 'handshake', 'answer'] as const
type Step = (typeof STEPS)[number]

/** Statuses of causes that come with an answer; others of them were answered 200. */
const STATUSES: Partial<Record<SiteCause, number>> = {
  http_client_error: 404,
  http_server_error: 503,
  http_unexpected_status: 204,
  challenge: 403,
  refused_to_robot: 403,
}
const NO_ANSWER: ReadonlySet<SiteCause> = new Set<SiteCause>([
  'first_byte_timeout',
  'response_cut',
  'protocol_error',
  'headers_too_large',
])

function stepOf(cause: SiteCause | null): Step {
  if (cause === null) return 'answer'
  if (/^(url_|dns_|address_|own_link)/.test(cause)) return 'nothing'
  if (cause.startsWith('connect_')) return 'name'
  if (cause.startsWith('tls_')) return SHOWN_CERTIFICATE_CAUSES.has(cause) ? 'handshake' : 'connection'
  return NO_ANSWER.has(cause) ? 'handshake' : 'answer'
}

function modelTimings(reached: Step, isSecure: boolean, random: Random): SiteTimings {
  const isPast = (step: Step): boolean => STEPS.indexOf(reached) >= STEPS.indexOf(step)
  const resolve_ms = isPast('name') ? random.int(1, 25) : null
  const connect_ms = isPast('connection') ? random.int(4, 60) : null
  const tls_ms = isPast('handshake') && isSecure ? random.int(12, 140) : null
  const first_byte_ms = isPast('answer') ? random.int(40, 900) : null
  const spent_ms = (resolve_ms ?? 0) + (connect_ms ?? 0) + (tls_ms ?? 0) + (first_byte_ms ?? 0)
  return { resolve_ms, connect_ms, tls_ms, first_byte_ms, total_ms: spent_ms + random.int(5, 300) }
}

/** The same subject always gets the same UUID (of version 8, made by the owner's own rule). */
export function makeUuid(subject: string): string {
  const hex = createHash('sha256').update(subject).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export interface HistoryTarget {
  org_unit_id: number
  target_id: string
  url: string
}

export interface ModelledMoment {
  at_ms: number
  trouble: Trouble | null
  is_own_link_down: boolean
}

/** One probe of the modelled past. It has no lease behind it and no evidence: nobody looked. */
export function modelCheck(
  target: HistoryTarget,
  site: SiteTruth,
  moment: ModelledMoment,
  span: Span,
  seed: number,
): SiteCheck {
  const started_at = new Date(moment.at_ms).toISOString()
  const subject = `${seed}/${span.until_ms}/${target.target_id}/${started_at}`
  const random = createRandom(seed, `${site.key}/${started_at}`)
  const cause = moment.is_own_link_down ? 'own_link_down' : (moment.trouble?.cause ?? null)
  const reached = stepOf(cause)
  const isSecure = target.url.startsWith('https:')
  const hasCertificate = isSecure && (reached === 'handshake' || reached === 'answer')
  const hasAnswer = reached === 'answer'
  return {
    kind: 'site_check',
    id: makeUuid(`check/${subject}`),
    lease_id: makeUuid(`lease/${subject}`),
    org_unit_id: target.org_unit_id,
    target_id: target.target_id,
    attempt: 1,
    started_at,
    url: target.url,
    verdict: cause === null ? 'works' : SITE_CAUSES[cause].verdict,
    cause,
    timings: modelTimings(reached, isSecure, random),
    redirects: [],
    final_url: hasAnswer ? target.url : null,
    remote_address: reached === 'nothing' ? null : site.address,
    http_status: hasAnswer ? ((cause === null ? undefined : STATUSES[cause]) ?? 200) : null,
    http_version: hasAnswer ? '1.1' : null,
    body_bytes: null,
    body_sha256: null,
    charset: null,
    charset_source: null,
    title: null,
    platform: hasAnswer ? site.platform : 'unknown',
    certificate: hasCertificate ? modelCertificate(site, moment.trouble, span, seed) : null,
    tls_resumed: hasCertificate ? false : null,
    own_link: moment.is_own_link_down ? 'down' : 'up',
    evidence: null,
  }
}
