import { sql } from 'kysely'
import {
  SVEDEN_SUBSECTIONS,
  type SiteFinding,
  type SitePlatform,
  type SvedenSubsection,
  type WebsiteRules,
  type WorkingDayCalendar,
} from '../contract/index.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { orgUnitsOn, targetsOn, type RegistryView } from '../db/registry-as-known.ts'
import { describeFinding } from '../domain/finding-texts.ts'
import { dueDay, type FindingKind } from '../domain/objections.ts'
import { dayInZone } from '../domain/region-day.ts'
import { orderFindings } from '../domain/task-findings.ts'
import { findSectionViolationsSince } from '../objections/section-history.ts'

/** What tasks are dated with. */
export interface TaskTerms {
  calendar: WorkingDayCalendar
  /** Working days to mend a finding, from the day it was found. */
  mend_term_days: number
  time_zone: string
  rules: WebsiteRules
}

/** One thing to mend, in plain words. Words of rules are Russian, as the acts are; causes are worded by the pages. */
export interface SchoolTask {
  finding: FindingKind
  subsection: SvedenSubsection | null
  subsection_title: string | null
  outcome: string
  cause: string | null
  violations: number
  headline: string | null
  asks: string | null
  source: string | null
  remedy: string | null
  since: string
  mend_by: string
}

interface SiteFacts {
  org_unit_id: number
  short_name: string
  target_id: string
  url: string
  host: string
  verdict: string | null
  cause: string | null
  verdict_since: Date | null
  certificate: { not_after: string } | null
  certificate_valid: boolean | null
  answered_at: Date | null
  last_checked_at: Date | null
  last_audit_id: string | null
  last_audited_at: Date | null
  platform: string | null
}

type Draft = Omit<SchoolTask, 'mend_by' | 'since'> & { since: Date }

const NO_WORDS = { headline: null, asks: null, source: null, remedy: null }
const NO_SUBSECTION = { subsection: null, subsection_title: null, violations: 1, ...NO_WORDS }

function listSites(db: ReadExecutor, view: RegistryView): Promise<SiteFacts[]> {
  return sql<SiteFacts>`
    SELECT t.org_unit_id, u.short_name, t.target_id, t.url, t.host, s.verdict, s.cause, s.verdict_since, s.certificate,
           s.certificate_valid, s.answered_at, s.last_checked_at, s.last_audit_id, s.last_audited_at, s.platform
      FROM ${targetsOn(db, view).where('t.kind', '=', 'site')} t
      JOIN ${orgUnitsOn(db, view)} u ON u.org_unit_id = t.org_unit_id
      LEFT JOIN site_state s ON s.org_unit_id = t.org_unit_id AND s.target_id = t.target_id
     WHERE NOT u.is_closed ORDER BY cardinality(u.path), u.short_name, t.host`
    .execute(db)
    .then(({ rows }) => rows)
}

function stateTasks(site: SiteFacts): Draft[] {
  const tasks: Draft[] = []
  const { verdict, cause, verdict_since, certificate, answered_at } = site
  if (verdict === 'does_not_work' && verdict_since !== null) {
    tasks.push({ ...NO_SUBSECTION, finding: 'availability', outcome: verdict, cause, since: verdict_since })
  }
  if (site.certificate_valid !== true && answered_at !== null && verdict === 'works') {
    const outcome = certificate === null ? 'none' : 'invalid'
    const ended = certificate === null ? answered_at : new Date(certificate.not_after)
    const since = ended < answered_at ? ended : answered_at
    tasks.push({ ...NO_SUBSECTION, finding: 'certificate', outcome, cause: null, since })
  }
  return tasks
}

async function sectionTasks(db: ReadExecutor, view: RegistryView, site: SiteFacts, rules: WebsiteRules) {
  const { org_unit_id, last_audit_id, last_audited_at } = site
  if (last_audit_id === null || last_audited_at === null) return []
  const { rows } = await sql<{
    subsection: SvedenSubsection
    presence: string
    findings: SiteFinding[]
    platform: SitePlatform
  }>`
    SELECT s.subsection, s.presence, s.findings, a.platform
      FROM site_subsection s
      JOIN site_audit a ON a.org_unit_id = s.org_unit_id AND a.audited_at = s.audited_at AND a.audit_id = s.audit_id
     WHERE s.org_unit_id = ${org_unit_id} AND s.audit_id = ${last_audit_id}`.execute(db)
  const since = await findSectionViolationsSince(db, site, view.known_at_change_set_no)
  const inOrder = rows.toSorted(
    (a, b) => SVEDEN_SUBSECTIONS.indexOf(a.subsection) - SVEDEN_SUBSECTIONS.indexOf(b.subsection),
  )
  return inOrder.flatMap(({ subsection, presence, findings, platform }): Draft[] => {
    const violations = findings.filter((finding) => finding.grade === 'violation')
    const [first] = violations
    if (first === undefined) return []
    const { headline, asks, source, remedy } = describeFinding(rules, subsection, first, platform)
    return [
      {
        ...{ finding: 'subsection', subsection, outcome: presence, cause: null, violations: violations.length },
        subsection_title: rules.subsections.find((entry) => entry.subsection === subsection)?.title ?? subsection,
        ...{ headline, asks, source, remedy, since: since.get(subsection) ?? last_audited_at },
      },
    ]
  })
}

/** What to mend on the sites that the view's scope covers, the most important first, and by when. */
export async function listSchoolTasks(db: ReadExecutor, view: RegistryView, terms: TaskTerms) {
  const sites = await listSites(db, view)
  return Promise.all(
    sites.map(async (site) => {
      const drafts = [...stateTasks(site), ...(await sectionTasks(db, view, site, terms.rules))]
      const { org_unit_id, short_name, target_id, url, host, verdict } = site
      return {
        ...{ org_unit_id, short_name, target_id, url, host, verdict },
        last_checked_at: site.last_checked_at?.toISOString() ?? null,
        last_audited_at: site.last_audited_at?.toISOString() ?? null,
        findings: orderFindings(drafts).map((draft): SchoolTask => {
          const since = dayInZone(draft.since, terms.time_zone)
          return { ...draft, since, mend_by: dueDay(since, terms.mend_term_days, terms.calendar) }
        }),
      }
    }),
  )
}
