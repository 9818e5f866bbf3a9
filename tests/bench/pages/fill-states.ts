import type pg from 'pg'
import { SVEDEN_SUBSECTIONS, type SiteCertificate } from '../../../server/src/contract/index.ts'
import type { FillPlan } from './fill-registry.ts'

const AUDITS_PER_SITE = 7

const CERTIFICATE: SiteCertificate = {
  issuer: 'CN=Example CA',
  subject: 'CN=school.example',
  not_before: '2026-03-01T00:00:00.000Z',
  not_after: '2027-03-01T00:00:00.000Z',
  name_matches: true,
  chain_trusted: true,
  trust_store: 'system',
  chain_fault: null,
  fingerprint_sha256: 'ab'.repeat(32),
}

/** Weekly audits with a judgement of every subsection; findings where something is wanting. */
async function fillAudits(client: pg.Client, last: number): Promise<void> {
  await client.query(
    `INSERT INTO site_audit
     SELECT org_unit_id, now() - make_interval(days => w * 7, secs => n * 7919 % 500000), gen_random_uuid(), target_id,
            gen_random_uuid(), 'saratov', 'website/1', 'audited', NULL, '2026-03-01', 'own',
            'https://school-' || n || '.example/sveden', 20, 30000, $1
       FROM bench_target CROSS JOIN generate_series(1, ${AUDITS_PER_SITE}) w`,
    [last],
  )
  await client.query(
    `INSERT INTO site_subsection
     SELECT a.org_unit_id, a.audited_at, a.audit_id, s.subsection, 'collector', a.target_id,
            a.section_url || '/' || s.subsection, 'sveden', CASE WHEN (t.n + s.i) % 9 = 0 THEN 'absent' ELSE 'present' END,
            CASE WHEN (t.n + s.i) % 4 = 0 THEN 'none' ELSE 'current' END, 'dated', 5, 8, 4, '2026-09-01',
            CASE WHEN (t.n + s.i) % 9 = 0
                 THEN jsonb_build_array(jsonb_build_object('rule', s.subsection, 'scale', 'presence', 'outcome', 'absent',
                        'grade', 'violation', 'seen', NULL, 'url', NULL, 'place', NULL))
                 ELSE '[]' END, a.change_set_no
       FROM site_audit a JOIN bench_target t ON t.org_unit_id = a.org_unit_id
      CROSS JOIN unnest($1::text[]) WITH ORDINALITY s(subsection, i)`,
    [[...SVEDEN_SUBSECTIONS]],
  )
}

/** The newest state of each site as ingest would have left it. */
async function fillSiteStates(client: pg.Client, last: number): Promise<void> {
  await client.query(
    `INSERT INTO site_state (org_unit_id, target_id, verdict, cause, verdict_since, last_checked_at, last_verdict_at,
            last_round_no, remote_address, http_status, total_ms, answered_at, title, platform, certificate,
            certificate_not_after, certificate_valid, last_audit_id, last_audited_at, audit_outcome, newest_verdict,
            newest_verdict_at, newest_verdict_round_no, newest_probe_at, seen_at, seen_check_id, seen_certificate_valid,
            seen_cause, change_set_no)
     SELECT t.org_unit_id, t.target_id, v.verdict, v.cause, v.decided_at - interval '5 days', v.decided_at, v.decided_at,
            v.round_no, '192.0.2.' || t.n % 250, 200, 90, v.decided_at, 'Школа № ' || t.n, 'own',
            $2, '2027-03-01', true, a.audit_id, a.audited_at, 'audited', v.verdict, v.decided_at, v.round_no,
            c.checked_at, c.checked_at, c.check_id, c.certificate_valid, c.cause, $1
       FROM bench_target t
       JOIN (SELECT DISTINCT ON (org_unit_id) * FROM site_verdict WHERE decided_at > now() - interval '2 days'
              ORDER BY org_unit_id, round_no DESC) v ON v.org_unit_id = t.org_unit_id
       JOIN (SELECT DISTINCT ON (org_unit_id) * FROM site_check WHERE checked_at > now() - interval '2 days'
              ORDER BY org_unit_id, checked_at DESC) c ON c.org_unit_id = t.org_unit_id
       JOIN (SELECT DISTINCT ON (org_unit_id) * FROM site_audit ORDER BY org_unit_id, audited_at DESC) a
         ON a.org_unit_id = t.org_unit_id`,
    [last, JSON.stringify(CERTIFICATE)],
  )
}

/** A closed incident in every third site's past, an open one for each site that never works. */
async function fillIncidents(client: pg.Client, last: number): Promise<void> {
  await client.query(
    `CREATE UNLOGGED TABLE bench_incident AS
     SELECT nextval('incident_incident_id_seq') AS incident_id, org_unit_id, target_id, n, n % 33 = 0 AS is_open,
            now() - make_interval(days => 1 + n % 40) AS opened_at
       FROM bench_target WHERE n % 3 = 0`,
  )
  await client.query('INSERT INTO incident SELECT incident_id, opened_at, $1 FROM bench_incident', [last])
  await client.query(
    `INSERT INTO incident_event
     SELECT incident_id, e, CASE e WHEN 1 THEN 'opened' ELSE 'closed' END, opened_at + make_interval(hours => e - 1), 'site',
            target_id::text, 'connect_refused', CASE e WHEN 1 THEN 1 ELSE 0 END, NULL, $1
       FROM bench_incident JOIN generate_series(1, 2) e ON e = 1 OR NOT is_open`,
    [last],
  )
  await client.query(
    `INSERT INTO incident_member
     SELECT org_unit_id, incident_id, target_id, CASE e WHEN 1 THEN 'joined' ELSE 'left' END,
            opened_at + make_interval(hours => e - 1), 'connect_refused', $1
       FROM bench_incident JOIN generate_series(1, 2) e ON e = 1 OR NOT is_open`,
    [last],
  )
}

/** Queues, a day of leases, and the collectors' reports. */
async function fillCollection(client: pg.Client): Promise<void> {
  await client.query(
    `INSERT INTO due_work (kind, work_key, org_unit_id, target_id, vantage, due_at)
     SELECT 'site_check', target_id || '/' || v, org_unit_id, target_id, v, now() + make_interval(secs => n % 900 - 60)
       FROM bench_target CROSS JOIN unnest('{saratov,moscow}'::text[]) v
     UNION ALL
     SELECT 'site_audit', target_id::text, org_unit_id, target_id, NULL, now() + make_interval(secs => n * 60) FROM bench_target`,
  )
  await client.query(
    `INSERT INTO lease
     SELECT gen_random_uuid(), w.work_id, w.kind, w.org_unit_id, w.target_id, NULL, 'collector-' || w.vantage, w.vantage,
            r, 1, now() - make_interval(mins => r * 29), now() - make_interval(mins => r * 29 - 5)
       FROM due_work w CROSS JOIN generate_series(0, 49) r WHERE w.kind = 'site_check'`,
  )
  await client.query(
    `INSERT INTO collector_report
     SELECT 'collector-' || v, v, now() - make_interval(secs => i * 10), 'website/1', 12, 0, 150, 3, 3, 120, 0, 0
       FROM generate_series(0, 60000) i CROSS JOIN unnest('{saratov,moscow}'::text[]) v`,
  )
}

/** Everything that stands beside the series of measurements; after them, because states follow from them. */
export async function fillStates(client: pg.Client, plan: FillPlan, last_change_set_no: number): Promise<void> {
  if (plan.targets === 0) return
  await fillAudits(client, last_change_set_no)
  await fillSiteStates(client, last_change_set_no)
  await fillIncidents(client, last_change_set_no)
  await fillCollection(client)
}
