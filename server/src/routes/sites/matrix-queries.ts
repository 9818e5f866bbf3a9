import { sql } from 'kysely'
import type { AUDIT_OUTCOMES, Freshness, Markup, Presence, SvedenSubsection } from '../../contract/index.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { placedTargets, statesAsKnown, type PlacedTarget, type SiteView } from './state-queries.ts'

interface Cell {
  presence: Presence
  markup: Markup | null
  freshness: Freshness | null
  source_grade: 'collector' | 'person'
}

interface MatrixFacts extends PlacedTarget {
  outcome: (typeof AUDIT_OUTCOMES)[number] | null
  audited_at: Date | null
  rule_set: string | null
  cells: Record<string, Cell> | null
}

/**
 * Sites × subsections: the newest judgement of each cell by audit. A person's check of the same subsection made later
 * stands in its place and says so by its grade.
 */
export async function listRuleMatrix(db: ReadExecutor, view: SiteView, subsections: readonly SvedenSubsection[]) {
  const known = view.known_at_change_set_no
  const { rows } = await sql<MatrixFacts>`
    WITH judged AS (
      SELECT DISTINCT ON (org_unit_id, target_id, subsection) *
        FROM (SELECT j.* FROM ${statesAsKnown(view)} s
                JOIN site_subsection j ON j.org_unit_id = s.org_unit_id AND j.audited_at = s.last_audited_at
                 AND j.audit_id = s.last_audit_id
              UNION ALL
              SELECT j.* FROM human_check h
                JOIN site_subsection j ON j.org_unit_id = h.org_unit_id AND j.audit_id = h.human_check_id) j
       WHERE change_set_no <= ${known}
       ORDER BY org_unit_id, target_id, subsection, audited_at DESC
    ), cells AS (
      SELECT org_unit_id, target_id,
             jsonb_object_agg(subsection, jsonb_build_object('presence', presence, 'markup', markup,
                              'freshness', freshness, 'source_grade', source_grade)) AS cells
        FROM judged GROUP BY org_unit_id, target_id
    )
    SELECT p.org_unit_id, p.org_unit_name, p.municipality_id, p.municipality_name, p.target_id, p.host,
           a.outcome, a.audited_at, a.rule_set, c.cells
      FROM ${placedTargets(db, view, 'site')} p
      LEFT JOIN ${statesAsKnown(view)} s ON s.org_unit_id = p.org_unit_id AND s.target_id = p.target_id
      LEFT JOIN site_audit a ON a.org_unit_id = s.org_unit_id AND a.audited_at = s.last_audited_at
       AND a.audit_id = s.last_audit_id
      LEFT JOIN cells c ON c.org_unit_id = p.org_unit_id AND c.target_id = p.target_id
     ORDER BY p.municipality_name COLLATE "ru-x-icu", p.org_unit_name COLLATE "ru-x-icu", p.org_unit_id`.execute(db)
  return rows.map(({ cells, audited_at, ...row }) => ({
    ...row,
    audited_at: audited_at?.toISOString() ?? null,
    cells: subsections.map((code) => cells?.[code] ?? null),
  }))
}
