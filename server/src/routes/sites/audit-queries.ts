import { sql } from 'kysely'
import {
  SVEDEN_SUBSECTIONS,
  type AUDIT_OUTCOMES,
  type Freshness,
  type Markup,
  type Presence,
  type SiteCause,
  type SiteFinding,
  type SitePlatform,
  type SvedenSubsection,
  type WebsiteRules,
} from '../../contract/index.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { describeFinding } from '../../domain/finding-texts.ts'
import { listFileStates, type FileTerm } from '../../files/attached-files.ts'
import { describeFileState } from '../../files/file-state-schema.ts'
import type { SiteView } from './states-as-known.ts'

const HUMAN_CHECKS = 10

interface SubsectionFacts {
  audit_id: string
  subsection: SvedenSubsection
  source_grade: 'collector' | 'person'
  audited_at: Date
  url: string | null
  found_by: 'sveden' | 'gosweb' | 'menu' | null
  presence: Presence
  markup: Markup | null
  freshness: Freshness | null
  items_present: number
  items_expected: number
  items_marked: number
  dated_on: string | null
  findings: SiteFinding[]
}

interface AuditFacts {
  audit_id: string
  audited_at: Date
  outcome: (typeof AUDIT_OUTCOMES)[number]
  cause: SiteCause | null
  rule_set: string
  platform: SitePlatform
  section_url: string | null
  page_count: number
  duration_ms: number
}

async function listSubsections(db: ReadExecutor, view: SiteView, org_unit_id: number, auditIds: readonly string[]) {
  const { rows } = await sql<SubsectionFacts>`
    SELECT audit_id, subsection, source_grade, audited_at, url, found_by, presence, markup, freshness, items_present,
           items_expected, items_marked, dated_on, findings
      FROM site_subsection
     WHERE org_unit_id = ${org_unit_id} AND audit_id = ANY(${auditIds}::uuid[])
       AND change_set_no <= ${view.known_at_change_set_no}`.execute(db)
  return rows.sort((a, b) => SVEDEN_SUBSECTIONS.indexOf(a.subsection) - SVEDEN_SUBSECTIONS.indexOf(b.subsection))
}

/** Evidence of an audit's pages, by the address of the page. */
async function findPageEvidence(db: ReadExecutor, org_unit_id: number, audit_id: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('site_evidence')
    .where('org_unit_id', '=', org_unit_id)
    .where('measurement_id', '=', audit_id)
    .select(['url', 'evidence_id'])
    .execute()
  return new Map(rows.map((row) => [row.url, row.evidence_id]))
}

function describeSubsection(
  facts: SubsectionFacts,
  rules: WebsiteRules,
  platform: SitePlatform,
  evidence: ReadonlyMap<string, string>,
) {
  const { audited_at, findings, ...row } = facts
  const title = rules.subsections.find((entry) => entry.subsection === row.subsection)?.title ?? row.subsection
  return {
    ...row,
    title,
    judged_at: audited_at.toISOString(),
    findings: findings.map((finding) => ({
      ...finding,
      ...describeFinding(rules, row.subsection, finding, platform),
      evidence_id: evidence.get(finding.url ?? row.url ?? '') ?? null,
    })),
  }
}

/** The newest audit of a site with every subsection and finding in words; null when there is none. */
export async function findAudit(
  db: ReadExecutor,
  view: SiteView,
  place: { org_unit_id: number; audit_id: string | null },
  rules: WebsiteRules,
) {
  const { org_unit_id, audit_id } = place
  if (audit_id === null) return null
  const { rows } = await sql<AuditFacts>`
    SELECT audit_id, audited_at, outcome, cause, rule_set, platform, section_url, page_count, duration_ms
      FROM site_audit WHERE org_unit_id = ${org_unit_id} AND audit_id = ${audit_id}`.execute(db)
  const [audit] = rows
  if (audit === undefined) return null
  const evidence = await findPageEvidence(db, org_unit_id, audit_id)
  const subsections = await listSubsections(db, view, org_unit_id, [audit_id])
  return {
    ...audit,
    audited_at: audit.audited_at.toISOString(),
    subsections: subsections.map((row) => describeSubsection(row, rules, audit.platform, evidence)),
  }
}

/** What people found with the checklist, newest first. */
export async function listHumanChecks(
  db: ReadExecutor,
  view: SiteView,
  place: { org_unit_id: number; target_id: string; platform: SitePlatform },
  terms: Pick<FileTerm, 'file_term_days'> & { rules: WebsiteRules },
) {
  const checks = await db
    .selectFrom('human_check')
    .where('org_unit_id', '=', place.org_unit_id)
    .where('target_id', '=', place.target_id)
    .where('change_set_no', '<=', view.known_at_change_set_no)
    .select(['human_check_id', 'checked_on', 'person', 'note', 'is_decisive'])
    .orderBy('checked_on', 'desc')
    .orderBy('change_set_no', 'desc')
    .limit(HUMAN_CHECKS)
    .execute()
  if (checks.length === 0) return []
  const ids = checks.map((check) => check.human_check_id)
  const subsections = await listSubsections(db, view, place.org_unit_id, ids)
  const pictures = await listFileStates(db, { org_unit_ids: [place.org_unit_id], fact_ids: ids }, terms)
  return checks.map((check) => ({
    ...check,
    picture: describeFileState(pictures.get(check.human_check_id)),
    subsections: subsections
      .filter((row) => row.audit_id === check.human_check_id)
      .map((row) => describeSubsection(row, terms.rules, place.platform, new Map())),
  }))
}
