import { sql, type RawBuilder } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import { instantText, readRowsAsJson } from '../../db/json-rows.ts'
import { cellNumber, SUBSECTION_LIST } from '../../db/section-cells-sql.ts'
import { NOT_CONFIRMED_FROM, PERSON_CELLS_FROM } from '../../domain/section-cells.ts'
import { placedTargets } from './state-queries.ts'
import type { SiteView } from './states-as-known.ts'

/** Newest audit of each site with the numbers of its judgements: the kept ones for now, else from the facts. */
function auditsAsKnown({ known_at, known_at_change_set_no }: SiteView): RawBuilder<unknown> {
  if (known_at === undefined) {
    return sql`(SELECT org_unit_id, target_id, outcome, audited_at, rule_set,
                       CASE WHEN made_audit_id = audit_id THEN cells END AS cells FROM site_section)`
  }
  return sql`(
    SELECT a.org_unit_id, a.target_id, a.outcome, a.audited_at, a.rule_set,
           array_agg(${cellNumber('s')} ORDER BY list.place) AS cells
      FROM (SELECT DISTINCT ON (org_unit_id, target_id) * FROM site_audit
             WHERE change_set_no <= ${known_at_change_set_no}
             ORDER BY org_unit_id, target_id, audited_at DESC, audit_id DESC) a
     CROSS JOIN ${SUBSECTION_LIST}
      LEFT JOIN site_subsection s ON s.org_unit_id = a.org_unit_id AND s.audited_at = a.audited_at
       AND s.audit_id = a.audit_id AND s.subsection = list.subsection
     GROUP BY a.org_unit_id, a.target_id, a.outcome, a.audited_at, a.rule_set)`
}

/**
 * Sites × subsections as the text of a JSON array: the number of the newest judgement of each cell by audit. A person's
 * check of the same subsection made later stands in its place and says so by its grade, that of somebody who may decide
 * no dispute only where the audit has confirmed nothing; there are few such checks.
 */
export function readRuleMatrix(db: ReadExecutor, view: SiteView): Promise<string> {
  const known = view.known_at_change_set_no
  return readRowsAsJson(
    db,
    sql`
    WITH placed AS MATERIALIZED (
      SELECT p.org_unit_id, p.org_unit_name, p.municipality_id, p.municipality_name, p.target_id, p.host,
             a.outcome, a.audited_at, a.rule_set, a.cells
        FROM ${placedTargets(db, view, 'site')} p
        LEFT JOIN ${auditsAsKnown(view)} a ON a.org_unit_id = p.org_unit_id AND a.target_id = p.target_id
    ), said AS (
      SELECT DISTINCT ON (j.org_unit_id, j.target_id, j.subsection) j.*
        FROM human_check h
        JOIN site_subsection j ON j.org_unit_id = h.org_unit_id AND j.audit_id = h.human_check_id
        JOIN placed p ON p.org_unit_id = h.org_unit_id AND p.target_id = h.target_id
        JOIN ${SUBSECTION_LIST} ON list.subsection = j.subsection
       WHERE j.change_set_no <= ${known} AND coalesce(j.audited_at > p.audited_at, true)
         AND (h.is_decisive OR coalesce(p.cells[list.place] >= ${sql.lit(NOT_CONFIRMED_FROM)}, true))
       ORDER BY j.org_unit_id, j.target_id, j.subsection, j.presence = 'not_confirmed', h.is_decisive DESC, j.audited_at DESC
    ), looked AS (
      SELECT p.org_unit_id, p.target_id,
             array_agg(coalesce(${cellNumber('said')} + ${sql.lit(PERSON_CELLS_FROM)}, p.cells[list.place])
                       ORDER BY list.place) AS cells
        FROM placed p
        JOIN (SELECT DISTINCT org_unit_id, target_id FROM said) once
          ON once.org_unit_id = p.org_unit_id AND once.target_id = p.target_id
       CROSS JOIN ${SUBSECTION_LIST}
        LEFT JOIN said ON said.org_unit_id = p.org_unit_id AND said.target_id = p.target_id
         AND said.subsection = list.subsection
       GROUP BY p.org_unit_id, p.target_id
    )
    SELECT p.org_unit_id, p.org_unit_name, p.municipality_id, p.municipality_name, p.target_id, p.host,
           p.outcome, ${instantText(sql`p.audited_at`)} AS audited_at, p.rule_set, coalesce(l.cells, p.cells, '{}') AS cells
      FROM placed p
      LEFT JOIN looked l ON l.org_unit_id = p.org_unit_id AND l.target_id = p.target_id
     ORDER BY p.municipality_name COLLATE "ru-x-icu", p.org_unit_name COLLATE "ru-x-icu", p.org_unit_id`,
  )
}
