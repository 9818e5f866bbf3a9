import { sql, type RawBuilder } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import { instantText, readRowsAsJson } from '../../db/json-rows.ts'
import {
  orgUnitsOn,
  targetsOn,
  TERRITORY_IDS,
  unitIdsEverWithin,
  type RegistryView,
} from '../../db/registry-as-known.ts'

/** Facts further back than this say nothing of the state at a moment. */
const STATE_SPAN = sql`interval '30 days'`

/** A read of sites: `known_at` absent means now, when the newest states that are kept can be used. */
export interface SiteView extends RegistryView {
  known_at: string | undefined
  territory_id?: number | undefined
}

/**
 * State of each target: the kept one for now, else rebuilt from the facts that were known. Columns: org_unit_id,
 * target_id, verdict, cause, verdict_since, last_verdict_at, last_checked_at, is_flapping, incident_id, platform,
 * title, http_status, total_ms, certificate, certificate_valid, answered_at, last_audit_id, last_audited_at.
 */
export function statesAsKnown(view: SiteView): RawBuilder<unknown> {
  if (view.known_at === undefined) return sql`(SELECT * FROM site_state)`
  const known = view.known_at_change_set_no
  const moment = sql`${view.known_at}::timestamptz`
  return sql`(
    SELECT v.org_unit_id, v.target_id, v.verdict, v.cause, NULL::timestamptz AS verdict_since,
           v.decided_at AS last_verdict_at, c.checked_at AS last_checked_at, false AS is_flapping,
           i.incident_id, c.detail->>'platform' AS platform, c.detail->>'title' AS title, c.http_status, c.total_ms,
           nullif(c.detail->'certificate', 'null'::jsonb) AS certificate, c.certificate_valid,
           c.certificate_not_after, c.checked_at AS answered_at, a.audit_id AS last_audit_id,
           a.audited_at AS last_audited_at
      FROM (SELECT DISTINCT ON (org_unit_id, target_id) * FROM site_verdict
             WHERE change_set_no <= ${known} AND provenance = 'measured' AND decided_at > ${moment} - ${STATE_SPAN}
             ORDER BY org_unit_id, target_id, round_no DESC) v
      LEFT JOIN (SELECT DISTINCT ON (org_unit_id, target_id) * FROM site_check
                  WHERE change_set_no <= ${known} AND provenance = 'measured' AND checked_at > ${moment} - ${STATE_SPAN}
                  ORDER BY org_unit_id, target_id, checked_at DESC, check_id DESC) c
        ON c.org_unit_id = v.org_unit_id AND c.target_id = v.target_id
      LEFT JOIN (SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id,
                        CASE WHEN event = 'joined' THEN incident_id END AS incident_id
                   FROM incident_member WHERE change_set_no <= ${known}
                  ORDER BY org_unit_id, target_id, change_set_no DESC, event = 'joined' DESC) i
        ON i.org_unit_id = v.org_unit_id AND i.target_id = v.target_id
      LEFT JOIN (SELECT DISTINCT ON (org_unit_id, target_id) org_unit_id, target_id, audit_id, audited_at FROM site_audit
                  WHERE change_set_no <= ${known}
                  ORDER BY org_unit_id, target_id, audited_at DESC, audit_id DESC) a
        ON a.org_unit_id = v.org_unit_id AND a.target_id = v.target_id)`
}

/** Targets of one kind on the view's day with the names of their places, within the territory. */
export function placedTargets(db: ReadExecutor, view: SiteView, kind: 'site' | 'portal') {
  const targets = targetsOn(db, view).where('t.kind', '=', kind)
  const units =
    view.territory_id === undefined
      ? sql<number>`(SELECT org_unit_id FROM target WHERE kind = ${kind})`
      : unitIdsEverWithin([view.territory_id])
  let placed = db
    .selectFrom(targets.as('t'))
    .innerJoin(orgUnitsOn(db, view, units).as('u'), 'u.org_unit_id', 't.org_unit_id')
    .leftJoin(orgUnitsOn(db, view, TERRITORY_IDS).as('m'), 'm.org_unit_id', 'u.municipality_id')
    .where('u.is_closed', '=', false)
    .select([
      't.org_unit_id',
      't.target_id',
      't.url',
      't.host',
      'u.short_name as org_unit_name',
      'u.municipality_id',
      'm.short_name as municipality_name',
    ])
  if (view.territory_id !== undefined) {
    placed = placed.where(sql<boolean>`${view.territory_id}::bigint = ANY(u.path)`)
  }
  return placed
}

export interface PlacedTarget {
  org_unit_id: number
  org_unit_name: string
  municipality_id: number | null
  municipality_name: string | null
  target_id: string
  host: string
}

/** State of every site of the territory as the text of a JSON array; a site without a verdict yet has nulls. */
export function readSiteStates(db: ReadExecutor, view: SiteView): Promise<string> {
  return readRowsAsJson(
    db,
    sql`
    SELECT p.org_unit_id, p.org_unit_name, p.municipality_id, p.municipality_name, p.target_id, p.host,
           s.verdict, s.cause, ${instantText(sql`s.verdict_since`)} AS verdict_since,
           ${instantText(sql`s.last_checked_at`)} AS last_checked_at, coalesce(s.is_flapping, false) AS is_flapping,
           s.incident_id
      FROM ${placedTargets(db, view, 'site')} p
      LEFT JOIN ${statesAsKnown(view)} s ON s.org_unit_id = p.org_unit_id AND s.target_id = p.target_id
     ORDER BY p.org_unit_id, p.target_id`,
  )
}

/** Certificates of all sites as the text of a JSON array, the one that ends first on top. Sites without TLS have no row. */
export function readCertificates(db: ReadExecutor, view: SiteView): Promise<string> {
  const moment = view.known_at ?? new Date().toISOString()
  return readRowsAsJson(
    db,
    sql`
    SELECT p.org_unit_id, p.org_unit_name, p.municipality_id, p.municipality_name, p.target_id, p.host,
           ${instantText(sql`s.answered_at`)} AS seen_at, ${instantText(sql`s.certificate_not_after`)} AS not_after,
           floor(extract(epoch FROM s.certificate_not_after - ${moment}::timestamptz) / 86400)::int AS days_left,
           coalesce(s.certificate_valid, false) AS is_valid, coalesce(s.certificate->>'issuer', '') AS issuer,
           coalesce((s.certificate->>'name_matches')::boolean, false) AS name_matches,
           coalesce((s.certificate->>'chain_trusted')::boolean, false) AS chain_trusted,
           s.certificate->>'trust_store' AS trust_store
      FROM ${placedTargets(db, view, 'site')} p
      JOIN ${statesAsKnown(view)} s ON s.org_unit_id = p.org_unit_id AND s.target_id = p.target_id
     WHERE s.certificate_not_after IS NOT NULL
     ORDER BY s.certificate_not_after, p.org_unit_id`,
  )
}

/** Portals of the region with their state as the text of a JSON array. */
export function readPortals(db: ReadExecutor, view: SiteView): Promise<string> {
  return readRowsAsJson(
    db,
    sql`
    SELECT p.org_unit_id, p.target_id, p.url, p.host, s.title, s.verdict, s.cause, ${instantText(sql`s.verdict_since`)} AS verdict_since,
           ${instantText(sql`s.last_checked_at`)} AS last_checked_at, s.total_ms, s.incident_id
      FROM ${placedTargets(db, view, 'portal')} p
      LEFT JOIN ${statesAsKnown(view)} s ON s.org_unit_id = p.org_unit_id AND s.target_id = p.target_id
     ORDER BY p.host`,
  )
}
