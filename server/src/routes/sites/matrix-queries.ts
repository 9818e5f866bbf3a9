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

interface HumanCell extends Cell {
  org_unit_id: number
  target_id: string
  subsection: SvedenSubsection
  audited_at: Date
}

/** What people found of each subsection of each site, the newest of it; there are few such checks. */
async function listHumanCells(db: ReadExecutor, view: SiteView) {
  const { rows } = await sql<HumanCell>`
    SELECT DISTINCT ON (j.org_unit_id, j.target_id, j.subsection) j.org_unit_id, j.target_id, j.subsection, j.audited_at,
           j.presence, j.markup, j.freshness, j.source_grade
      FROM human_check h
      JOIN site_subsection j ON j.org_unit_id = h.org_unit_id AND j.audit_id = h.human_check_id
     WHERE j.change_set_no <= ${view.known_at_change_set_no}
     ORDER BY j.org_unit_id, j.target_id, j.subsection, j.audited_at DESC`.execute(db)
  return Map.groupBy(rows, (row) => `${row.org_unit_id}/${row.target_id}`)
}

/**
 * Sites × subsections: the newest judgement of each cell by audit. A person's check of the same subsection made later
 * stands in its place and says so by its grade.
 */
export async function listRuleMatrix(db: ReadExecutor, view: SiteView, subsections: readonly SvedenSubsection[]) {
  const { rows } = await sql<MatrixFacts>`
    WITH placed AS MATERIALIZED (
      SELECT p.*, a.audit_id, a.outcome, a.audited_at, a.rule_set
        FROM ${placedTargets(db, view, 'site')} p
        LEFT JOIN ${statesAsKnown(view)} s ON s.org_unit_id = p.org_unit_id AND s.target_id = p.target_id
        LEFT JOIN site_audit a ON a.org_unit_id = s.org_unit_id AND a.audited_at = s.last_audited_at
         AND a.audit_id = s.last_audit_id
    ), judged AS MATERIALIZED (
      SELECT j.org_unit_id, j.audit_id,
             json_object_agg(j.subsection, json_build_object('presence', j.presence, 'markup', j.markup,
                             'freshness', j.freshness, 'source_grade', j.source_grade)) AS cells
        FROM placed p
        JOIN site_subsection j ON j.org_unit_id = p.org_unit_id AND j.audited_at = p.audited_at AND j.audit_id = p.audit_id
       WHERE j.change_set_no <= ${view.known_at_change_set_no}
       GROUP BY j.org_unit_id, j.audit_id
    )
    SELECT p.org_unit_id, p.org_unit_name, p.municipality_id, p.municipality_name, p.target_id, p.host,
           p.outcome, p.audited_at, p.rule_set, c.cells
      FROM placed p
      LEFT JOIN judged c ON c.org_unit_id = p.org_unit_id AND c.audit_id = p.audit_id
     ORDER BY p.municipality_name COLLATE "ru-x-icu", p.org_unit_name COLLATE "ru-x-icu", p.org_unit_id`.execute(db)
  const humanCells = await listHumanCells(db, view)
  return rows.map(({ cells, audited_at, ...row }) => {
    const later = (humanCells.get(`${row.org_unit_id}/${row.target_id}`) ?? []).filter(
      (cell) => audited_at === null || cell.audited_at > audited_at,
    )
    return {
      ...row,
      audited_at: audited_at?.toISOString() ?? null,
      cells: subsections.map((code) => later.find((cell) => cell.subsection === code) ?? cells?.[code] ?? null),
    }
  })
}
