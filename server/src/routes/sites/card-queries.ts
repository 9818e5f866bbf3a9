import { sql } from 'kysely'
import type { Provenance, SiteCause, SiteCertificate, SiteVerdict } from '../../contract/index.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { targetsOn } from '../../db/registry-as-known.ts'
import { joinStretches, type VerdictPoint } from '../../domain/verdict-stretches.ts'
import { statesAsKnown, type SiteView } from './states-as-known.ts'

const NEWEST_CHECKS = 30

interface SiteFacts {
  target_id: string
  kind: string
  url: string
  host: string
  valid_from: string
  verdict: SiteVerdict | null
  cause: SiteCause | null
  verdict_since: Date | null
  last_checked_at: Date | null
  last_verdict_at: Date | null
  is_flapping: boolean | null
  incident_id: number | null
  platform: string | null
  title: string | null
  http_status: number | null
  total_ms: number | null
  certificate: SiteCertificate | null
  certificate_valid: boolean | null
  last_audit_id: string | null
}

/** Addresses of one unit on the view's day with their state. */
export async function listSites(db: ReadExecutor, view: SiteView, org_unit_id: number): Promise<SiteFacts[]> {
  const targets = targetsOn(db, view).where('t.org_unit_id', '=', org_unit_id)
  const { rows } = await sql<SiteFacts>`
    WITH t AS MATERIALIZED (${targets})
    SELECT t.target_id, t.kind, t.url, t.host, t.valid_from, s.verdict, s.cause, s.verdict_since, s.last_checked_at,
           s.last_verdict_at, s.is_flapping, s.incident_id, s.platform, s.title, s.http_status, s.total_ms,
           s.certificate, s.certificate_valid, s.last_audit_id
      FROM t
      LEFT JOIN ${statesAsKnown(view, sql`t`)} s ON s.org_unit_id = t.org_unit_id AND s.target_id = t.target_id
     ORDER BY t.kind, t.host`.execute(db)
  return rows
}

interface CheckFacts {
  check_id: string
  checked_at: Date
  round_no: number
  attempt: number
  vantage: string
  collector_version: string
  provenance: Provenance
  verdict: SiteVerdict
  cause: SiteCause | null
  own_link: 'up' | 'down' | 'not_watched'
  resolve_ms: number | null
  connect_ms: number | null
  tls_ms: number | null
  first_byte_ms: number | null
  total_ms: number
  http_status: number | null
  remote_address: string | null
  evidence_id: string | null
}

/** The newest probes of a site, newest first, with what was kept of each. */
export async function listChecks(db: ReadExecutor, view: SiteView, org_unit_id: number, target_id: string) {
  const { rows } = await sql<CheckFacts>`
    SELECT c.*, e.evidence_id
      FROM (SELECT check_id, checked_at, round_no, attempt, vantage, collector_version, provenance, verdict, cause, own_link,
                   resolve_ms, connect_ms, tls_ms, first_byte_ms, total_ms, http_status, remote_address
              FROM site_check
             WHERE org_unit_id = ${org_unit_id} AND target_id = ${target_id} AND change_set_no <= ${view.known_at_change_set_no}
             ORDER BY checked_at DESC LIMIT ${NEWEST_CHECKS}) c
      LEFT JOIN (SELECT measurement_id, evidence_id FROM site_evidence WHERE org_unit_id = ${org_unit_id}) e
        ON e.measurement_id = c.check_id
     ORDER BY c.checked_at DESC, c.check_id`.execute(db)
  return rows.map((row) => ({ ...row, checked_at: row.checked_at.toISOString() }))
}

interface TimelineRequest {
  org_unit_id: number
  target_id: string
  days: number
}

/** Verdicts of a site as stretches of one verdict and cause, oldest first. */
export async function listTimeline(db: ReadExecutor, view: SiteView, request: TimelineRequest) {
  const { rows } = await sql<Omit<VerdictPoint, 'decided_at'> & { decided_at: Date }>`
    SELECT decided_at, verdict, cause, vantages, provenance FROM site_verdict
     WHERE org_unit_id = ${request.org_unit_id} AND target_id = ${request.target_id}
       AND change_set_no <= ${view.known_at_change_set_no}
       AND decided_at > ${view.known_at ?? new Date().toISOString()}::timestamptz - make_interval(days => ${request.days})
     ORDER BY decided_at, round_no`.execute(db)
  const stretches = joinStretches(rows.map((row) => ({ ...row, decided_at: row.decided_at.getTime() })))
  return stretches.map((stretch) => ({
    ...stretch,
    from: new Date(stretch.from).toISOString(),
    to: new Date(stretch.to).toISOString(),
  }))
}
