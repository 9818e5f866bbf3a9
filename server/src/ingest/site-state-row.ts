import { sql } from 'kysely'
import type { SiteAudit, SiteCause, SiteVerdict } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { NO_VERDICT_YET, type VerdictState } from '../domain/site-state.ts'
import { isCertificateValid, type AdmittedCheck } from './store-measurements.ts'

/** Newest state of one target as it is kept. Times are milliseconds since the epoch, as the rules want them. */
export interface SiteState extends VerdictState {
  org_unit_id: number
  target_id: string
  last_checked_at: number | null
  last_check_id: string | null
  incident_id: number | null
  remote_address: string | null
  address_seen_at: number | null
  address_check_id: string | null
  http_status: number | null
  total_ms: number | null
  answered_at: number | null
  answer_check_id: string | null
  title: string | null
  platform: string | null
  certificate: unknown
  certificate_not_after: number | null
  certificate_valid: boolean | null
  last_audit_id: string | null
  last_audited_at: number | null
  audit_outcome: string | null
  newest_verdict: SiteVerdict | null
  newest_verdict_at: number | null
  newest_verdict_round_no: number | null
  newest_probe_at: number | null
  seen_at: number | null
  seen_check_id: string | null
  seen_certificate_valid: boolean | null
  seen_cause: SiteCause | null
}

export function emptyState(org_unit_id: number, target_id: string): SiteState {
  return {
    ...NO_VERDICT_YET,
    org_unit_id,
    target_id,
    last_checked_at: null,
    last_check_id: null,
    incident_id: null,
    remote_address: null,
    address_seen_at: null,
    address_check_id: null,
    http_status: null,
    total_ms: null,
    answered_at: null,
    answer_check_id: null,
    title: null,
    platform: null,
    certificate: null,
    certificate_not_after: null,
    certificate_valid: null,
    last_audit_id: null,
    last_audited_at: null,
    audit_outcome: null,
    newest_verdict: null,
    newest_verdict_at: null,
    newest_verdict_round_no: null,
    newest_probe_at: null,
    seen_at: null,
    seen_check_id: null,
    seen_certificate_valid: null,
    seen_cause: null,
  }
}

/** Newer by time, of one time by id: whatever order results arrive in, the same one is the newest. */
function isNewer(at: number, id: string, knownAt: number | null, knownId: string | null): boolean {
  return knownAt === null || knownId === null || at > knownAt || (at === knownAt && id > knownId)
}

/** Takes over what a probe shows, as far as it is newer than what is known. */
export function takeCheck(state: SiteState, { check }: Pick<AdmittedCheck, 'check'>): void {
  const at = Date.parse(check.started_at)
  if (isNewer(at, check.id, state.last_checked_at, state.last_check_id)) {
    state.last_checked_at = at
    state.last_check_id = check.id
    state.http_status = check.http_status
    state.total_ms = check.timings.total_ms
  }
  if (check.remote_address !== null && isNewer(at, check.id, state.address_seen_at, state.address_check_id)) {
    state.address_seen_at = at
    state.address_check_id = check.id
    state.remote_address = check.remote_address
  }
  const { certificate } = check
  const hasAnswer = check.http_status !== null || certificate !== null
  if (hasAnswer && isNewer(at, check.id, state.answered_at, state.answer_check_id)) {
    state.answered_at = at
    state.answer_check_id = check.id
    state.title = check.title
    state.platform = check.platform
    state.certificate = certificate
    state.certificate_not_after = certificate === null ? null : Date.parse(certificate.not_after)
    state.certificate_valid = isCertificateValid(certificate, check.started_at)
  }
}

/** Takes over what figures count of a probe, measured or modelled, as far as it is the newest. True: something changed. */
export function takeFigures(state: SiteState, { check }: Pick<AdmittedCheck, 'check'>): boolean {
  const at = Date.parse(check.started_at)
  const isNewest = state.newest_probe_at === null || at > state.newest_probe_at
  if (isNewest) state.newest_probe_at = at
  const certificate_valid = isCertificateValid(check.certificate, check.started_at)
  const hasSeen = certificate_valid !== null || (check.http_status !== null && check.timings.tls_ms === null)
  if (!hasSeen || !isNewer(at, check.id, state.seen_at, state.seen_check_id)) return isNewest
  state.seen_at = at
  state.seen_check_id = check.id
  state.seen_certificate_valid = certificate_valid
  state.seen_cause = check.cause
  return true
}

/** Takes over a verdict, measured or modelled, as the one that figures count. True: it is the newest. */
export function takeVerdict(
  state: SiteState,
  round: { decided_at: number; round_no: number; verdict: SiteVerdict },
): boolean {
  const { newest_verdict_at: known, newest_verdict_round_no: knownRound } = state
  const isNewest =
    known === null ||
    round.decided_at > known ||
    (round.decided_at === known && round.round_no > (knownRound ?? -Infinity))
  if (!isNewest) return false
  state.newest_verdict = round.verdict
  state.newest_verdict_at = round.decided_at
  state.newest_verdict_round_no = round.round_no
  return true
}

export function takeAudit(state: SiteState, audit: Pick<SiteAudit, 'id' | 'started_at' | 'outcome'>): void {
  const at = Date.parse(audit.started_at)
  if (!isNewer(at, audit.id, state.last_audited_at, state.last_audit_id)) return
  state.last_audit_id = audit.id
  state.last_audited_at = at
  state.audit_outcome = audit.outcome
}

const STATE_COLUMNS = [
  'verdict',
  'cause',
  'verdict_since',
  'last_checked_at',
  'last_check_id',
  'last_verdict_at',
  'last_round_no',
  'failed_rounds',
  'good_rounds',
  'is_flapping',
  'recent_turns',
  'incident_id',
  'remote_address',
  'address_seen_at',
  'address_check_id',
  'http_status',
  'total_ms',
  'answered_at',
  'answer_check_id',
  'title',
  'platform',
  'certificate',
  'certificate_not_after',
  'certificate_valid',
  'last_audit_id',
  'last_audited_at',
  'audit_outcome',
  'newest_verdict',
  'newest_verdict_at',
  'newest_verdict_round_no',
  'newest_probe_at',
  'seen_at',
  'seen_check_id',
  'seen_certificate_valid',
  'seen_cause',
] as const

function toMs(at: Date | null): number | null {
  return at === null ? null : at.getTime()
}

/** States of the targets that have one, by target. */
export async function findStates(
  tx: WriteExecutor,
  targets: readonly { org_unit_id: number; target_id: string }[],
): Promise<Map<string, SiteState>> {
  if (targets.length === 0) return new Map()
  const orgUnitIds = [...new Set(targets.map((target) => target.org_unit_id))]
  const targetIds = [...new Set(targets.map((target) => target.target_id))]
  const rows = await tx
    .selectFrom('site_state')
    .select(['org_unit_id', 'target_id', ...STATE_COLUMNS])
    .where('org_unit_id', 'in', orgUnitIds)
    .where('target_id', 'in', targetIds)
    .execute()
  const states = rows.map((row): SiteState => {
    return {
      ...row,
      verdict: row.verdict as SiteVerdict | null,
      cause: row.cause as SiteCause | null,
      verdict_since: toMs(row.verdict_since),
      last_verdict_at: toMs(row.last_verdict_at),
      last_checked_at: toMs(row.last_checked_at),
      address_seen_at: toMs(row.address_seen_at),
      answered_at: toMs(row.answered_at),
      certificate_not_after: toMs(row.certificate_not_after),
      last_audited_at: toMs(row.last_audited_at),
      newest_verdict: row.newest_verdict as SiteVerdict | null,
      newest_verdict_at: toMs(row.newest_verdict_at),
      newest_probe_at: toMs(row.newest_probe_at),
      seen_at: toMs(row.seen_at),
      seen_cause: row.seen_cause as SiteCause | null,
      recent_turns: row.recent_turns.map((turn) => turn.getTime()),
    }
  })
  return new Map(states.map((state) => [state.target_id, state]))
}

function toIso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** Writes states in one statement, new ones and changed ones. */
export async function upsertStates(
  tx: WriteExecutor,
  states: readonly SiteState[],
  change_set_no: number,
): Promise<void> {
  if (states.length === 0) return
  const values = states.map((state) => ({
    ...state,
    verdict_since: toIso(state.verdict_since),
    last_verdict_at: toIso(state.last_verdict_at),
    last_checked_at: toIso(state.last_checked_at),
    address_seen_at: toIso(state.address_seen_at),
    answered_at: toIso(state.answered_at),
    certificate_not_after: toIso(state.certificate_not_after),
    last_audited_at: toIso(state.last_audited_at),
    newest_verdict_at: toIso(state.newest_verdict_at),
    newest_probe_at: toIso(state.newest_probe_at),
    seen_at: toIso(state.seen_at),
    recent_turns: state.recent_turns.map(toIso),
    change_set_no,
  }))
  const columns = sql.join([...STATE_COLUMNS, 'change_set_no' as const].map((column) => sql.ref(column)))
  const updates = sql.join(
    [...STATE_COLUMNS, 'change_set_no' as const].map(
      (column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`,
    ),
  )
  await sql`
    INSERT INTO site_state (org_unit_id, target_id, ${columns})
    SELECT org_unit_id, target_id, ${columns}
      FROM jsonb_populate_recordset(NULL::site_state, ${JSON.stringify(values)}::jsonb)
     ORDER BY org_unit_id, target_id
    ON CONFLICT (org_unit_id, target_id) DO UPDATE SET ${updates}`.execute(tx)
}
