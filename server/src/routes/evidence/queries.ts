import { sql } from 'kysely'
import type { SiteCause, SiteVerdict } from '../../contract/index.ts'
import { isVisible, type AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'

interface EvidenceFacts {
  org_unit_id: number
  evidence_id: string
  target_id: string
  measurement_id: string
  url: string
  fetched_at: Date
  vantage: string | null
  collector_version: string | null
  verdict: SiteVerdict | null
  cause: SiteCause | null
  http_status: number | null
  headers: [string, string][]
  body_sha256: string | null
  body_bytes: number
  copy_sha256: string | null
  is_trimmed: boolean
  change_set_no: number
}

export interface EvidencePlace {
  org_unit_id: number
  evidence_id: string
  scope: AccessScope
}

/** One piece of evidence with the probe or audit it belongs to; null when there is none. */
export async function findEvidence(db: ReadExecutor, place: EvidencePlace) {
  const { org_unit_id, evidence_id } = place
  const { rows } = await sql<EvidenceFacts>`
    SELECT e.org_unit_id, e.evidence_id, e.target_id, e.measurement_id, e.url, e.fetched_at,
           coalesce(c.vantage, a.vantage) AS vantage, coalesce(c.collector_version, a.collector_version) AS collector_version,
           c.verdict, coalesce(c.cause, a.cause) AS cause, e.http_status, e.headers, e.body_sha256, e.body_bytes,
           e.copy_sha256, e.is_trimmed, e.change_set_no
      FROM site_evidence e
      LEFT JOIN site_check c ON c.org_unit_id = e.org_unit_id AND c.check_id = e.measurement_id
       AND c.checked_at BETWEEN e.fetched_at - interval '1 day' AND e.fetched_at + interval '1 day'
      LEFT JOIN site_audit a ON a.org_unit_id = e.org_unit_id AND a.audit_id = e.measurement_id
     WHERE e.org_unit_id = ${org_unit_id} AND e.evidence_id = ${evidence_id}
       AND ${isVisible(place.scope, sql`e.org_unit_id`)}`.execute(db)
  const [row] = rows
  return row === undefined ? null : { ...row, fetched_at: row.fetched_at.toISOString() }
}
