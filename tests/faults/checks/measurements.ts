import { sql } from 'kysely'
import type { ReadExecutor } from '../../../server/src/db/executor.ts'
import { summarise, type Pledge } from './pledge.ts'

/** Every acknowledged measurement is stored, and none twice. */
export async function checkMeasurements(db: ReadExecutor, pledge: Pledge): Promise<string[]> {
  const { rows } = await sql<{ check_id: string; times: number }>`
    SELECT check_id, count(*)::int AS times FROM site_check GROUP BY check_id`.execute(db)
  const stored = new Map(rows.map((row) => [row.check_id, row.times]))
  return [
    ...summarise(
      'measurements lost',
      pledge.measurements.filter((id) => !stored.has(id)),
    ),
    ...summarise(
      'measurements doubled',
      rows.filter(({ times }) => times > 1).map(({ check_id }) => check_id),
    ),
  ]
}
