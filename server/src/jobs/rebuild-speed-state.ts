import { sql } from 'kysely'
import type { WriteExecutor } from '../db/executor.ts'
import { foldSpeedStates } from '../ingest-speed/fold-speed-states.ts'
import { upsertSpeedStates } from '../ingest-speed/speed-state-row.ts'

/**
 * Writes the newest of every building anew from the facts. Runs under a change set that its caller opened, so that no
 * batch comes in between.
 * @returns how many states there are
 */
export async function rebuildSpeedStates(tx: WriteExecutor, change_set_no: number): Promise<number> {
  const { rows } = await sql<{ org_unit_id: number }>`
    SELECT org_unit_id FROM speed_state UNION SELECT org_unit_id FROM speed_hour UNION SELECT org_unit_id FROM agent_hour
     ORDER BY org_unit_id`.execute(tx)
  const ids = rows.map(({ org_unit_id }) => org_unit_id)
  const states = await foldSpeedStates(tx, { org_unit_ids: ids, known_at_change_set_no: change_set_no })
  await tx.deleteFrom('speed_state').execute()
  await upsertSpeedStates(tx, states, change_set_no)
  return states.length
}
