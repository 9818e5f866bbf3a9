import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { EvaluationContext, LineageFact, Provenance } from './indicator.ts'

/** Which facts of one organisation: half-open in time, newest first. */
export interface FactWindow {
  org_unit_id: number
  from: Date
  to: Date
  limit: number
}

/** Pages kept for a measurement, as ids; empty when none were. */
const EVIDENCE_IDS = sql<string[]>`coalesce(array_agg(distinct evidence.evidence_id::text)
  filter (where evidence.evidence_id is not null), '{}')`

/** Verdicts of rounds with the evidence of the probes that they rest on. */
export async function findVerdictFacts(
  db: ReadExecutor,
  context: EvaluationContext,
  window: FactWindow,
): Promise<LineageFact[]> {
  const verdicts = db
    .selectFrom('site_verdict')
    .where('org_unit_id', '=', window.org_unit_id)
    .where('decided_at', '>=', window.from)
    .where('decided_at', '<', window.to)
    .where('change_set_no', '<=', context.known_at_change_set_no)
    .selectAll()
    .orderBy('decided_at', 'desc')
    .orderBy('round_no', 'desc')
    .limit(window.limit)
  const rows = await db
    .selectFrom(verdicts.as('verdict'))
    .leftJoin('site_check as probe', (join) =>
      join
        .onRef('probe.org_unit_id', '=', 'verdict.org_unit_id')
        .onRef('probe.target_id', '=', 'verdict.target_id')
        .onRef('probe.round_no', '=', 'verdict.round_no')
        .on('probe.checked_at', '>=', new Date(window.from.getTime() - 86_400_000))
        .on('probe.checked_at', '<', window.to)
        .on('probe.change_set_no', '<=', context.known_at_change_set_no),
    )
    .leftJoin('site_evidence as evidence', (join) =>
      join
        .onRef('evidence.org_unit_id', '=', 'probe.org_unit_id')
        .onRef('evidence.measurement_id', '=', 'probe.check_id')
        .on('evidence.change_set_no', '<=', context.known_at_change_set_no),
    )
    .groupBy(['verdict.org_unit_id', 'verdict.decided_at', 'verdict.target_id', 'verdict.round_no'])
    .groupBy(['verdict.verdict', 'verdict.cause', 'verdict.agreeing', 'verdict.counted'])
    .groupBy(['verdict.vantages', 'verdict.change_set_no'])
    .select(['verdict.target_id', 'verdict.decided_at as observed_at', 'verdict.round_no', 'verdict.verdict'])
    .select(['verdict.cause', 'verdict.agreeing', 'verdict.counted', 'verdict.vantages', 'verdict.change_set_no'])
    .select([
      EVIDENCE_IDS.as('evidence_ids'),
      sql<boolean>`coalesce(bool_or(probe.provenance = 'modelled'), false)`.as('is_modelled'),
    ])
    .orderBy('verdict.decided_at', 'desc')
    .orderBy('verdict.round_no', 'desc')
    .execute()
  return rows.map((row) => ({
    kind: 'site_verdict',
    fact_id: `${row.target_id}/${row.round_no}`,
    target_id: row.target_id,
    observed_at: row.observed_at,
    outcome: row.verdict,
    detail: row.cause,
    part: row.agreeing,
    whole: row.counted,
    source: row.vantages.join(', '),
    provenance: row.is_modelled ? 'modelled' : 'derived',
    change_set_no: row.change_set_no,
    evidence_ids: row.evidence_ids,
  }))
}

/** Probes that saw a certificate or an answer: what the judgement of certificates rests on. */
export async function findCertificateFacts(
  db: ReadExecutor,
  context: EvaluationContext,
  window: FactWindow,
): Promise<LineageFact[]> {
  const rows = await db
    .selectFrom('site_check as probe')
    .leftJoin('site_evidence as evidence', (join) =>
      join
        .onRef('evidence.org_unit_id', '=', 'probe.org_unit_id')
        .onRef('evidence.measurement_id', '=', 'probe.check_id')
        .on('evidence.change_set_no', '<=', context.known_at_change_set_no),
    )
    .where('probe.org_unit_id', '=', window.org_unit_id)
    .where('probe.checked_at', '>=', window.from)
    .where('probe.checked_at', '<', window.to)
    .where('probe.change_set_no', '<=', context.known_at_change_set_no)
    .where((eb) => eb.or([eb('probe.certificate_valid', 'is not', null), eb('probe.http_status', 'is not', null)]))
    .groupBy(['probe.org_unit_id', 'probe.checked_at', 'probe.check_id', 'probe.target_id', 'probe.vantage'])
    .groupBy(['probe.collector_version', 'probe.provenance', 'probe.certificate_valid', 'probe.cause'])
    .groupBy('probe.change_set_no')
    .select(['probe.check_id', 'probe.target_id', 'probe.checked_at as observed_at', 'probe.vantage'])
    .select(['probe.collector_version', 'probe.provenance', 'probe.certificate_valid', 'probe.cause'])
    .select(['probe.change_set_no', EVIDENCE_IDS.as('evidence_ids')])
    .orderBy('probe.checked_at', 'desc')
    .limit(window.limit)
    .execute()
  return rows.map((row) => ({
    kind: 'site_check',
    fact_id: row.check_id,
    target_id: row.target_id,
    observed_at: row.observed_at,
    outcome: certificateOutcome(row.certificate_valid),
    detail: row.cause,
    part: null,
    whole: null,
    source: `${row.collector_version}, ${row.vantage}`,
    provenance: row.provenance === 'modelled' ? 'modelled' : 'measured',
    change_set_no: row.change_set_no,
    evidence_ids: row.evidence_ids,
  }))
}

function certificateOutcome(certificateValid: boolean | null): string {
  if (certificateValid === null) return 'no_certificate'
  return certificateValid ? 'certificate_valid' : 'certificate_invalid'
}

/** Observed and up seconds of each day over the given local hours. A day stands at its last observed hour. */
export async function findHourFacts(
  db: ReadExecutor,
  context: EvaluationContext,
  window: { org_unit_id: number; days: readonly string[]; hours: readonly number[]; limit: number },
): Promise<LineageFact[]> {
  if (window.days.length === 0) return []
  const rows = await db
    .selectFrom('site_hour')
    .where('org_unit_id', '=', window.org_unit_id)
    .where('local_day', 'in', window.days)
    .where('local_hour', 'in', window.hours)
    .where('change_set_no', '<=', context.known_at_change_set_no)
    .groupBy(['local_day', 'target_id', 'validity'])
    .select(['local_day', 'target_id', 'validity'])
    .select((eb) => [
      eb.fn.sum<number>('up_s').as('part'),
      eb.fn.sum<number>('observed_s').as('whole'),
      eb.fn.max('change_set_no').as('change_set_no'),
      sql<Date>`(local_day + make_interval(hours => max(local_hour)::int)) at time zone ${context.time_zone}`.as(
        'observed_at',
      ),
    ])
    .orderBy('local_day', 'desc')
    .orderBy('target_id')
    .orderBy('validity')
    .limit(window.limit)
    .execute()
  const provenance: Provenance = 'derived'
  return rows.map((row) => ({
    kind: 'site_hours',
    fact_id: `${row.target_id}/${row.local_day}/${row.validity}`,
    target_id: row.target_id,
    observed_at: row.observed_at,
    outcome: row.validity,
    detail: null,
    part: row.part,
    whole: row.whole,
    source: 'site_hour',
    provenance,
    change_set_no: row.change_set_no,
    evidence_ids: [],
  }))
}
