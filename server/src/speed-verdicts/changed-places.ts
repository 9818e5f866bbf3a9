import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'

/** Stretch of what became known, and of days that began meanwhile: from neither first end, up to both last ones. */
export interface KnownStretch {
  after_change_set_no: number
  through_change_set_no: number
  after_day: string
  through_day: string
}

/** What verdicts have to be reached anew for. */
export interface ChangedPlaces {
  /** Months (`2026-09`) of each unit that gained or confirmed tests. */
  months: ReadonlyMap<number, readonly string[]>
  /** Units of which something else became known or began: verdicts of all their periods may differ. */
  units: ReadonlySet<number>
}

async function listTestedMonths(db: ReadExecutor, stretch: KnownStretch, time_zone: string) {
  const isFresh = sql`change_set_no > ${stretch.after_change_set_no} AND change_set_no <= ${stretch.through_change_set_no}`
  const { rows } = await sql<{ org_unit_id: number; month: string }>`
    SELECT DISTINCT org_unit_id, to_char(tested_at AT TIME ZONE ${time_zone}, 'YYYY-MM') AS month
      FROM (SELECT org_unit_id, tested_at FROM speed_test WHERE ${isFresh}
            UNION ALL SELECT org_unit_id, tested_at FROM speed_confirmation WHERE ${isFresh}) AS fresh`.execute(db)
  return Map.groupBy(rows, ({ org_unit_id }) => org_unit_id)
}

/** Units with facts besides tests that became known, were undone, or began or ended on one of the days. */
async function listTouchedUnits(db: ReadExecutor, stretch: KnownStretch): Promise<number[]> {
  const { after_change_set_no, through_change_set_no, after_day, through_day } = stretch
  const { rows } = await sql<{ org_unit_id: number }>`
    WITH undone AS (
      SELECT source_kind, source_id FROM source_void
       WHERE change_set_no > ${after_change_set_no} AND change_set_no <= ${through_change_set_no}
    ), fact AS (
      SELECT org_unit_id, change_set_no, source_kind, source_id, valid_from AS first_day, NULL::date AS last_day FROM org_unit_version
      UNION ALL SELECT org_unit_id, change_set_no, source_kind, source_id, valid_from, valid_to FROM connection_contract
      UNION ALL SELECT org_unit_id, change_set_no, source_kind, source_id, as_of_day, NULL FROM capacity_report
    )
    SELECT DISTINCT org_unit_id FROM fact
     WHERE (change_set_no > ${after_change_set_no} AND change_set_no <= ${through_change_set_no})
        OR (source_kind, source_id) IN (SELECT source_kind, source_id FROM undone)
        OR (first_day > ${after_day}::date AND first_day <= ${through_day}::date)
        OR (last_day >= ${after_day}::date AND last_day < ${through_day}::date)`.execute(db)
  return rows.map(({ org_unit_id }) => org_unit_id)
}

/** What changed in a stretch, of all units. */
export async function findChangedPlaces(
  db: ReadExecutor,
  stretch: KnownStretch,
  time_zone: string,
): Promise<ChangedPlaces> {
  const [tested, units] = await Promise.all([listTestedMonths(db, stretch, time_zone), listTouchedUnits(db, stretch)])
  const months = new Map([...tested].map(([org_unit_id, rows]) => [org_unit_id, rows.map(({ month }) => month)]))
  return { months, units: new Set(units) }
}
