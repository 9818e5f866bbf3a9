import { randomUUID } from 'node:crypto'
import type { Presence } from '../../server/src/contract/index.ts'
import type { Change, MadeUnit } from './registry.ts'

/** A made site: the unit that answers for it and its target. */
export interface MadeSite {
  unit: MadeUnit
  target_id: string
}

export async function insertVerdict(
  { tx, change_set_no }: Change,
  { unit, target_id }: MadeSite,
  fact: { at: string; verdict: string; cause?: string; round_no?: number },
): Promise<void> {
  await tx
    .insertInto('site_verdict')
    .values({
      org_unit_id: unit.org_unit_id,
      decided_at: new Date(fact.at),
      target_id,
      round_no: fact.round_no ?? 1,
      verdict: fact.verdict,
      cause: fact.cause ?? null,
      agreeing: 2,
      counted: 3,
      vantages: ['local'],
      change_set_no,
    })
    .execute()
}

interface CheckFields {
  at: string
  verdict?: string
  cause?: string
  certificate_valid?: boolean
  http_status?: number
  tls_ms?: number
  round_no?: number
}

/** A probe; returns its id. */
export async function insertCheck(
  { tx, change_set_no }: Change,
  { unit, target_id }: MadeSite,
  fact: CheckFields,
): Promise<string> {
  const check_id = randomUUID()
  await tx
    .insertInto('site_check')
    .values({
      org_unit_id: unit.org_unit_id,
      checked_at: new Date(fact.at),
      check_id,
      target_id,
      lease_id: randomUUID(),
      round_no: fact.round_no ?? 1,
      attempt: 1,
      vantage: 'local',
      collector_version: 'website/1',
      provenance: 'measured',
      verdict: fact.verdict ?? 'works',
      cause: fact.cause ?? null,
      own_link: 'up',
      tls_ms: fact.tls_ms ?? null,
      total_ms: 40,
      http_status: fact.http_status ?? null,
      certificate_valid: fact.certificate_valid ?? null,
      change_set_no,
    })
    .execute()
  return check_id
}

/** A kept page of a measurement; returns its id. */
export async function insertEvidence(
  { tx, change_set_no }: Change,
  { unit, target_id }: MadeSite,
  fact: { at: string; measurement_id: string; url?: string },
): Promise<string> {
  const evidence_id = randomUUID()
  await tx
    .insertInto('site_evidence')
    .values({
      org_unit_id: unit.org_unit_id,
      fetched_at: new Date(fact.at),
      evidence_id,
      measurement_id: fact.measurement_id,
      target_id,
      url: fact.url ?? 'https://school.example/',
      headers: JSON.stringify([['server', 'test']]),
      body_bytes: 10,
      is_trimmed: false,
      change_set_no,
    })
    .execute()
  return evidence_id
}

interface HourFields {
  day: string
  hour: number
  observed_s: number
  up_s: number
  validity?: 'counted' | 'cannot_tell' | 'excluded'
}

export async function insertHour(
  { tx, change_set_no }: Change,
  { unit, target_id }: MadeSite,
  fact: HourFields,
): Promise<void> {
  await tx
    .insertInto('site_hour')
    .values({
      org_unit_id: unit.org_unit_id,
      local_day: fact.day,
      local_hour: fact.hour,
      target_id,
      validity: fact.validity ?? 'counted',
      rule_version: 1,
      change_set_no,
      verdicts: 1,
      observed_s: fact.observed_s,
      up_s: fact.up_s,
    })
    .execute()
}

interface AuditFields {
  at: string
  outcome?: 'audited' | 'not_allowed' | 'unreachable' | 'cannot_tell'
  presence?: Partial<Record<string, Presence>>
}

/** An audit with one judgement per subsection named; returns its id. */
export async function insertAudit(change: Change, site: MadeSite, fact: AuditFields): Promise<string> {
  const { tx, change_set_no } = change
  const audit_id = randomUUID()
  await tx
    .insertInto('site_audit')
    .values({
      org_unit_id: site.unit.org_unit_id,
      audited_at: new Date(fact.at),
      audit_id,
      target_id: site.target_id,
      lease_id: randomUUID(),
      vantage: 'local',
      collector_version: 'website/1',
      outcome: fact.outcome ?? 'audited',
      rule_set: '2024-09-01',
      platform: 'own',
      page_count: 1,
      duration_ms: 100,
      change_set_no,
    })
    .execute()
  await insertSubsections(change, site, { ...fact, audit_id, source_grade: 'collector' })
  return audit_id
}

/** A person's look with one judgement per subsection named, by the institute unless said otherwise. */
export async function insertHumanCheck(
  change: Change,
  site: MadeSite,
  fact: { day: string; presence: Partial<Record<string, Presence>>; is_decisive?: boolean },
): Promise<void> {
  const human_check_id = randomUUID()
  const { unit, target_id } = site
  await change.tx
    .insertInto('human_check')
    .values({
      org_unit_id: unit.org_unit_id,
      checked_on: fact.day,
      human_check_id,
      target_id,
      person: 'Иванова А. А.',
      is_decisive: fact.is_decisive ?? true,
      change_set_no: change.change_set_no,
      recorded_at: change.recorded_at,
    })
    .execute()
  const at = `${fact.day}T09:00:00Z`
  await insertSubsections(change, site, { ...fact, at, audit_id: human_check_id, source_grade: 'person' })
}

async function insertSubsections(
  { tx, change_set_no }: Change,
  { unit, target_id }: MadeSite,
  fact: { at: string; audit_id: string; source_grade: string; presence?: Partial<Record<string, Presence>> },
): Promise<void> {
  const rows = Object.entries(fact.presence ?? {}).map(([subsection, presence = 'not_confirmed']) => ({
    org_unit_id: unit.org_unit_id,
    audited_at: new Date(fact.at),
    audit_id: fact.audit_id,
    subsection,
    source_grade: fact.source_grade,
    target_id,
    url: `https://school.example/sveden/${subsection}`,
    presence,
    markup: 'none',
    items_present: 3,
    items_expected: 4,
    items_marked: 0,
    findings: '[]',
    change_set_no,
  }))
  if (rows.length > 0) await tx.insertInto('site_subsection').values(rows).execute()
}
