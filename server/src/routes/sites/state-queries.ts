import { sql } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import { instantText, readRowsAsJson } from '../../db/json-rows.ts'
import { orgUnitsOn, targetsOn, TERRITORY_IDS, unitIdsEverWithin } from '../../db/registry-as-known.ts'
import { statesAsKnown, type SiteView } from './states-as-known.ts'

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
    WITH placed AS MATERIALIZED (${placedTargets(db, view, 'site')})
    SELECT p.org_unit_id, p.org_unit_name, p.municipality_id, p.municipality_name, p.target_id, p.host,
           s.verdict, s.cause, ${instantText(sql`s.verdict_since`)} AS verdict_since,
           ${instantText(sql`s.last_checked_at`)} AS last_checked_at, coalesce(s.is_flapping, false) AS is_flapping,
           s.incident_id
      FROM placed p
      LEFT JOIN ${statesAsKnown(view, sql`placed`)} s ON s.org_unit_id = p.org_unit_id AND s.target_id = p.target_id
     ORDER BY p.org_unit_id, p.target_id`,
  )
}

/** Certificates of all sites as the text of a JSON array, the one that ends first on top. Sites without TLS have no row. */
export function readCertificates(db: ReadExecutor, view: SiteView): Promise<string> {
  const moment = view.known_at ?? new Date().toISOString()
  return readRowsAsJson(
    db,
    sql`
    WITH placed AS MATERIALIZED (${placedTargets(db, view, 'site')})
    SELECT p.org_unit_id, p.org_unit_name, p.municipality_id, p.municipality_name, p.target_id, p.host,
           ${instantText(sql`s.answered_at`)} AS seen_at, ${instantText(sql`s.certificate_not_after`)} AS not_after,
           floor(extract(epoch FROM s.certificate_not_after - ${moment}::timestamptz) / 86400)::int AS days_left,
           s.certificate_valid AS is_valid, s.certificate->>'issuer' AS issuer,
           (s.certificate->>'name_matches')::boolean AS name_matches,
           (s.certificate->>'chain_trusted')::boolean AS chain_trusted,
           s.certificate->>'trust_store' AS trust_store
      FROM placed p
      JOIN ${statesAsKnown(view, sql`placed`)} s ON s.org_unit_id = p.org_unit_id AND s.target_id = p.target_id
     WHERE s.certificate IS NOT NULL AND s.certificate_valid IS NOT NULL
     ORDER BY s.certificate_not_after, p.org_unit_id`,
  )
}

/** Portals of the region with their state as the text of a JSON array. */
export function readPortals(db: ReadExecutor, view: SiteView): Promise<string> {
  return readRowsAsJson(
    db,
    sql`
    WITH placed AS MATERIALIZED (${placedTargets(db, view, 'portal')})
    SELECT p.org_unit_id, p.target_id, p.url, p.host, s.title, s.verdict, s.cause, ${instantText(sql`s.verdict_since`)} AS verdict_since,
           ${instantText(sql`s.last_checked_at`)} AS last_checked_at, s.total_ms, s.incident_id
      FROM placed p
      LEFT JOIN ${statesAsKnown(view, sql`placed`)} s ON s.org_unit_id = p.org_unit_id AND s.target_id = p.target_id
     ORDER BY p.host`,
  )
}
