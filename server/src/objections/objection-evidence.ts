import { sql } from 'kysely'
import { SVEDEN_SUBSECTIONS, type SiteFinding, type SitePlatform, type WebsiteRules } from '../contract/index.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { describeFinding } from '../domain/finding-texts.ts'

export interface EvidencePlace {
  org_unit_id: number
  measurement_id: string | null
  subsection: string | null
}

interface JudgementFacts {
  url: string | null
  presence: string
  findings: SiteFinding[]
  platform: SitePlatform
}

/** What one measurement kept of an objection's finding: pages to open, and a subsection's judgement in words. */
export async function findObjectionEvidence(db: ReadExecutor, place: EvidencePlace, rules: WebsiteRules) {
  const { org_unit_id, measurement_id, subsection } = place
  if (measurement_id === null) return { url: null, findings: [], pages: [] }
  const pages = await db
    .selectFrom('site_evidence')
    .where('org_unit_id', '=', org_unit_id)
    .where('measurement_id', '=', measurement_id)
    .select(['evidence_id', 'url'])
    .orderBy('fetched_at')
    .execute()
  const code = SVEDEN_SUBSECTIONS.find((candidate) => candidate === subsection)
  if (code === undefined) return { url: null, findings: [], pages }
  const { rows } = await sql<JudgementFacts>`
    SELECT s.url, s.presence, s.findings, a.platform
      FROM site_subsection s
      JOIN site_audit a ON a.org_unit_id = s.org_unit_id AND a.audited_at = s.audited_at AND a.audit_id = s.audit_id
     WHERE s.org_unit_id = ${org_unit_id} AND s.audit_id = ${measurement_id} AND s.subsection = ${code}`.execute(db)
  const [judged] = rows
  if (judged === undefined) return { url: null, findings: [], pages }
  const asked = new Set([judged.url, ...judged.findings.map((finding) => finding.url)])
  return {
    url: judged.url,
    findings: judged.findings.map((finding) => ({
      grade: finding.grade,
      headline: describeFinding(rules, code, finding, judged.platform).headline,
      seen: finding.seen,
    })),
    pages: pages.filter((page) => asked.has(page.url)),
  }
}
