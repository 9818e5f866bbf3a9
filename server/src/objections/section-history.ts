import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { findViolationsSince, type SubsectionLook } from '../domain/finding-since.ts'

/** Older audits say nothing of what is to be mended now. */
const HISTORY = sql`interval '400 days'`

/** Since when each subsection of a site has had a violation, by what collectors saw. */
export async function findSectionViolationsSince(
  db: ReadExecutor,
  site: { org_unit_id: number; target_id: string },
  known_at_change_set_no: number,
): Promise<Map<string, Date>> {
  const { rows } = await sql<SubsectionLook>`
    SELECT subsection, audited_at AS at,
           presence IN ('absent', 'empty') OR findings @> '[{"grade":"violation"}]' AS has_violation
      FROM site_subsection
     WHERE org_unit_id = ${site.org_unit_id} AND target_id = ${site.target_id} AND source_grade = 'collector'
       AND change_set_no <= ${known_at_change_set_no} AND audited_at > clock_timestamp() - ${HISTORY}`.execute(db)
  return findViolationsSince(rows)
}
