import { sql } from 'kysely'
import type { SiteCause } from '../../contract/index.ts'
import { isVisible } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { orgUnitsOn, TERRITORY_IDS } from '../../db/registry-as-known.ts'
import type { IncidentScope } from '../../domain/incident-rules.ts'
import type { PlacedTarget } from './state-queries.ts'
import type { SiteView } from './states-as-known.ts'

const LIST_LIMIT = 500

export interface IncidentFilter {
  state?: 'open' | 'recent' | undefined
  incident_id?: number
  org_unit_id?: number
}

interface IncidentFacts {
  incident_id: number
  kind: string
  opened_at: Date
  occurred_at: Date
  scope: IncidentScope
  scope_key: string
  cause: SiteCause
  note: string | null
  sites_now: number
  sites_ever: number
  is_flapping: boolean
  org_unit_id: number | null
  org_unit_name: string | null
  municipality_name: string | null
  host: string | null
  scope_municipality: string | null
}

function stateOf(kind: string): 'open' | 'closed' | 'annulled' {
  return kind === 'closed' || kind === 'annulled' ? kind : 'open'
}

function toIncidentRow(facts: IncidentFacts, now: number) {
  const { kind, occurred_at, host, scope_municipality, ...row } = facts
  const state = stateOf(kind)
  const end = state === 'open' ? now : occurred_at.getTime()
  const scope_name = row.scope === 'site' ? host : row.scope === 'municipality' ? scope_municipality : row.scope_key
  return {
    ...row,
    state,
    scope_key: row.scope === 'site' ? (host ?? row.scope_key) : row.scope_key,
    scope_name,
    opened_at: row.opened_at.toISOString(),
    closed_at: state === 'open' ? null : occurred_at.toISOString(),
    duration_s: Math.max(0, Math.round((end - row.opened_at.getTime()) / 1000)),
  }
}

/** Incidents as they were known: open ones first, then the newest. At most 500. */
export async function listIncidents(db: ReadExecutor, view: SiteView, filter: IncidentFilter) {
  const known = view.known_at_change_set_no
  const territory = view.territory_id ?? null
  const moment = view.known_at ?? new Date().toISOString()
  const { rows } = await sql<IncidentFacts>`
    WITH last AS (
      SELECT DISTINCT ON (incident_id) * FROM incident_event WHERE change_set_no <= ${known}
       ORDER BY incident_id, event_no DESC
    ), chosen AS (
      SELECT i.incident_id, i.opened_at, l.kind, l.occurred_at, l.scope, l.scope_key, l.cause, l.note
        FROM incident i JOIN last l ON l.incident_id = i.incident_id
       WHERE (${filter.incident_id ?? null}::bigint IS NULL OR i.incident_id = ${filter.incident_id ?? null}::bigint)
         AND (l.kind NOT IN ('closed', 'annulled')
              OR ${filter.state ?? 'recent'} <> 'open' AND l.occurred_at > ${moment}::timestamptz - interval '30 days'
              OR ${filter.incident_id ?? null}::bigint IS NOT NULL)
    ), members AS (
      SELECT DISTINCT ON (m.incident_id, m.org_unit_id, m.target_id) m.*
        FROM incident_member m JOIN chosen c ON c.incident_id = m.incident_id
       WHERE m.change_set_no <= ${known} AND ${isVisible(view.scope, sql`m.org_unit_id`)}
       ORDER BY m.incident_id, m.org_unit_id, m.target_id, m.change_set_no DESC, m.occurred_at DESC
    ), counted AS (
      SELECT m.incident_id, count(*)::int AS sites_ever, count(*) FILTER (WHERE m.event = 'joined')::int AS sites_now,
             bool_or(coalesce(s.is_flapping, false)) AS is_flapping, min(m.org_unit_id) AS org_unit_id,
             min(t.host) AS host,
             bool_or(${territory}::bigint IS NULL OR ${territory}::bigint = ANY(u.path)) AS is_within,
             bool_or(m.org_unit_id = ${filter.org_unit_id ?? null}::bigint) AS has_unit
        FROM members m
        LEFT JOIN site_state s ON s.org_unit_id = m.org_unit_id AND s.target_id = m.target_id
        LEFT JOIN target t ON t.org_unit_id = m.org_unit_id AND t.target_id = m.target_id
        LEFT JOIN org_unit u ON u.org_unit_id = m.org_unit_id
       GROUP BY m.incident_id
    )
    SELECT c.*, n.sites_now, n.sites_ever, n.is_flapping,
           CASE WHEN c.scope = 'site' THEN n.org_unit_id END AS org_unit_id,
           CASE WHEN c.scope = 'site' THEN u.short_name END AS org_unit_name,
           CASE WHEN c.scope = 'site' THEN m.short_name END AS municipality_name,
           n.host, sm.short_name AS scope_municipality
      FROM chosen c
      JOIN counted n ON n.incident_id = c.incident_id AND n.is_within
      LEFT JOIN ${orgUnitsOn(db, view, sql`(SELECT org_unit_id FROM counted)`)} u ON u.org_unit_id = n.org_unit_id
      LEFT JOIN ${orgUnitsOn(db, view, TERRITORY_IDS)} m ON m.org_unit_id = u.municipality_id
      LEFT JOIN ${orgUnitsOn(db, view, TERRITORY_IDS)} sm ON c.scope = 'municipality' AND sm.org_unit_id::text = c.scope_key
     WHERE ${filter.org_unit_id ?? null}::bigint IS NULL OR n.has_unit
     ORDER BY c.kind IN ('closed', 'annulled'), n.sites_now DESC, c.opened_at DESC, c.incident_id DESC
     LIMIT ${LIST_LIMIT}`.execute(db)
  return rows.map((row) => toIncidentRow(row, Date.parse(moment)))
}

/** What happened to an incident, each time with the sites that were in it then, of those that the asker may see. */
export async function listIncidentEvents(db: ReadExecutor, view: SiteView, incident_id: number) {
  const lastWords = sql`
    SELECT DISTINCT ON (m.org_unit_id, m.target_id) m.event
      FROM incident_member m
     WHERE m.incident_id = e.incident_id AND m.change_set_no <= e.change_set_no
       AND ${isVisible(view.scope, sql`m.org_unit_id`)}
     ORDER BY m.org_unit_id, m.target_id, m.change_set_no DESC, m.occurred_at DESC, m.event = 'joined' DESC`
  const events = await db
    .selectFrom('incident_event as e')
    .where('e.incident_id', '=', incident_id)
    .where('e.change_set_no', '<=', view.known_at_change_set_no)
    .select(['e.event_no', 'e.kind', 'e.occurred_at', 'e.scope', 'e.scope_key', 'e.cause', 'e.note'])
    .select(sql<number>`(SELECT count(*)::int FROM (${lastWords}) last WHERE last.event = 'joined')`.as('sites'))
    .orderBy('e.event_no')
    .execute()
  return events.map((event) => ({ ...event, occurred_at: event.occurred_at.toISOString() }))
}

interface MemberFacts extends PlacedTarget {
  cause: SiteCause | null
  joined_at: Date
  left_at: Date | null
}

/** Sites that are or were in an incident, those still in it first. */
export async function listIncidentMembers(db: ReadExecutor, view: SiteView, incident_id: number) {
  const members = sql<number>`(SELECT org_unit_id FROM incident_member WHERE incident_id = ${incident_id})`
  const { rows } = await sql<MemberFacts>`
    SELECT u.org_unit_id, u.short_name AS org_unit_name, u.municipality_id, m.short_name AS municipality_name,
           t.target_id, t.host, g.cause, g.joined_at, g.left_at
      FROM (SELECT org_unit_id, target_id, min(occurred_at) FILTER (WHERE event = 'joined') AS joined_at,
                   (array_agg(CASE WHEN event <> 'joined' THEN occurred_at END
                              ORDER BY change_set_no DESC, event = 'joined' DESC))[1] AS left_at,
                   (array_agg(cause ORDER BY change_set_no DESC) FILTER (WHERE event = 'joined'))[1] AS cause
              FROM incident_member
             WHERE incident_id = ${incident_id} AND change_set_no <= ${view.known_at_change_set_no}
             GROUP BY org_unit_id, target_id) g
      JOIN target t ON t.org_unit_id = g.org_unit_id AND t.target_id = g.target_id
      JOIN ${orgUnitsOn(db, view, members)} u ON u.org_unit_id = g.org_unit_id
      LEFT JOIN ${orgUnitsOn(db, view, TERRITORY_IDS)} m ON m.org_unit_id = u.municipality_id
     ORDER BY g.left_at IS NOT NULL, m.short_name COLLATE "ru-x-icu", u.short_name COLLATE "ru-x-icu", t.target_id`.execute(
    db,
  )
  return rows.map((row) => ({
    ...row,
    joined_at: row.joined_at.toISOString(),
    left_at: row.left_at?.toISOString() ?? null,
  }))
}
