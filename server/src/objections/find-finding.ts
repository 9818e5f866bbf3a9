import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { FindingKind } from '../domain/objections.ts'
import { dayInZone } from '../domain/region-day.ts'
import { findSectionViolationsSince } from './section-history.ts'

/** What is objected to. */
export interface FindingPlace {
  org_unit_id: number
  target_id: string
  finding: FindingKind
  /** Null exactly when the finding is no subsection. */
  subsection: string | null
  /** An incident that is past or present; null: the state now. */
  incident_id: number | null
}

/** What had been seen when somebody objected, and since when. */
export interface SeenFinding {
  seen_from: string
  seen_at: Date
  seen_outcome: string
  seen_detail: string | null
  seen_measurement_id: string | null
}

interface StateFacts {
  verdict: string | null
  cause: string | null
  verdict_since: Date | null
  last_verdict_at: Date | null
  last_check_id: string | null
  certificate: { not_after: string } | null
  certificate_valid: boolean | null
  answered_at: Date | null
  answer_check_id: string | null
  last_audit_id: string | null
}

function findState(db: ReadExecutor, { org_unit_id, target_id }: FindingPlace) {
  return sql<StateFacts>`
    SELECT verdict, cause, verdict_since, last_verdict_at, last_check_id, certificate, certificate_valid, answered_at,
           answer_check_id, last_audit_id
      FROM site_state WHERE org_unit_id = ${org_unit_id} AND target_id = ${target_id}`
    .execute(db)
    .then(({ rows }) => rows[0])
}

/** The site's part in an incident that was not annulled. */
async function findInIncident(db: ReadExecutor, place: FindingPlace, zone: string): Promise<SeenFinding | null> {
  const { rows } = await sql<{ occurred_at: Date; cause: string | null }>`
    SELECT m.occurred_at, m.cause
      FROM incident_member m
      LEFT JOIN incident_event annulled ON annulled.incident_id = m.incident_id AND annulled.kind = 'annulled'
     WHERE m.org_unit_id = ${place.org_unit_id} AND m.target_id = ${place.target_id}
       AND m.incident_id = ${place.incident_id} AND m.event = 'joined' AND annulled.incident_id IS NULL
     ORDER BY m.occurred_at LIMIT 1`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  return {
    seen_from: dayInZone(row.occurred_at, zone),
    seen_at: row.occurred_at,
    seen_outcome: 'does_not_work',
    seen_detail: row.cause,
    seen_measurement_id: null,
  }
}

function seenVerdict(state: StateFacts, zone: string): SeenFinding | null {
  const { verdict, last_verdict_at } = state
  if (verdict === null || verdict === 'works' || last_verdict_at === null) return null
  return {
    seen_from: dayInZone(state.verdict_since ?? last_verdict_at, zone),
    seen_at: last_verdict_at,
    seen_outcome: verdict,
    seen_detail: state.cause,
    seen_measurement_id: state.last_check_id,
  }
}

/** A certificate that is past its end is a finding from that day on; another fault from the newest look. */
function seenCertificate(state: StateFacts, zone: string): SeenFinding | null {
  const { certificate, answered_at } = state
  if (answered_at === null || state.certificate_valid === true) return null
  const ended = certificate === null ? answered_at : new Date(certificate.not_after)
  return {
    seen_from: dayInZone(ended < answered_at ? ended : answered_at, zone),
    seen_at: answered_at,
    seen_outcome: certificate === null ? 'none' : 'invalid',
    seen_detail: null,
    seen_measurement_id: state.answer_check_id,
  }
}

async function seenSubsection(
  db: ReadExecutor,
  place: FindingPlace,
  audit_id: string | null,
  zone: string,
): Promise<SeenFinding | null> {
  if (audit_id === null) return null
  const { rows } = await sql<{ audited_at: Date; presence: string; change_set_no: number }>`
    SELECT audited_at, presence, change_set_no FROM site_subsection
     WHERE org_unit_id = ${place.org_unit_id} AND audit_id = ${audit_id} AND subsection = ${place.subsection}
       AND (presence <> 'present' OR findings <> '[]')`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const since = await findSectionViolationsSince(db, place, row.change_set_no)
  return {
    seen_from: dayInZone(since.get(place.subsection ?? '') ?? row.audited_at, zone),
    seen_at: row.audited_at,
    seen_outcome: row.presence,
    seen_detail: null,
    seen_measurement_id: audit_id,
  }
}

/** The finding as it stands now; null when there is none: nothing was checked yet, or all is well. */
export async function findFinding(db: ReadExecutor, place: FindingPlace, zone: string): Promise<SeenFinding | null> {
  if (place.incident_id !== null) return findInIncident(db, place, zone)
  const state = await findState(db, place)
  if (state === undefined) return null
  switch (place.finding) {
    case 'availability':
      return seenVerdict(state, zone)
    case 'certificate':
      return seenCertificate(state, zone)
    case 'subsection':
      return seenSubsection(db, place, state.last_audit_id, zone)
  }
}
