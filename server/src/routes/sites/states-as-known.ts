import { sql, type RawBuilder } from 'kysely'
import { RECENT_MINUTES } from '../../domain/schedule.ts'
import type { RegistryView } from '../../db/registry-as-known.ts'

/** A read of sites: `known_at` absent means now, when the newest states that are kept can be used. */
export interface SiteView extends RegistryView {
  known_at: string | undefined
  territory_id?: number | undefined
}

/** Facts further back than this say nothing of the state at a moment. */
const STATE_SPAN = sql`interval '30 days'`
const RECENT_SPAN = sql`make_interval(mins => ${sql.lit(RECENT_MINUTES)})`

/** Clocks of collectors may be ahead of ours by so much. */
const CLOCK_SPAN = sql`interval '5 minutes'`

/** Facts of one kind: where they lie, what of them is needed, and which of several is the newest. */
interface FactKind {
  table: string
  time: string
  columns: readonly string[]
  newest_first: readonly string[]
}

const VERDICTS: FactKind = {
  table: 'site_verdict',
  time: 'decided_at',
  columns: ['decided_at', 'verdict', 'cause'],
  newest_first: ['round_no'],
}
const CHECKS: FactKind = {
  table: 'site_check',
  time: 'checked_at',
  columns: ['checked_at', 'http_status', 'total_ms', 'certificate_valid', 'certificate_not_after', 'detail'],
  newest_first: ['checked_at', 'check_id'],
}

/**
 * Newest fact of each asked site: from the last hour, and only for those without one from the days before. Reading all
 * the days of all sites for one fact each would cost hundreds of times more. Outer joins, because the planner then
 * expects about as many rows as sites are asked about, and not next to none. One row for each asked site.
 */
function newestFacts(view: SiteView, asked: RawBuilder<unknown>, { table, time, columns, newest_first }: FactKind) {
  const at = sql.ref(`f.${time}`)
  const moment = sql`${view.known_at}::timestamptz`
  const within = (sites: RawBuilder<unknown>, from: RawBuilder<unknown>, to: RawBuilder<unknown>) => sql`
    SELECT DISTINCT ON (site.org_unit_id, site.target_id) site.org_unit_id, site.target_id,
           ${sql.join(columns.map((column) => sql.ref(`f.${column}`)))}
      FROM ${sites} site
      LEFT JOIN ${sql.table(table)} f ON f.org_unit_id = site.org_unit_id AND f.target_id = site.target_id
       AND f.change_set_no <= ${view.known_at_change_set_no} AND f.provenance = 'measured' AND ${at} > ${from} AND ${at} <= ${to}
     ORDER BY site.org_unit_id, site.target_id, ${sql.join(newest_first.map((column) => sql`${sql.ref(`f.${column}`)} DESC`))}`
  return sql`(
    WITH recent AS MATERIALIZED (${within(asked, sql`${moment} - ${RECENT_SPAN}`, sql`${moment} + ${CLOCK_SPAN}`)}),
    unfound AS MATERIALIZED (SELECT org_unit_id, target_id FROM recent WHERE ${sql.ref(time)} IS NULL),
    older AS (${within(sql`unfound`, sql`${moment} - ${STATE_SPAN}`, sql`${moment} - ${RECENT_SPAN}`)})
    SELECT * FROM recent WHERE ${sql.ref(time)} IS NOT NULL UNION ALL SELECT * FROM older)`
}

/**
 * State of each asked target: the kept one for now, else rebuilt from the facts that were known. Columns: org_unit_id,
 * target_id, verdict, cause, verdict_since, last_verdict_at, last_checked_at, is_flapping, incident_id, platform,
 * title, http_status, total_ms, certificate, certificate_valid, answered_at, last_audit_id, last_audited_at.
 * Each part has one row for every asked target. They are joined FULL because PostgreSQL does that by hashing or merging
 * alone: where it takes the targets for few, it would loop through all of one part for each row of the other; and apart,
 * so that no condition on the result turns the joins into others.
 * @param asked a table or CTE with org_unit_id and target_id, each pair once
 */
export function statesAsKnown(view: SiteView, asked: RawBuilder<unknown>): RawBuilder<unknown> {
  if (view.known_at === undefined) return sql`(SELECT * FROM site_state)`
  const known = view.known_at_change_set_no
  return sql`(
    WITH state AS MATERIALIZED (
    SELECT org_unit_id, target_id, v.verdict, v.cause, NULL::timestamptz AS verdict_since,
           v.decided_at AS last_verdict_at, c.checked_at AS last_checked_at, false AS is_flapping,
           i.incident_id, c.detail->>'platform' AS platform, c.detail->>'title' AS title, c.http_status, c.total_ms,
           nullif(c.detail->'certificate', 'null'::jsonb) AS certificate, c.certificate_valid,
           c.certificate_not_after, c.checked_at AS answered_at, a.audit_id AS last_audit_id,
           a.audited_at AS last_audited_at
      FROM ${newestFacts(view, asked, VERDICTS)} v
      FULL JOIN ${newestFacts(view, asked, CHECKS)} c USING (org_unit_id, target_id)
      FULL JOIN (SELECT DISTINCT ON (site.org_unit_id, site.target_id) site.org_unit_id, site.target_id,
                        CASE WHEN m.event = 'joined' THEN m.incident_id END AS incident_id
                   FROM ${asked} site
                   LEFT JOIN incident_member m ON m.org_unit_id = site.org_unit_id AND m.target_id = site.target_id
                    AND m.change_set_no <= ${known}
                  ORDER BY site.org_unit_id, site.target_id, m.change_set_no DESC, m.event = 'joined' DESC) i
           USING (org_unit_id, target_id)
      FULL JOIN (SELECT DISTINCT ON (site.org_unit_id, site.target_id) site.org_unit_id, site.target_id, f.audit_id,
                        f.audited_at
                   FROM ${asked} site
                   LEFT JOIN site_audit f ON f.org_unit_id = site.org_unit_id AND f.target_id = site.target_id
                    AND f.change_set_no <= ${known}
                  ORDER BY site.org_unit_id, site.target_id, f.audited_at DESC, f.audit_id DESC) a
           USING (org_unit_id, target_id))
    SELECT * FROM state)`
}
