import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { speedTestsAsKnown } from '../db/speed-tests-as-known.ts'
import { SpeedStates, type SpeedState, type StateTest } from './speed-state-row.ts'

interface StatesAsked {
  org_unit_ids: readonly number[]
  known_at_change_set_no: number
}

interface HeardHour {
  org_unit_id: number
  hour_at: Date
}

/**
 * Newest facts of each building as known after a change set, from the facts alone; buildings that were never heard of
 * have no state.
 */
export async function foldSpeedStates(db: ReadExecutor, asked: StatesAsked): Promise<SpeedState[]> {
  const { org_unit_ids, known_at_change_set_no } = asked
  const states = new SpeedStates()
  const findNewest = (condition: ReturnType<typeof sql>) =>
    sql<StateTest>`
    SELECT DISTINCT ON (org_unit_id) org_unit_id, tested_at, test_id, validity, cause, download_kbps, upload_kbps,
           min_rtt_us, agent_version
      FROM ${speedTestsAsKnown(known_at_change_set_no)} t
     WHERE org_unit_id = ANY(${org_unit_ids}::bigint[]) AND ${condition}
     ORDER BY org_unit_id, tested_at DESC, test_id DESC`.execute(db)
  for (const condition of [sql`true`, sql`validity = 'valid'`]) {
    const { rows } = await findNewest(condition)
    for (const row of rows) states.takeTest(row)
  }
  const { rows: hours } = await sql<HeardHour>`
    SELECT org_unit_id, max(hour_at) AS hour_at FROM agent_hour
     WHERE org_unit_id = ANY(${org_unit_ids}::bigint[]) AND change_set_no <= ${known_at_change_set_no} AND answered > 0
     GROUP BY org_unit_id`.execute(db)
  for (const hour of hours) states.takePings({ ...hour, answered: 1 })
  return states.list()
}
