import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { EvaluationContext, LineageFact } from './indicator.ts'
import { newestAudits, sectionJudgements } from './section-judgements.ts'
import { withSites } from './site-units.ts'

/** The judgement of each subsection that counted, with the pages kept by its audit or human check. */
export async function findSectionFacts(
  db: ReadExecutor,
  context: EvaluationContext,
  org_unit_id: number,
  limit: number,
): Promise<LineageFact[]> {
  const rows = await withSites(db, { ...context, territory_id: org_unit_id, territory_kind: 'organisation' })
    .with('newest_audit', () => newestAudits(db, context, 'site'))
    .with('judgement', () => sectionJudgements(db, context, 'site'))
    .selectFrom('judgement')
    .innerJoin('site_subsection as said', (join) =>
      join
        .onRef('said.org_unit_id', '=', 'judgement.org_unit_id')
        .onRef('said.audited_at', '=', 'judgement.audited_at')
        .onRef('said.audit_id', '=', 'judgement.audit_id')
        .onRef('said.subsection', '=', 'judgement.subsection'),
    )
    .leftJoin('site_audit as audit', (join) =>
      join
        .onRef('audit.org_unit_id', '=', 'said.org_unit_id')
        .onRef('audit.audited_at', '=', 'said.audited_at')
        .onRef('audit.audit_id', '=', 'said.audit_id'),
    )
    .leftJoin('human_check as look', (join) =>
      join
        .onRef('look.org_unit_id', '=', 'said.org_unit_id')
        .onRef('look.human_check_id', '=', 'said.audit_id')
        .on('said.source_grade', '=', 'person'),
    )
    .leftJoin('site_evidence as evidence', (join) =>
      join
        .onRef('evidence.org_unit_id', '=', 'said.org_unit_id')
        .onRef('evidence.measurement_id', '=', 'said.audit_id')
        .onRef('evidence.url', '=', 'said.url')
        .on('evidence.change_set_no', '<=', context.known_at_change_set_no),
    )
    .where('judgement.org_unit_id', '=', org_unit_id)
    .groupBy(['said.audit_id', 'said.target_id', 'said.audited_at', 'said.presence', 'said.subsection'])
    .groupBy(['said.items_present', 'said.items_expected', 'said.source_grade', 'said.change_set_no'])
    .groupBy(['audit.collector_version', 'audit.vantage', 'look.person', 'look.is_decisive'])
    .select(['said.audit_id', 'said.target_id', 'said.audited_at', 'said.presence', 'said.subsection'])
    .select(['said.items_present', 'said.items_expected', 'said.source_grade', 'said.change_set_no'])
    .select(['audit.collector_version', 'audit.vantage', 'look.person', 'look.is_decisive'])
    .select(
      sql<string[]>`coalesce(array_agg(distinct evidence.evidence_id::text)
        filter (where evidence.evidence_id is not null), '{}')`.as('evidence_ids'),
    )
    .orderBy('said.audited_at', 'desc')
    .orderBy('said.subsection')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    kind: 'site_subsection',
    fact_id: `${row.audit_id}/${row.subsection}`,
    target_id: row.target_id,
    observed_at: row.audited_at,
    outcome: row.presence,
    detail: row.subsection,
    part: row.items_present,
    whole: row.items_expected,
    source: row.person ?? `${row.collector_version ?? ''}, ${row.vantage ?? ''}`,
    provenance: row.source_grade !== 'person' ? 'measured' : row.is_decisive === true ? 'person' : 'person_asking',
    change_set_no: row.change_set_no,
    evidence_ids: row.evidence_ids,
  }))
}
