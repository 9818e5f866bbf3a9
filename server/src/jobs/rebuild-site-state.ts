import { sql } from 'kysely'
import type { SiteCause, SiteCertificate, SiteVerdict } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { foldRound } from '../domain/site-state.ts'
import { writeSections } from '../ingest/site-sections.ts'
import { emptyState, takeVerdict, upsertStates, type SiteState } from '../ingest/site-state-row.ts'

interface CheckFacts {
  org_unit_id: number
  target_id: string
  check_id: string
  checked_at: Date
  http_status: number | null
  total_ms: number
  remote_address: string | null
  title: string | null
  platform: string | null
  certificate: SiteCertificate | null
  certificate_not_after: Date | null
  certificate_valid: boolean | null
}

type StateFinder = (org_unit_id: number, target_id: string) => SiteState

/** The newest real probe of each target that a condition holds for. */
async function findNewestChecks(tx: WriteExecutor, condition: ReturnType<typeof sql>): Promise<CheckFacts[]> {
  const { rows } = await sql<CheckFacts>`
    SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, check_id, checked_at, http_status, total_ms,
           remote_address, detail->>'title' AS title, detail->>'platform' AS platform,
           nullif(detail->'certificate', 'null'::jsonb) AS certificate, certificate_not_after, certificate_valid
      FROM site_check WHERE provenance = 'measured' AND ${condition}
     ORDER BY org_unit_id, target_id, checked_at DESC, check_id DESC`.execute(tx)
  return rows
}

async function takeChecks(tx: WriteExecutor, stateOf: StateFinder): Promise<void> {
  for (const row of await findNewestChecks(tx, sql`true`)) {
    Object.assign(stateOf(row.org_unit_id, row.target_id), {
      last_checked_at: row.checked_at.getTime(),
      last_check_id: row.check_id,
      http_status: row.http_status,
      total_ms: row.total_ms,
    })
  }
  for (const row of await findNewestChecks(tx, sql`remote_address IS NOT NULL`)) {
    Object.assign(stateOf(row.org_unit_id, row.target_id), {
      address_seen_at: row.checked_at.getTime(),
      address_check_id: row.check_id,
      remote_address: row.remote_address,
    })
  }
  for (const row of await findNewestChecks(tx, sql`(http_status IS NOT NULL OR certificate_not_after IS NOT NULL)`)) {
    Object.assign(stateOf(row.org_unit_id, row.target_id), {
      answered_at: row.checked_at.getTime(),
      answer_check_id: row.check_id,
      title: row.title,
      platform: row.platform,
      certificate: row.certificate,
      certificate_not_after: row.certificate_not_after?.getTime() ?? null,
      certificate_valid: row.certificate_valid,
    })
  }
}

async function takeAudits(tx: WriteExecutor, stateOf: StateFinder): Promise<void> {
  const audits = await tx
    .selectFrom('site_audit')
    .distinctOn(['org_unit_id', 'target_id'])
    .select(['org_unit_id', 'target_id', 'audit_id', 'audited_at', 'outcome'])
    .orderBy('org_unit_id')
    .orderBy('target_id')
    .orderBy('audited_at', 'desc')
    .orderBy('audit_id', 'desc')
    .execute()
  for (const audit of audits) {
    Object.assign(stateOf(audit.org_unit_id, audit.target_id), {
      last_audit_id: audit.audit_id,
      last_audited_at: audit.audited_at.getTime(),
      audit_outcome: audit.outcome,
    })
  }
}

async function takeVerdicts(tx: WriteExecutor, stateOf: StateFinder): Promise<void> {
  const verdicts = await tx
    .selectFrom('site_verdict')
    .where('provenance', '=', 'measured')
    .select(['org_unit_id', 'target_id', 'round_no', 'decided_at', 'verdict', 'cause'])
    .orderBy('org_unit_id')
    .orderBy('target_id')
    .orderBy('round_no')
    .execute()
  for (const row of verdicts) {
    const state = stateOf(row.org_unit_id, row.target_id)
    const round = {
      round_no: row.round_no,
      decided_at: row.decided_at.getTime(),
      verdict: row.verdict as SiteVerdict,
      cause: row.cause as SiteCause | null,
    }
    Object.assign(state, foldRound(state, round))
  }
}

interface FigureFacts {
  org_unit_id: number
  target_id: string
  at: Date
}

/** What figures count, modelled history included. */
async function takeAllFigures(tx: WriteExecutor, stateOf: StateFinder): Promise<void> {
  const { rows: verdicts } = await sql<FigureFacts & { verdict: SiteVerdict; round_no: number }>`
    SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, decided_at AS at, verdict, round_no
      FROM site_verdict ORDER BY org_unit_id, target_id, decided_at DESC, round_no DESC`.execute(tx)
  for (const row of verdicts) {
    takeVerdict(stateOf(row.org_unit_id, row.target_id), { ...row, decided_at: row.at.getTime() })
  }
  const { rows: probes } = await sql<FigureFacts>`
    SELECT org_unit_id, target_id, max(checked_at) AS at FROM site_check GROUP BY org_unit_id, target_id`.execute(tx)
  for (const row of probes) stateOf(row.org_unit_id, row.target_id).newest_probe_at = row.at.getTime()
  const { rows: seen } = await sql<
    FigureFacts & { check_id: string; certificate_valid: boolean | null; cause: SiteCause | null }
  >`
    SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, checked_at AS at, check_id, certificate_valid, cause
      FROM site_check WHERE certificate_valid IS NOT NULL OR (http_status IS NOT NULL AND tls_ms IS NULL)
     ORDER BY org_unit_id, target_id, checked_at DESC, check_id DESC`.execute(tx)
  for (const row of seen) {
    Object.assign(stateOf(row.org_unit_id, row.target_id), {
      seen_at: row.at.getTime(),
      seen_check_id: row.check_id,
      seen_certificate_valid: row.certificate_valid,
      seen_cause: row.cause,
    })
  }
}

async function takeIncidents(tx: WriteExecutor, stateOf: StateFinder): Promise<void> {
  const { rows } = await sql<{ org_unit_id: number; target_id: string; incident_id: number; event: string }>`
    SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, incident_id, event FROM incident_member
     ORDER BY org_unit_id, target_id, change_set_no DESC, event = 'joined' DESC`.execute(tx)
  for (const row of rows) {
    if (row.event === 'joined') stateOf(row.org_unit_id, row.target_id).incident_id = row.incident_id
  }
}

/** The newest state of every target, from the facts alone. */
export async function computeSiteStates(tx: WriteExecutor): Promise<SiteState[]> {
  const states = new Map<string, SiteState>()
  const stateOf: StateFinder = (org_unit_id, target_id) => {
    const state = states.get(target_id) ?? emptyState(org_unit_id, target_id)
    states.set(target_id, state)
    return state
  }
  await takeChecks(tx, stateOf)
  await takeAudits(tx, stateOf)
  await takeVerdicts(tx, stateOf)
  await takeAllFigures(tx, stateOf)
  await takeIncidents(tx, stateOf)
  return [...states.values()]
}

/**
 * Writes the newest state of every target, and what is kept of its newest audits, anew from the facts. Runs under a change set that its caller opened, so that
 * no batch comes in between.
 * @returns how many states there are
 */
export async function rebuildSiteStates(tx: WriteExecutor, change_set_no: number): Promise<number> {
  const states = await computeSiteStates(tx)
  await tx.deleteFrom('site_state').execute()
  await upsertStates(tx, states, change_set_no)
  await tx.deleteFrom('site_section').execute()
  await writeSections(tx, null, change_set_no)
  return states.length
}
