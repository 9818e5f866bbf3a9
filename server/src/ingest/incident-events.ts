import { sql } from 'kysely'
import type { SiteCause } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import type { IncidentScope } from '../domain/incident-rules.ts'

/** One thing that happened to an incident; it gets its number and its count of targets when it is written. */
export interface IncidentEvent {
  incident_id: number
  kind: 'opened' | 'widened' | 'closed' | 're_attributed' | 'annulled'
  scope: IncidentScope
  scope_key: string
  cause: SiteCause
  /** Milliseconds since the epoch. */
  occurred_at: number
  note: string | null
}

const MERGED_NOTE = 'Объединён с инцидентом, у которого общая причина'

/** Appends events, each with the number of targets that are in its incident now. */
export async function appendIncidentEvents(
  tx: WriteExecutor,
  events: readonly IncidentEvent[],
  change_set_no: number,
): Promise<void> {
  if (events.length === 0) return
  const ids = events.map((event) => event.incident_id)
  const values = events.map((event) => ({ ...event, occurred_at: new Date(event.occurred_at).toISOString() }))
  await sql`
    INSERT INTO incident_event (incident_id, event_no, kind, occurred_at, scope, scope_key, cause, target_count, note, change_set_no)
    SELECT e.incident_id, coalesce(n.event_no, 0) + row_number() OVER (PARTITION BY e.incident_id ORDER BY e.place),
           e.kind, e.occurred_at, e.scope, e.scope_key, e.cause, coalesce(m.members, 0), e.note, ${change_set_no}::bigint
      FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS (incident_id bigint, kind text,
             occurred_at timestamptz, scope text, scope_key text, cause text, note text))
           WITH ORDINALITY AS e (incident_id, kind, occurred_at, scope, scope_key, cause, note, place)
      LEFT JOIN (SELECT incident_id, max(event_no) AS event_no FROM incident_event
                  WHERE incident_id = ANY(${ids}::bigint[]) GROUP BY incident_id) n
        ON n.incident_id = e.incident_id
      LEFT JOIN (SELECT incident_id, count(*)::int AS members FROM site_state WHERE incident_id = ANY(${ids}::bigint[])
                  GROUP BY incident_id) m
        ON m.incident_id = e.incident_id`.execute(tx)
}

/** Closes those of the incidents that have no target left: by recovery, or because all moved to another one. */
export async function closeEmptyIncidents(
  tx: WriteExecutor,
  left: { recovered: readonly number[]; merged: readonly number[] },
  at: { now: number; change_set_no: number },
): Promise<void> {
  const ids = [...new Set([...left.recovered, ...left.merged])]
  if (ids.length === 0) return
  const { rows } = await sql<Pick<IncidentEvent, 'incident_id' | 'scope' | 'scope_key' | 'cause'>>`
    SELECT DISTINCT ON (e.incident_id) e.incident_id, e.scope, e.scope_key, e.cause
      FROM incident_event e
      LEFT JOIN (SELECT DISTINCT incident_id FROM site_state WHERE incident_id = ANY(${ids}::bigint[])) s
        ON s.incident_id = e.incident_id
     WHERE e.incident_id = ANY(${ids}::bigint[]) AND s.incident_id IS NULL
     ORDER BY e.incident_id, e.event_no DESC`.execute(tx)
  const merged = new Set(left.merged)
  const events = rows.map((row): IncidentEvent => ({
    ...row,
    kind: 'closed',
    occurred_at: at.now,
    note: merged.has(row.incident_id) ? MERGED_NOTE : null,
  }))
  await appendIncidentEvents(tx, events, at.change_set_no)
}
