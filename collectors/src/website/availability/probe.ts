import { SITE_CAUSES } from '@edumon/server/contract'
import type { SiteCause, SiteCheck, SiteTimings } from '@edumon/server/contract'
import { cleanText } from '../../net/clean-text.ts'
import { followRedirects } from '../../net/follow-redirects.ts'
import type { Journey } from '../../net/follow-redirects.ts'
import type { FetchResult, GuardedNet } from '../../net/guarded-fetch.ts'
import type { PageReader } from '../page/page-reader.ts'
import type { PageReading } from '../page/page-reading.ts'
import { keepEvidence } from './evidence.ts'
import { isPage, judgeAnswer } from './judge-answer.ts'

/** What a probe sees of a site; the envelope and the word on our own link are added by who ordered it. */
export type SiteObservation = Omit<SiteCheck, 'id' | 'lease_id' | 'org_unit_id' | 'target_id' | 'attempt' | 'own_link'>

export interface ProbeParts {
  net: GuardedNet
  pages: PageReader
}

const MAX_PHASE_MS = 600_000

/** Phases are summed over the hops; null stays null when no hop had that phase. */
function sumTimings(visits: readonly FetchResult[]): SiteTimings {
  const sum = (phase: keyof SiteTimings): number | null => {
    const parts = visits.map((visit) => visit.timings[phase]).filter((part) => part !== null)
    return parts.length === 0
      ? null
      : Math.min(
          MAX_PHASE_MS,
          parts.reduce((total, part) => total + part, 0),
        )
  }
  return {
    resolve_ms: sum('resolve_ms'),
    connect_ms: sum('connect_ms'),
    tls_ms: sum('tls_ms'),
    first_byte_ms: sum('first_byte_ms'),
    total_ms: sum('total_ms') ?? 0,
  }
}

function observe(url: string, started_at: Date, cause: SiteCause | null): SiteObservation {
  return {
    kind: 'site_check',
    started_at: started_at.toISOString(),
    url: cleanText(url, 2048),
    verdict: cause === null ? 'works' : SITE_CAUSES[cause].verdict,
    cause,
    timings: { resolve_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: 0 },
    redirects: [],
    final_url: null,
    remote_address: null,
    http_status: null,
    http_version: null,
    body_bytes: null,
    body_sha256: null,
    charset: null,
    charset_source: null,
    title: null,
    platform: 'unknown',
    certificate: null,
    tls_resumed: null,
    evidence: null,
  }
}

function describeJourney(
  url: string,
  journey: Journey,
  reading: PageReading | null,
  cause: SiteCause | null,
): SiteObservation {
  const { last, visits } = journey
  const secured = visits.findLast((visit) => visit.certificate !== null)
  return {
    ...observe(url, visits[0]?.started_at ?? last.started_at, cause),
    timings: sumTimings(visits),
    redirects: journey.redirects,
    final_url: last.http_status === null ? null : last.url,
    remote_address: last.remote_address,
    http_status: last.http_status,
    http_version: last.http_version,
    body_bytes: last.body_bytes,
    body_sha256: last.body_sha256,
    charset: reading?.charset ?? null,
    charset_source: reading?.charset_source ?? null,
    title: reading?.title ?? null,
    platform: reading?.platform ?? 'unknown',
    certificate: secured?.certificate ?? null,
    tls_resumed: secured?.tls_resumed ?? null,
    evidence: cause === null || last.http_status === null ? null : keepEvidence(last),
  }
}

/**
 * Visits the home page at `address` once and says what it is. Never rejects for anything that the site does.
 * Evidence is kept when the verdict is not "works" and there was an answer.
 */
export async function probeHomePage(
  address: string,
  full_handshake: boolean,
  parts: ProbeParts,
): Promise<SiteObservation> {
  const url = URL.parse(address)
  if (url === null || url.hostname === '') return observe(address, new Date(), 'url_invalid')
  url.hash = ''
  let reading: PageReading | 'failed' | null = null
  const read = async (answer: FetchResult): Promise<string | null> => {
    reading = null
    if (answer.body.length === 0 || !isPage(answer)) return null
    const job = await parts.pages.read(answer)
    reading = job.ok ? job.value : 'failed'
    return job.ok && answer.http_status === 200 ? job.value.refresh_url : null
  }
  const journey = await followRedirects(parts.net, url, { full_handshake }, read)
  const final = reading as PageReading | 'failed' | null
  const status = journey.last.http_status
  const cause = journey.cause ?? (status === null ? 'protocol_error' : judgeAnswer(journey.last, status, final))
  return describeJourney(address, journey, final === 'failed' ? null : final, cause)
}
