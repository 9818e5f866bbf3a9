import { sql } from 'kysely'
import { SVEDEN_SUBSECTIONS, type Presence } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { cellNumber, SUBSECTION_LIST } from '../db/section-cells-sql.ts'

const BITS = {
  present: 'present_bits',
  empty: 'empty_bits',
  absent: 'absent_bits',
  not_confirmed: 'not_confirmed_bits',
} as const satisfies Record<Presence, string>

const BIT_COLUMNS = Object.values(BITS).map((column) => sql.ref(column))
const BIT_SETS = Object.entries(BITS).map(
  ([presence, column]) =>
    sql`coalesce(bit_or(1 << (place - 1)::int) FILTER (WHERE s.presence = ${sql.lit(presence)}), 0) AS ${sql.ref(column)}`,
)
const KEPT = ['audit_id', 'audited_at', 'outcome', 'rule_set', 'made_audit_id', 'made_at'].map((name) => sql.ref(name))
const UPDATED = [...KEPT, ...BIT_COLUMNS, sql.ref('cells'), sql.ref('change_set_no')]
const NO_CELLS = sql`array_fill(NULL::smallint, ARRAY[${sql.lit(SVEDEN_SUBSECTIONS.length)}])`

/**
 * Writes what is kept of the newest audits of these units' sites, from the facts: at ingest for the units of a batch,
 * in a rebuild for all (null).
 */
export async function writeSections(
  tx: WriteExecutor,
  org_unit_ids: readonly number[] | null,
  change_set_no: number,
): Promise<void> {
  const asked = org_unit_ids === null ? sql`true` : sql`org_unit_id = ANY(${org_unit_ids}::bigint[])`
  await sql`
    WITH newest AS (
      SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, audit_id, audited_at, outcome, rule_set
        FROM site_audit WHERE ${asked}
       ORDER BY org_unit_id, target_id, audited_at DESC, audit_id DESC
    ), made AS (
      SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, audit_id AS made_audit_id, audited_at AS made_at
        FROM site_audit WHERE outcome = 'audited' AND ${asked}
       ORDER BY org_unit_id, target_id, audited_at DESC, audit_id DESC
    ), judged AS (
      SELECT made.org_unit_id, made.target_id, ${sql.join(BIT_SETS)}, array_agg(${cellNumber('s')} ORDER BY place) AS cells
        FROM made
       CROSS JOIN ${SUBSECTION_LIST}
        LEFT JOIN site_subsection s ON s.org_unit_id = made.org_unit_id AND s.audited_at = made.made_at
         AND s.audit_id = made.made_audit_id AND s.subsection = list.subsection
       GROUP BY made.org_unit_id, made.target_id
    )
    INSERT INTO site_section (org_unit_id, target_id, ${sql.join(UPDATED)})
    SELECT newest.org_unit_id, newest.target_id, ${sql.join(KEPT)},
           ${sql.join(BIT_COLUMNS.map((column) => sql`coalesce(${column}, 0)`))}, coalesce(cells, ${NO_CELLS}),
           ${change_set_no}::bigint
      FROM newest
      LEFT JOIN made ON made.org_unit_id = newest.org_unit_id AND made.target_id = newest.target_id
      LEFT JOIN judged ON judged.org_unit_id = newest.org_unit_id AND judged.target_id = newest.target_id
     ORDER BY newest.org_unit_id, newest.target_id
        ON CONFLICT (org_unit_id, target_id) DO UPDATE
       SET ${sql.join(UPDATED.map((column) => sql`${column} = excluded.${column}`))}`.execute(tx)
}
