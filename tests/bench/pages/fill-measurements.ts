import type pg from 'pg'
import { CHANGE_SETS_PER_DAY, type FillPlan } from './fill-registry.ts'

/** Rounds of a day, as school hours every 15 minutes and other hours every hour make them; two vantages each. */
const ROUNDS_PER_DAY = 50
const VANTAGES = 2
export const CHECKS_PER_TARGET_AND_DAY = ROUNDS_PER_DAY * VANTAGES

/**
 * One round of one site on one day: three in a hundred sites never work, two in a hundred cannot be told, and each
 * round of the others fails once in two hundred times. `$1` is the start of the day, `$2` the place of the day in the plan.
 */
function rounds(plan: FillPlan): string {
  return `(
    SELECT t.n, t.org_unit_id, t.target_id, $2::int * ${ROUNDS_PER_DAY} + r AS round_no,
           CASE WHEN t.n % 33 = 0 OR (t.n * 31 + $2::int * 17 + r) % 211 = 0 THEN 'does_not_work'
                WHEN t.n % 50 = 1 THEN 'cannot_tell' ELSE 'works' END AS verdict,
           $1::timestamptz + make_interval(secs => r * ${86_400 / ROUNDS_PER_DAY} + t.n * 7919 % 1700) AS at,
           ${plan.base_change_set_no} + $2::int * ${CHANGE_SETS_PER_DAY} + 1
             + (r * ${86_400 / ROUNDS_PER_DAY} + t.n * 7919 % 1700) * ${CHANGE_SETS_PER_DAY} / 86401 AS change_set_no
      FROM bench_target t CROSS JOIN generate_series(0, ${ROUNDS_PER_DAY - 1}) r)`
}

const CAUSE = `CASE verdict WHEN 'does_not_work' THEN 'connect_refused' WHEN 'cannot_tell' THEN 'script_shell' END`

async function insertChecks(client: pg.Client, plan: FillPlan, values: unknown[]): Promise<void> {
  await client.query(
    `INSERT INTO site_check (org_unit_id, checked_at, check_id, target_id, lease_id, round_no, attempt, vantage,
            collector_version, provenance, verdict, cause, own_link, resolve_ms, connect_ms, tls_ms, first_byte_ms, total_ms,
            http_status, remote_address, body_sha256, certificate_not_after, certificate_valid, detail, change_set_no)
     SELECT org_unit_id, at + make_interval(secs => v), gen_random_uuid(), target_id, gen_random_uuid(), round_no, 1,
            CASE v WHEN 0 THEN 'saratov' ELSE 'moscow' END, 'website/1', 'measured', verdict, ${CAUSE}, 'up', 3, 12, 31, 40,
            90 + n % 100, CASE WHEN verdict <> 'does_not_work' THEN 200 END, '192.0.2.' || n % 250, md5(n::text) || md5(n::text),
            '2027-03-01', verdict <> 'does_not_work',
            jsonb_build_object('title', 'Школа № ' || n, 'platform', 'own', 'protocol', '1.1', 'charset', 'utf-8',
                               'certificate', jsonb_build_object('issuer', 'CN=Example CA', 'name_matches', true,
                                                                 'chain_trusted', true, 'trust_store', 'system')),
            change_set_no
       FROM ${rounds(plan)} round CROSS JOIN generate_series(0, ${VANTAGES - 1}) v`,
    values,
  )
}

async function insertVerdicts(client: pg.Client, plan: FillPlan, values: unknown[]): Promise<void> {
  await client.query(
    `INSERT INTO site_verdict (org_unit_id, decided_at, target_id, round_no, verdict, cause, agreeing, counted, vantages,
            provenance, change_set_no)
     SELECT org_unit_id, at + interval '1 second', target_id, round_no, verdict, ${CAUSE}, 2, 2, '{saratov,moscow}', 'measured',
            change_set_no FROM ${rounds(plan)} round`,
    values,
  )
  await client.query(
    `INSERT INTO site_hour (org_unit_id, local_day, local_hour, target_id, validity, rule_version, change_set_no, verdicts,
            observed_s, up_s, provenance)
     SELECT org_unit_id, ($1::timestamptz AT TIME ZONE 'UTC')::date, h, target_id, CASE WHEN n % 50 = 1 THEN 'cannot_tell' ELSE 'counted' END, 1,
            ${plan.base_change_set_no} + $2::int * ${CHANGE_SETS_PER_DAY} + 1 + h * 41, 2, 3600,
            CASE WHEN n % 33 = 0 THEN 0 ELSE 3600 END, 'measured'
       FROM bench_target CROSS JOIN generate_series(0, 23) h`,
    values,
  )
}

/** Evidence of a hundredth of the sites that did not give a page. */
async function insertEvidence(client: pg.Client, plan: FillPlan, values: unknown[]): Promise<void> {
  await client.query(
    `INSERT INTO site_evidence (org_unit_id, fetched_at, evidence_id, measurement_id, target_id, url, http_status, headers,
            body_sha256, body_bytes, copy_sha256, is_trimmed, change_set_no)
     SELECT org_unit_id, at, gen_random_uuid(), gen_random_uuid(), target_id, 'https://school-' || n || '.example/', 200,
            '[["content-type", "text/html"], ["server", "nginx"]]', md5(n::text), 512, NULL, false, change_set_no
       FROM ${rounds(plan)} round WHERE verdict = 'cannot_tell'`,
    values,
  )
}

/** Fills one day of 24 hours, the last of which ends with the plan; `place` is its place in the plan, 0 the oldest. */
export async function fillDay(client: pg.Client, plan: FillPlan, place: number): Promise<void> {
  const start = new Date(Date.parse(plan.until) - (plan.days - place) * 86_400_000).toISOString()
  const values = [start, place]
  await insertChecks(client, plan, values)
  await insertVerdicts(client, plan, values)
  await insertEvidence(client, plan, values)
}
