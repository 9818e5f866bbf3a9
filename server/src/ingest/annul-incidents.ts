import { sql } from 'kysely'
import type { SiteCheck } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { appendIncidentEvents, type IncidentEvent } from './incident-events.ts'

/** An incident that opened this shortly before our link was seen down is in doubt. */
const DOUBT_S = 180
const NOTE = 'Канал точки наблюдения не работал, когда инцидент был открыт'

type Doubtful = Pick<IncidentEvent, 'incident_id' | 'scope' | 'scope_key' | 'cause'>

/** Fresh incidents that rest on the words of these vantages alone. */
async function findDoubtful(tx: WriteExecutor, vantages: readonly string[]): Promise<Doubtful[]> {
  const { rows } = await sql<Doubtful>`
    WITH doubtful AS (
      SELECT s.incident_id
        FROM site_state s
        JOIN incident i ON i.incident_id = s.incident_id
        JOIN change_set c ON c.change_set_no = i.change_set_no
        JOIN site_verdict v ON v.org_unit_id = s.org_unit_id AND v.target_id = s.target_id AND v.round_no = s.last_round_no
       WHERE c.recorded_at > clock_timestamp() - make_interval(secs => ${DOUBT_S})
       GROUP BY s.incident_id HAVING bool_and(v.vantages <@ ${vantages}::text[])
    )
    SELECT DISTINCT ON (e.incident_id) e.incident_id, e.scope, e.scope_key, e.cause
      FROM incident_event e JOIN doubtful d ON d.incident_id = e.incident_id
     ORDER BY e.incident_id, e.event_no DESC`.execute(tx)
  return rows
}

/**
 * Takes back incidents that opened just before a vantage was seen without its link and that only it has witnessed.
 * They open again when a later round, with the link up, fails too.
 */
export async function annulDoubtful(
  tx: WriteExecutor,
  checks: readonly Pick<SiteCheck, 'own_link'>[],
  at: { vantage: string; now: number; change_set_no: number },
): Promise<void> {
  if (!checks.some((check) => check.own_link === 'down')) return
  const doubtful = await findDoubtful(tx, [at.vantage])
  if (doubtful.length === 0) return
  const ids = doubtful.map((incident) => incident.incident_id)
  await sql`
    INSERT INTO incident_member (org_unit_id, incident_id, target_id, event, occurred_at, cause, change_set_no)
    SELECT org_unit_id, incident_id, target_id, 'left', ${new Date(at.now)}, cause, ${at.change_set_no}::bigint
      FROM site_state WHERE incident_id = ANY(${ids}::bigint[])`.execute(tx)
  await tx.updateTable('site_state').set({ incident_id: null }).where('incident_id', 'in', ids).execute()
  const events = doubtful.map((row): IncidentEvent => ({ ...row, kind: 'annulled', occurred_at: at.now, note: NOTE }))
  await appendIncidentEvents(tx, events, at.change_set_no)
}
