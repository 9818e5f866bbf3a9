import type { Insertable } from 'kysely'
import type { PageEvidence, Provenance, SiteAudit, SiteCertificate, SiteCheck } from '../contract/index.ts'
import { hashBytes, storeBlobs, type BlobContent } from '../db/blobs.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import type { AdmittedRow, WorkOrder } from './admit-rows.ts'

const COPY_MEDIA_TYPE = 'application/gzip'

/** What is written beside every fact of one batch. */
export interface BatchStamp {
  vantage: string
  collector_version: string
  provenance: Provenance
  change_set_no: number
}

export interface AdmittedCheck {
  check: SiteCheck
  order: WorkOrder
}

function pagesOf(row: AdmittedRow): PageEvidence[] {
  const { measurement } = row
  if (measurement.kind === 'site_audit') return measurement.pages
  return measurement.evidence === null ? [] : [measurement.evidence]
}

function copyOf(page: PageEvidence): BlobContent | null {
  if (page.body_gzip_base64 === null) return null
  const bytes = Buffer.from(page.body_gzip_base64, 'base64')
  return { sha256: hashBytes(bytes), bytes, media_type: COPY_MEDIA_TYPE }
}

/** Keeps the trimmed copies of all pages. Needs no change set: do it before the order lock is taken. */
export async function storePageCopies(tx: WriteExecutor, rows: readonly AdmittedRow[]): Promise<void> {
  const copies = rows.flatMap((row) => pagesOf(row).flatMap((page) => copyOf(page) ?? []))
  await storeBlobs(tx, copies)
}

/** In time when it was seen, for this name, and trusted by some store; null without TLS. */
export function isCertificateValid(certificate: SiteCertificate | null, seen_at: string): boolean | null {
  if (certificate === null) return null
  const at = Date.parse(seen_at)
  const isInTime = Date.parse(certificate.not_before) <= at && at <= Date.parse(certificate.not_after)
  return isInTime && certificate.name_matches && certificate.chain_trusted
}

function toCheckRow({ check, order }: AdmittedCheck, stamp: BatchStamp): Insertable<DB['site_check']> {
  const { certificate, timings } = check
  return {
    org_unit_id: check.org_unit_id,
    checked_at: new Date(check.started_at),
    check_id: check.id,
    target_id: check.target_id,
    lease_id: check.lease_id,
    round_no: order.round_no,
    attempt: order.attempt,
    ...stamp,
    verdict: check.verdict,
    cause: check.cause,
    own_link: check.own_link,
    ...timings,
    http_status: check.http_status,
    remote_address: check.remote_address,
    body_sha256: check.body_sha256,
    certificate_not_after: certificate === null ? null : new Date(certificate.not_after),
    certificate_valid: isCertificateValid(certificate, check.started_at),
    detail: JSON.stringify({
      url: check.url,
      redirects: check.redirects,
      final_url: check.final_url,
      http_version: check.http_version,
      body_bytes: check.body_bytes,
      charset: check.charset,
      charset_source: check.charset_source,
      title: check.title,
      platform: check.platform,
      tls_resumed: check.tls_resumed,
      certificate,
    }),
  }
}

function toAuditRow(audit: SiteAudit, stamp: BatchStamp): Insertable<DB['site_audit']> {
  return {
    org_unit_id: audit.org_unit_id,
    audited_at: new Date(audit.started_at),
    audit_id: audit.id,
    target_id: audit.target_id,
    lease_id: audit.lease_id,
    vantage: stamp.vantage,
    collector_version: stamp.collector_version,
    outcome: audit.outcome,
    cause: audit.cause,
    rule_set: audit.rule_set,
    platform: audit.platform,
    section_url: audit.section_url,
    page_count: audit.pages.length,
    duration_ms: audit.duration_ms,
    change_set_no: stamp.change_set_no,
  }
}

function toSubsectionRows(audit: SiteAudit, stamp: BatchStamp): Insertable<DB['site_subsection']>[] {
  return audit.subsections.map((judgement) => ({
    ...judgement,
    org_unit_id: audit.org_unit_id,
    audited_at: new Date(audit.started_at),
    audit_id: audit.id,
    target_id: audit.target_id,
    source_grade: 'collector',
    findings: JSON.stringify(judgement.findings),
    change_set_no: stamp.change_set_no,
  }))
}

function toEvidenceRows(row: AdmittedRow, stamp: BatchStamp): Insertable<DB['site_evidence']>[] {
  const { measurement } = row
  return pagesOf(row).map((page) => ({
    org_unit_id: measurement.org_unit_id,
    fetched_at: new Date(page.fetched_at),
    evidence_id: crypto.randomUUID(),
    measurement_id: measurement.id,
    target_id: measurement.target_id,
    url: page.url,
    http_status: page.http_status,
    headers: JSON.stringify(page.headers),
    body_sha256: page.body_sha256,
    body_bytes: page.body_bytes,
    copy_sha256: copyOf(page)?.sha256 ?? null,
    is_trimmed: page.trimmed,
    change_set_no: stamp.change_set_no,
  }))
}

/** Splits admitted rows by kind, in the order of unit and time that facts are written in. */
export function splitByKind(rows: readonly AdmittedRow[]): { checks: AdmittedCheck[]; audits: SiteAudit[] } {
  const sorted = [...rows].sort(
    (a, b) =>
      a.measurement.org_unit_id - b.measurement.org_unit_id ||
      Date.parse(a.measurement.started_at) - Date.parse(b.measurement.started_at),
  )
  const checks: AdmittedCheck[] = []
  const audits: SiteAudit[] = []
  for (const { measurement, order } of sorted) {
    if (measurement.kind === 'site_check') checks.push({ check: measurement, order })
    else audits.push(measurement)
  }
  return { checks, audits }
}

/** Writes the facts of one batch. */
export async function storeMeasurements(
  tx: WriteExecutor,
  rows: readonly AdmittedRow[],
  stamp: BatchStamp,
): Promise<void> {
  const { checks, audits } = splitByKind(rows)
  await insertRows(
    tx,
    'site_check',
    checks.map((check) => toCheckRow(check, stamp)),
  )
  await insertRows(
    tx,
    'site_audit',
    audits.map((audit) => toAuditRow(audit, stamp)),
  )
  await insertRows(
    tx,
    'site_subsection',
    audits.flatMap((audit) => toSubsectionRows(audit, stamp)),
  )
  await insertRows(
    tx,
    'site_evidence',
    rows.flatMap((row) => toEvidenceRows(row, stamp)),
  )
}
