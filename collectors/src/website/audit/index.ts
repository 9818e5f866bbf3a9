import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SITE_CAUSES } from '@edumon/server/contract'
import type { Lease, OrgKind, SiteAudit, SiteCause, WorkingDayCalendar } from '@edumon/server/contract'
import type { GuardedNet } from '../../net/guarded-fetch.ts'
import { judgeAnswer } from '../availability/judge-answer.ts'
import type { PageReader } from '../page/page-reader.ts'
import type { PageReading } from '../page/page-reading.ts'
import type { ContentPool } from './content-pool.ts'
import { findSection } from './find-section.ts'
import { judgeSection } from './judge.ts'
import { loadWebsiteRules, selectRules } from './rules.ts'
import type { RulesInForce } from './rules.ts'
import { DEFAULT_VISIT_LIMITS, SiteVisitor } from './site-visitor.ts'
import type { Visit, VisitLimits } from './site-visitor.ts'

export interface AuditParts {
  net: GuardedNet
  pages: PageReader
  contents: ContentPool
  /** IANA zone of the region: the law's days are days there. */
  time_zone: string
}

export interface AuditOptions {
  org_kind: OrgKind | null
  limits?: VisitLimits
  /** The day whose rules apply; the tests' way to another date. */
  now?: Date
}

/** What an audit sees of a site; the envelope is added by who ordered it. */
export type AuditObservation = Omit<SiteAudit, 'id' | 'lease_id' | 'org_unit_id' | 'target_id' | 'attempt'>

const WEBSITE_RULES = loadWebsiteRules()
const CALENDAR = JSON.parse(
  readFileSync(new URL('../../../../sql/reference/working-days.json', import.meta.url), 'utf8'),
) as WorkingDayCalendar

/** YYYY-MM-DD. */
const dayOf = (instant: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone }).format(instant)

/** Why the home page cannot be audited; null: it can. */
function findObstacle(visit: Visit, reading: PageReading | null): Pick<SiteAudit, 'outcome' | 'cause'> | null {
  if (visit.kind === 'not_allowed') return { outcome: 'not_allowed', cause: null }
  const cause: SiteCause | null = (() => {
    if (visit.kind === 'unread' && visit.cause !== null) return visit.cause
    const status = visit.answer?.http_status ?? null
    if (visit.answer === null || status === null) return 'redirect_invalid'
    return judgeAnswer(visit.answer, status, reading)
  })()
  if (cause === null) return null
  return { outcome: SITE_CAUSES[cause].verdict === 'does_not_work' ? 'unreachable' : 'cannot_tell', cause }
}

async function inspect(
  url: URL,
  visitor: SiteVisitor,
  parts: AuditParts,
  rules: RulesInForce,
  today: string,
): Promise<Pick<SiteAudit, 'outcome' | 'cause' | 'platform' | 'section_url' | 'subsections'>> {
  const visit = await visitor.visit(url)
  const answer = visit.kind === 'not_allowed' ? null : visit.answer
  const job = answer === null || answer.body.length === 0 ? null : await parts.pages.read(answer)
  const reading = job?.ok === true ? job.value : null
  const platform = reading?.platform ?? 'unknown'
  const nothing = { platform, section_url: null, subsections: [] }
  const obstacle = findObstacle(visit, reading)
  if (obstacle !== null) return { ...obstacle, ...nothing }
  if (visit.kind !== 'page') return { outcome: 'cannot_tell', cause: 'parse_failed', ...nothing }
  visitor.stayAt(new URL(visit.answer.url))
  const section = await findSection(visitor, visit.page, platform, rules)
  if (section.is_refused) return { outcome: 'not_allowed', cause: null, ...nothing }
  return {
    outcome: 'audited',
    cause: null,
    platform,
    section_url: section.section_url,
    subsections: judgeSection(section.subsections, rules, { today, calendar: CALENDAR }),
  }
}

/**
 * Audits the content of one site: finds the section, reads its pages, judges them by the rules of the day. Never
 * rejects for anything that the site does: a refusal of robots.txt is `not_allowed`, a site that does not open
 * `unreachable` or `cannot_tell` with the cause.
 */
export async function auditSite(address: string, parts: AuditParts, options: AuditOptions): Promise<AuditObservation> {
  const started_ms = performance.now()
  const started_at = options.now ?? new Date()
  const today = dayOf(started_at, parts.time_zone)
  const rules = selectRules(WEBSITE_RULES, today, options.org_kind)
  const envelope = {
    kind: 'site_audit' as const,
    started_at: started_at.toISOString(),
    url: address.slice(0, 2048),
    rule_set: rules.rule_set,
  }
  const url = URL.parse(address)
  const visitor = new SiteVisitor(parts, options.limits ?? DEFAULT_VISIT_LIMITS)
  const seen =
    url === null
      ? {
          outcome: 'unreachable' as const,
          cause: 'url_invalid' as const,
          platform: 'unknown' as const,
          section_url: null,
          subsections: [],
        }
      : await inspect(url, visitor, parts, rules, today)
  return {
    ...envelope,
    ...seen,
    duration_ms: Math.round(performance.now() - started_ms),
    pages: visitor.evidence,
  }
}

/** One leased content audit. */
export async function collectSiteAudit(lease: Lease, parts: AuditParts): Promise<SiteAudit> {
  if (lease.url === null || lease.org_unit_id === null || lease.target_id === null) {
    throw new TypeError(`lease ${lease.lease_id} has no target`)
  }
  const seen = await auditSite(lease.url, parts, { org_kind: lease.org_kind })
  return {
    ...seen,
    id: randomUUID(),
    lease_id: lease.lease_id,
    org_unit_id: lease.org_unit_id,
    target_id: lease.target_id,
    attempt: lease.attempt,
  }
}

/** One audit for the command line: nobody leased it, so the envelope's ids are made up and stand for nothing. */
export async function probeContent(target: string, parts: AuditParts): Promise<SiteAudit> {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? target : `http://${target}`
  const seen = await auditSite(url, parts, { org_kind: null })
  return { ...seen, id: randomUUID(), lease_id: randomUUID(), org_unit_id: 1, target_id: randomUUID(), attempt: 1 }
}
